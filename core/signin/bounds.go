package signin

import (
	"crypto/sha256"
	"errors"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"

	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// How often a secret may be tried for somebody before Stytch is asked at all, and so before Stytch locks
// them out: by one client, and by all clients together so much more that no stranger can keep them out.
const (
	triesAtOnce   = 5
	tryAgainAfter = time.Minute // one more
	strangers     = 20
	maxBounded    = 1 << 15 // whom are remembered, some 200 bytes each
	// How many tries a second are counted, shared fairly between clients: whoever floods with made-up
	// addresses, so that others' tries are forgotten, takes longer than those take to be possible again.
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
	now      func() time.Time
	counted  *fair.Share
	clients  *clients
	byClient *otter.Cache[bounded, *rate.Limiter]
	byAll    *otter.Cache[bounded, *rate.Limiter]
}

// bounded is whose secret is tried, by whom.
type bounded [sha256.Size]byte

func newBounds(now func() time.Time) *bounds {
	options := &otter.Options[bounded, *rate.Limiter]{MaximumSize: maxBounded}
	counted := fair.New(fair.Limits{PerSecond: maxCounted, Burst: countedOnce, Places: 1, Keys: counting}, now)
	return &bounds{now: now, counted: counted, clients: newClients(now), byClient: otter.Must(options), byAll: otter.Must(options)}
}

// try counts one try at somebody's secret; the error says when the next one is possible. won forgets
// what this client tried, as it knows the secret.
func (b *bounds) try(whose string, by fair.Key) (won func(), err error) {
	one := bounded(sha256.Sum256(append(by[:], whose...)))
	if err := b.take(b.byClient, one, 1); err != nil {
		return nil, err
	}
	if err := b.take(b.byAll, sha256.Sum256([]byte(whose)), strangers); err != nil {
		return nil, err
	}
	return func() { b.byClient.Invalidate(one) }, nil
}

func (b *bounds) take(from *otter.Cache[bounded, *rate.Limiter], whose bounded, times int) error {
	limiter, _ := from.ComputeIfAbsent(whose, func() (*rate.Limiter, bool) {
		return rate.NewLimiter(rate.Every(tryAgainAfter/time.Duration(times)), triesAtOnce*times), false
	})
	now := b.now()
	r := limiter.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	r.CancelAt(now)
	refused := stytch.Unanswered(stytch.Rationed, errBounded)
	refused.ErrorType, refused.RetryAfter = errorBounded, wait
	return refused
}

// errorBounded stands in for Stytch's error_type where the handler itself refuses.
const errorBounded = "too_many_requests"
