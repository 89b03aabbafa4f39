package signin

import (
	"errors"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// How often a secret may be tried for somebody before Stytch is asked at all, and so before Stytch locks
// them out: by one client, and by all clients together so much more that no stranger can keep them out.
const (
	triesAtOnce   = 5
	tryAgainAfter = time.Minute // one more
	strangers     = 20
	// How many tries a second are counted, shared fairly between clients: more than those are refused, so that
	// memory is bounded while nothing is forgotten.
	maxCounted  = 100
	countedOnce = 500
	counting    = 1 << 12 // clients that have a share of their own
)

var (
	errBounded = errors.New("a secret was tried too often")
	errFlooded = errors.New("too many secrets are being tried")
)

// bounds count what was tried. They are safe for concurrent use.
type bounds struct {
	counted  *fair.Share
	clients  *clients
	byClient *limits
	byAll    *limits
}

func newBounds(now func() time.Time) *bounds {
	return &bounds{
		counted:  fair.New(fair.Limits{PerSecond: maxCounted, Burst: countedOnce, Places: 1, Keys: counting}, now),
		clients:  newClients(now),
		byClient: newLimits(now, triesAtOnce, tryAgainAfter),
		byAll:    newLimits(now, triesAtOnce*strangers, tryAgainAfter/strangers),
	}
}

// try counts one try at somebody's secret; the error says when the next one is possible. won forgets
// what this client tried, as it knows the secret.
func (b *bounds) try(whose string, by fair.Key) (won func(), err error) {
	one := limitOf(string(by[:]), whose)
	if wait := b.byClient.take(one); wait > 0 {
		return nil, refusedFor(wait, errBounded)
	}
	if wait := b.byAll.take(limitOf(whose)); wait > 0 {
		return nil, refusedFor(wait, errBounded)
	}
	return func() { b.byClient.forget(one) }, nil
}

// errorBounded stands in for Stytch's error_type where the handler itself refuses.
const errorBounded = "too_many_requests"

func refusedFor(wait time.Duration, why error) error {
	refused := stytch.Unanswered(stytch.Rationed, why)
	refused.ErrorType, refused.RetryAfter = errorBounded, wait
	return refused
}
