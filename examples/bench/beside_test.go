package bench_test

import (
	"fmt"
	"testing"
	"time"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
	stytchotel "github.com/stytchkit/stytchkit/otel"
)

// BenchmarkBeside is [stytchkit.Guard.Check] of a JWT that is remembered, with something beside it and
// without.
func BenchmarkBeside(b *testing.B) {
	for _, row := range []struct {
		name string
		with func(*testing.B, *stytchkit.Config)
		busy int // events a second
	}{
		{"nothing", func(*testing.B, *stytchkit.Config) {}, 0}, // how far the measurement itself is off
		{"idle-bus", func(_ *testing.B, c *stytchkit.Config) { c.Replicas = stytchtest.NewBus() }, 0},
		{"busy-bus", func(_ *testing.B, c *stytchkit.Config) { c.Replicas = stytchtest.NewBus() }, 1000},
		{"telemetry", observed, 0},
	} {
		b.Run(row.name, func(b *testing.B) {
			const checks = 10_000 // a busy bus says something in each turn
			s := signIn(b)
			r := newRequest(bearer(s.session.JWT()))
			var bus stytchkit.Bus
			auth := s.kitWith(b, func(c *stytchkit.Config) { row.with(b, c); bus = c.Replicas })
			checkedBy := func(guard *stytchkit.Guard) func() {
				return func() {
					if d := guard.Check(b.Context(), r); d.Session.MemberID() != s.id {
						b.Fatalf("the session is %v and the denial %v, want one of %s", d.Session, d.Denial, s.id)
					}
				}
			}
			if row.busy > 0 {
				s.tells(b, bus.(*stytchtest.Bus).Another(), row.busy)
			}
			began, heard := time.Now(), auth.Health().Replicas.Received
			inTurns(b, checks, checkedBy(auth.Require()), checkedBy(s.kitWith(b, func(*stytchkit.Config) {}).Require()))
			b.ReportMetric(float64(auth.Health().Replicas.Received-heard)/time.Since(began).Seconds(), "events/s")
		})
	}
}

func observed(b *testing.B, c *stytchkit.Config) {
	observer, err := stytchotel.New(stytchotel.Config{
		MeterProvider:  sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader())),
		TracerProvider: sdktrace.NewTracerProvider(),
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = observer.Close() })
	c.Observer = observer
}

// tells lets another replica announce that sessions have ended, until the benchmark is over.
func (s *signedIn) tells(b *testing.B, bus stytchkit.Bus, perSecond int) {
	b.Helper()
	other := s.kitWith(b, func(c *stytchkit.Config) { c.Replicas = bus })
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	over, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-tick.C:
				other.Announce(stytchkit.SessionEnded(fmt.Sprintf("member-session-test-%08d", i)))
			case <-over:
				return
			}
		}
	}()
	b.Cleanup(func() { tick.Stop(); close(over); <-done })
}
