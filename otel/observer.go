// Package stytchotel tells OpenTelemetry what an Authenticator does: metrics of decisions, calls and what
// is held, and a span for each call to Stytch.
package stytchotel

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// scope is the name of the instrumentation.
const scope = "github.com/stytchkit/stytchkit/otel"

// Config says where to. The zero value is OpenTelemetry's global providers.
type Config struct {
	MeterProvider  metric.MeterProvider // Default: otel.GetMeterProvider()
	TracerProvider trace.TracerProvider // Default: otel.GetTracerProvider()
}

// Observer is a stytchkit.Config.Observer, of one Authenticator. It is safe for concurrent use, and a
// decision costs it no allocation.
type Observer struct {
	decisions decisions
	calls     metric.Float64Histogram
	delays    metric.Float64Histogram
	tracer    trace.Tracer
	gauges    gauges
	auth      atomic.Pointer[stytchkit.Authenticator]
	callback  metric.Registration
}

var (
	_ stytchkit.Tracer   = (*Observer)(nil)
	_ stytchkit.Starter  = (*Observer)(nil)
	_ stytchkit.Listener = (*Observer)(nil)
)

// New makes the instruments; it fails where a provider refuses one.
func New(cfg Config) (*Observer, error) {
	if cfg.MeterProvider == nil {
		cfg.MeterProvider = otel.GetMeterProvider()
	}
	if cfg.TracerProvider == nil {
		cfg.TracerProvider = otel.GetTracerProvider()
	}
	meter := cfg.MeterProvider.Meter(scope)
	o := &Observer{tracer: cfg.TracerProvider.Tracer(scope)}
	var wrong [4]error
	o.calls, wrong[0] = newCalls(meter)
	o.decisions.counter, wrong[1] = newCounter(meter)
	o.gauges, wrong[2] = newGauges(meter)
	o.delays, wrong[3] = newDelays(meter)
	if err := errors.Join(wrong[:]...); err != nil {
		return nil, fmt.Errorf("stytchotel: an instrument cannot be made: %w", err)
	}
	var err error
	if o.callback, err = meter.RegisterCallback(o.observe, append(o.gauges.all(), o.decisions.counter)...); err != nil {
		return nil, fmt.Errorf("stytchotel: the instruments cannot be read: %w", err)
	}
	return o, nil
}

// Close ends what the meter reads of the Authenticator, which it keeps alive until then.
func (o *Observer) Close() error { return o.callback.Unregister() }

// Started implements [stytchkit.Starter].
func (o *Observer) Started(a *stytchkit.Authenticator) {
	if !o.auth.CompareAndSwap(nil, a) {
		otel.Handle(errors.New("stytchotel: an Observer is of one Authenticator, and this one has another already (make one for each, with a MeterProvider of its own)"))
	}
}

// Decided implements [stytchkit.Observer].
func (o *Observer) Decided(_ context.Context, made stytchkit.DecisionMade) { o.decisions.count(made) }

// BreakerChanged implements [stytchkit.Observer]. The gauge of breakers is read from the Authenticator's Health.
func (o *Observer) BreakerChanged(stytchkit.BreakerChange) {}

// EventHeard implements [stytchkit.Listener].
func (o *Observer) EventHeard(e stytchkit.EventHeard) {
	o.delays.Record(context.Background(), e.Delay.Seconds(), metric.WithAttributes(attribute.String("stytchkit.kind", e.Kind)))
}

func newDelays(meter metric.Meter) (metric.Float64Histogram, error) {
	return meter.Float64Histogram("stytchkit.replica.delay", metric.WithUnit("s"),
		metric.WithDescription("Since an event happened at another replica until it is heard of here"),
		metric.WithExplicitBucketBoundaries(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60))
}

// observe is asked by the meter, each time that metrics are read.
func (o *Observer) observe(_ context.Context, to metric.Observer) error {
	o.decisions.observe(to)
	if auth := o.auth.Load(); auth != nil {
		o.gauges.observe(to, auth.Health())
	}
	return nil
}
