package stytchtest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Clock is a time that stands still until it is told to move. It is a stytchkit.Clock, so one Clock
// can serve the server ([Options].Clock) and the application under test. Safe for concurrent use.
type Clock struct {
	mu      sync.Mutex
	now     time.Time
	timers  []timer
	pending gauge
}

type timer struct {
	at   time.Time
	fire chan time.Time
}

// NewClock returns a clock that shows t.
func NewClock(t time.Time) *Clock {
	// Without its monotonic reading, t compares as what it shows.
	return &Clock{now: t.Round(0)}
}

// Now is the time the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock by d and fires the timers that it passes.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(c.now.Add(d))
}

// Set moves the clock to t, forward or back, and fires the timers that are due by then.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(t.Round(0))
}

// After sends the time once the clock has moved by d; at once when d is not positive.
func (c *Clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := timer{at: c.now.Add(d), fire: make(chan time.Time, 1)}
	c.timers = append(c.timers, t)
	c.set(c.now)
	return t.fire
}

// BlockUntil returns once n timers of After are pending, so that a test advances the clock only
// when the code under test waits for it. A timer nobody waits for any more still counts until it
// fires. The error is the context's.
func (c *Clock) BlockUntil(ctx context.Context, n int) error {
	return c.pending.await(ctx, n)
}

// set expects mu to be held.
func (c *Clock) set(t time.Time) {
	c.now = t
	c.timers = slices.DeleteFunc(c.timers, func(w timer) bool {
		due := !w.at.After(t)
		if due {
			w.fire <- t
		}
		return due
	})
	c.pending.set(len(c.timers))
}

// timeSource is what the server asks of a clock.
type timeSource interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

var (
	_ timeSource = (*Clock)(nil)
	_ timeSource = systemClock{}
)

type systemClock struct{}

func (systemClock) Now() time.Time                         { return time.Now() }
func (systemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }
