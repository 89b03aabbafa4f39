// Package endings remembers which sessions are over, and sees to it that they end at Stytch too.
package endings

import (
	"crypto/sha256"
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

// With is what is known by both.
func (e Ending) With(other Ending) Ending {
	return Ending{Over: e.Over || other.Over, Here: e.Here || other.Here}
}

// Key names what is known of: a session, an opaque token, a member or user, or an organization. They are
// never each other's.
type Key struct {
	kind kind
	id   string
}

type kind uint8

const (
	session kind = iota
	token
	subject
	organization
)

// Session names the session with this ID.
func Session(id string) Key { return Key{session, id} }

// Token names an opaque token, by a digest of one size.
func Token(value string) Key {
	sum := sha256.Sum256([]byte(value))
	return Digest(string(sum[:16]))
}

// Digest names the opaque token that has this digest.
func Digest(digest string) Key { return Key{token, digest} }

// Subject names the member or user with this ID.
func Subject(id string) Key { return Key{subject, id} }

// Organization names the organization with this ID.
func Organization(id string) Key { return Key{organization, id} }

// IsNone reports whether the key names nothing.
func (k Key) IsNone() bool { return k.id == "" }

// Endings remembers what is over, so that its JWTs are refused before they expire. Bounded: the
// oldest goes first, and JWTs older than it are then no proof. Safe for concurrent use.
type Endings struct {
	clock   clock.Clock
	atMost  int
	changed func(Key) // hears what is over

	mu    sync.RWMutex
	of    map[Key]endingAt
	order []endingOf // oldest first
	floor time.Time  // of the endings that were forgotten for want of room, the latest

	forgotten time.Time // of all that were forgotten, the latest
}

type endingAt struct {
	Ending
	at time.Time
}

type endingOf struct {
	key Key
	at  time.Time
}

// New remembers at most so many; changed hears what is over.
func New(clock clock.Clock, atMost int, changed func(Key)) *Endings {
	return &Endings{clock: clock, atMost: atMost, changed: changed, of: map[Key]endingAt{}}
}

// Add remembers what is over. What is known already is kept.
func (e *Endings) Add(key Key, how Ending) {
	if key.IsNone() {
		return
	}
	now := e.clock.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	known := e.of[key].Ending
	how = how.With(known)
	if how == known {
		return
	}
	e.forget(now)
	e.of[key] = endingAt{Ending: how, at: now}
	e.order = append(e.order, endingOf{key: key, at: now})
	if how.Over {
		e.changed(key)
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
		if oldest.at.After(e.forgotten) {
			e.forgotten = oldest.at
		}
		e.order = e.order[1:]
		if e.of[oldest.key].at.Equal(oldest.at) {
			delete(e.of, oldest.key)
		}
	}
}

// Of is what is known of it.
func (e *Endings) Of(key Key) Ending {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.of[key].Ending
}

// Proves reports whether what vouches for a session since this time can prove that it lives: not when
// an ending that may have been its session's has been forgotten for want of room. apart is how far the
// clock of who vouched and this one may be apart.
func (e *Endings) Proves(vouchedAt time.Time, apart time.Duration) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.floor.IsZero() || vouchedAt.Add(-apart).After(e.floor)
}

// ProvesAnswer is [Endings.Proves] for an answer, which was vouched for by this clock, and may be used for
// longer than any ending is remembered.
func (e *Endings) ProvesAnswer(vouchedAt time.Time) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return vouchedAt.After(e.forgotten)
}

// Size is how many endings are remembered.
func (e *Endings) Size() int {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return len(e.of)
}
