package stytchtest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestTimersFireWhenTheClockPassesThem(t *testing.T) {
	for _, row := range []struct {
		name string
		wait time.Duration
		move func(*stytchtest.Clock)
		want bool
	}{
		{"not before", time.Minute, func(c *stytchtest.Clock) { c.Advance(time.Minute - time.Nanosecond) }, false},
		{"on time", time.Minute, func(c *stytchtest.Clock) { c.Advance(time.Minute) }, true},
		{"in steps", time.Minute, func(c *stytchtest.Clock) { c.Advance(time.Second); c.Advance(time.Hour) }, true},
		{"when the clock is set", time.Minute, func(c *stytchtest.Clock) { c.Set(noon().Add(time.Minute)) }, true},
		{"not when it is set back", time.Minute, func(c *stytchtest.Clock) { c.Set(noon().Add(-time.Hour)) }, false},
		{"at once when there is nothing to wait for", 0, func(*stytchtest.Clock) {}, true},
		{"at once when it is past", -time.Second, func(*stytchtest.Clock) {}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			clock := stytchtest.NewClock(noon())
			timer := clock.After(row.wait)
			row.move(clock)
			select {
			case at := <-timer:
				if !row.want || !at.Equal(clock.Now()) {
					t.Errorf("fired with %v, the clock shows %v", at, clock.Now())
				}
			default:
				if row.want {
					t.Errorf("not fired at %v", clock.Now())
				}
			}
		})
	}
}

func TestBlockUntilWaitsForTimers(t *testing.T) {
	clock := stytchtest.NewClock(noon())
	fired := make(chan time.Time)
	go func() { fired <- <-clock.After(time.Minute) }()
	if err := clock.BlockUntil(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Minute)
	if at := <-fired; !at.Equal(noon().Add(time.Minute)) {
		t.Errorf("fired with %v", at)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := clock.BlockUntil(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestNowHasNoMonotonicReading(t *testing.T) {
	now := time.Now()
	if got := stytchtest.NewClock(now).Now(); got != now.Round(0) {
		t.Errorf("the clock shows %v", got)
	}
}
