package stytchkit_test

import (
	"testing"
	"testing/synctest"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

func TestTheSystemsClockTellsTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := stytchkit.NewSystemClock()
		for _, wait := range []time.Duration{0, 0, time.Millisecond, 99 * time.Millisecond, 100 * time.Millisecond, time.Hour} {
			<-clock.After(wait) // in the bubble: at once
			if now := clock.Now(); !now.Equal(time.Now()) {
				t.Errorf("%v later it says %v, want %v", wait, now, time.Now())
			}
		}
	})
}
