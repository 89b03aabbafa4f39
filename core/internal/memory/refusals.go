package memory

import (
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// refusalFor is how long Stytch's refusal of a credential is remembered: long enough that a dead
// token in a loop costs next to nothing, short enough to outlive no replication lag of Stytch's.
const refusalFor = time.Minute

// Refusals remember the credentials that Stytch refused, apart from all else, so that they cannot push
// sessions out. Safe for concurrent use.
type Refusals struct {
	clock clock.Clock
	cache *otter.Cache[[16]byte, refused]
}

type refused struct {
	failure *stytch.Failure
	at      time.Time
}

// NewRefusals remembers at most so many.
func NewRefusals(c clock.Clock, atMost int) *Refusals {
	return &Refusals{clock: c, cache: newCache[[16]byte, refused](atMost)}
}

// Of is the remembered refusal of a credential; nil for none.
func (r *Refusals) Of(cred stytch.Credential) *stytch.Failure {
	known, ok := r.cache.GetIfPresent(digest(cred))
	if !ok || r.clock.Now().Sub(known.at) >= refusalFor {
		return nil
	}
	return known.failure
}

// Add remembers a refusal.
func (r *Refusals) Add(cred stytch.Credential, failure *stytch.Failure) {
	r.cache.Set(digest(cred), refused{failure: failure, at: r.clock.Now()})
}

// Size is how many are remembered, about.
func (r *Refusals) Size() int { return r.cache.EstimatedSize() }

// CleanUp makes the memory keep to its bound now.
func (r *Refusals) CleanUp() { r.cache.CleanUp() }
