package stytchkit

import (
	"sync/atomic"
	"time"
)

// Clock tells the time. Tests set one to move time instead of sleeping; see stytchtest.Clock.
// It must be safe for concurrent use.
type Clock interface {
	// Now is the current time.
	Now() time.Time
	// After sends once d has passed.
	After(d time.Duration) <-chan time.Time
}

// systemClock is the system's. Its wall clock is read once in a while: the monotonic one, which tells
// the time since, costs half, and there is a reading in every request.
type systemClock struct{ read atomic.Pointer[time.Time] }

var _ Clock = (*systemClock)(nil)

// wallFor bounds how long a step of the wall clock, or a suspended machine, goes unnoticed.
const wallFor = 100 * time.Millisecond

// Now is the current time.
func (c *systemClock) Now() time.Time {
	if read := c.read.Load(); read != nil {
		if since := time.Since(*read); since < wallFor {
			return read.Add(since)
		}
	}
	now := time.Now()
	c.read.Store(&now)
	return now
}

// After sends once d has passed.
func (*systemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }
