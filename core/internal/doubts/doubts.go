// Package doubts remembers of whom something has changed at Stytch: what vouched for their sessions before
// does not tell any more.
package doubts

import (
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/session"
)

// keptFor is how long a doubt is remembered: well past the life of a JWT. Answers older than a doubt that
// was forgotten are doubted.
const keptFor = time.Hour

// Doubt is what what is known of a session is still good for.
type Doubt uint8

// The doubts.
const (
	None Doubt = iota
	Soft       // it is served while Stytch is asked again
	Hard       // it proves nothing until Stytch has been asked
)

// Doubts are about sessions, members, users and organizations. Bounded: the oldest goes first, and what is
// older than it is then doubted. Safe for concurrent use.
type Doubts struct {
	clock  clock.Clock
	atMost int
	apart  time.Duration

	mu         sync.RWMutex
	hard, soft marks
}

// New remembers at most so many of each kind. apart is how far Stytch's clock and this one may be apart.
func New(clock clock.Clock, atMost int, apart time.Duration) *Doubts {
	return &Doubts{clock: clock, atMost: atMost, apart: apart, hard: newMarks(), soft: newMarks()}
}

// Add doubts what vouched for whom key names before a time, which is not taken to be after now. One that is
// known, or older than what is known, is no news.
func (d *Doubts) Add(key endings.Key, how Doubt, at time.Time) (news bool) {
	if key.IsNone() || how == None {
		return false
	}
	now := d.clock.Now()
	if at.After(now) {
		at = now
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.marks(how).add(key, mark{at: at, heard: now}, d.atMost)
}

// keysOf names all whose change concerns a session.
func keysOf(f *session.Facts) [3]endings.Key {
	return [...]endings.Key{endings.Session(f.ID), endings.Subject(f.Subject), endings.Organization(f.OrganizationID)}
}

func (d *Doubts) marks(how Doubt) *marks {
	if how == Hard {
		return &d.hard
	}
	return &d.soft
}

// Of is how far what vouches for a session is in doubt.
func (d *Doubts) Of(f *session.Facts) Doubt {
	keys := keysOf(f)
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, how := range []Doubt{Hard, Soft} {
		if m := d.marks(how); m.isOlder(m.latest(keys[:]), f, d.apart) {
			return how
		}
	}
	return None
}

// Concerns reports whether anything of whom a session is has been in doubt.
func (d *Doubts) Concerns(f *session.Facts) bool {
	keys := keysOf(f)
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.hard.latest(keys[:]) != (mark{}) || d.soft.latest(keys[:]) != (mark{})
}

// Since is when a doubt about what key names was last heard of, of either kind; zero for never.
func (d *Doubts) Since(key endings.Key) (hard, soft time.Time) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.hard.latest([]endings.Key{key}).heard, d.soft.latest([]endings.Key{key}).heard
}

// Size is how many doubts are remembered.
func (d *Doubts) Size() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.hard.of) + len(d.soft.of)
}
