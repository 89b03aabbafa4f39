// Package clock tells the time.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock tells the time. It is what the root's Clock is.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

// System is the system's clock. Its wall clock is read once in a while: the monotonic one, which
// tells the time since, costs half, and there is a reading in every request. The zero value is ready.
// It is safe for concurrent use.
type System struct{ read atomic.Pointer[time.Time] }

var _ Clock = (*System)(nil)

// wallFor bounds how long a step of the wall clock, or a suspended machine, goes unnoticed.
const wallFor = 100 * time.Millisecond

// Now is the current time.
func (c *System) Now() time.Time {
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
func (*System) After(d time.Duration) <-chan time.Time { return time.After(d) }
