package stytchkit

import (
	"sync"
	"time"
)

// endedFor is how long the end of a session is remembered: well past the life of its last JWT, and
// as long as a revocation is retried.
const endedFor = time.Hour

// ending says what is known of a session, or of an opaque token, that is over or not this browser's.
type ending struct {
	over bool // its credentials are refused
	here bool // replaced or ended by this process, which wrote the cookies then: they are not touched again
}

// endings remembers what is over, so that its JWTs are refused before they expire. Bounded: the
// oldest goes first, and JWTs older than it are then no proof. Safe for concurrent use.
type endings struct {
	clock   Clock
	atMost  int
	changed func() // hears that something is over

	mu    sync.RWMutex
	byID  map[string]endingAt
	order []endingOf // oldest first
	floor time.Time
}

type endingAt struct {
	ending
	at time.Time
}

type endingOf struct {
	id string
	at time.Time
}

func newEndings(clock Clock, atMost int) *endings {
	return &endings{clock: clock, atMost: atMost, changed: func() {}, byID: map[string]endingAt{}}
}

// add remembers what is over, by session ID or opaque token. What is known already is kept.
func (e *endings) add(id string, how ending) {
	if id == "" {
		return
	}
	now := e.clock.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	known := e.byID[id].ending
	how = ending{over: how.over || known.over, here: how.here || known.here}
	if how == known {
		return
	}
	e.forget(now)
	e.byID[id] = endingAt{ending: how, at: now}
	e.order = append(e.order, endingOf{id: id, at: now})
	if how.over {
		e.changed()
	}
}

// forget drops what is too old, and the oldest when there is no room; the caller holds the lock.
func (e *endings) forget(now time.Time) {
	for len(e.order) > 0 {
		oldest := e.order[0]
		expired := now.Sub(oldest.at) > endedFor
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

// of is what is known of a session ID or opaque token.
func (e *endings) of(id string) ending {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.byID[id].ending
}

// proves reports whether a JWT vouched for at this time can prove that its session lives: not
// when an ending that may have been its session's has been forgotten for want of room.
func (e *endings) proves(vouchedAt time.Time) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return vouchedAt.After(e.floor)
}
