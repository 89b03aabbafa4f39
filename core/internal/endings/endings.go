// Package Endings remembers which sessions are over, and sees to it that they end at Stytch too.
package endings

import (
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
)

// keptFor is how long the end of a session is remembered: well past the life of its last JWT, and
// as long as a revocation is retried.
const keptFor = time.Hour

// Ending says what is known of a session, or of an opaque token, that is over or not this browser's.
type Ending struct {
	Over bool // its credentials are refused
	Here bool // replaced or ended by this process, which wrote the cookies then: they are not touched again
}

// Endings remembers what is over, so that its JWTs are refused before they expire. Bounded: the
// oldest goes first, and JWTs older than it are then no proof. Safe for concurrent use.
type Endings struct {
	clock   clock.Clock
	atMost  int
	changed func() // hears that something is over

	mu    sync.RWMutex
	byID  map[string]endingAt
	order []endingOf // oldest first
	floor time.Time
}

type endingAt struct {
	Ending
	at time.Time
}

type endingOf struct {
	id string
	at time.Time
}

// New remembers at most so many; changed hears that something is over.
func New(clock clock.Clock, atMost int, changed func()) *Endings {
	return &Endings{clock: clock, atMost: atMost, changed: changed, byID: map[string]endingAt{}}
}

// Add remembers what is over, by session ID or opaque token. What is known already is kept.
func (e *Endings) Add(id string, how Ending) {
	if id == "" {
		return
	}
	now := e.clock.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	known := e.byID[id].Ending
	how = Ending{Over: how.Over || known.Over, Here: how.Here || known.Here}
	if how == known {
		return
	}
	e.forget(now)
	e.byID[id] = endingAt{Ending: how, at: now}
	e.order = append(e.order, endingOf{id: id, at: now})
	if how.Over {
		e.changed()
	}
}

// forget drops what is too old, and the oldest when there is no room; the caller holds the lock.
func (e *Endings) forget(now time.Time) {
	for len(e.order) > 0 {
		oldest := e.order[0]
		expired := now.Sub(oldest.at) > keptFor
		if !expired && len(e.order) < e.atMost {
			return
		}
		if !expired && oldest.at.After(e.floor) {
			e.floor = oldest.at
		}
		e.order = e.order[1:]
		if e.byID[oldest.id].at.Equal(oldest.at) {
			delete(e.byID, oldest.id)
		}
	}
}

// Of is what is known of a session ID or opaque token.
func (e *Endings) Of(id string) Ending {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.byID[id].Ending
}

// Proves reports whether a JWT vouched for at this time can prove that its session lives: not
// when an ending that may have been its session's has been forgotten for want of room.
func (e *Endings) Proves(vouchedAt time.Time) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return vouchedAt.After(e.floor)
}

// Size is how many endings are remembered.
func (e *Endings) Size() int {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return len(e.byID)
}
