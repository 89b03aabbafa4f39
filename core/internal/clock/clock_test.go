package clock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
)

func TestTheSystemsClockTellsTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var system clock.System
		for _, wait := range []time.Duration{0, 0, time.Millisecond, 99 * time.Millisecond, 100 * time.Millisecond, time.Hour} {
			<-system.After(wait) // in the bubble: at once
			if now := system.Now(); !now.Equal(time.Now()) {
				t.Errorf("%v later it says %v, want %v", wait, now, time.Now())
			}
		}
	})
}
