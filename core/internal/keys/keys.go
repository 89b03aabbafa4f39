// Package keys holds the project's signing keys: fetched in the background, kept current, and found by
// their IDs.
package keys

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

const (
	cooldown   = 10 * time.Second // between two fetches that unknown key IDs ask for
	refresh    = time.Hour
	retryFirst = 250 * time.Millisecond
	retryMost  = 8 * time.Second
	absentFor  = 5 * time.Minute // an absent key ID is looked for again after this long

	// MaxIDLength bounds the key IDs that are looked for.
	MaxIDLength = 256
)

// Why there is no key with an ID.
var (
	ErrAbsent    = errors.New("signed by a key that the project does not have")
	ErrUndecided = errors.New("signed by a key that is not known here yet")
)

var errNoKeys = errors.New("stytchkit: the project's signing keys have not been fetched yet")

// keySet is one answer of the JWKS endpoint.
type keySet struct {
	byID    map[string]*rsa.PublicKey
	fetched time.Time
}

// fetching is a fetch under way.
type fetching struct {
	covers map[string]time.Time // the unknown key IDs that were waiting when it began
	done   chan struct{}
}

// Config is what [Keys] work with.
type Config struct {
	URL       string // of the JWKS
	Transport http.RoundTripper
	Timeout   time.Duration // of one fetch, and the longest that a request waits
	StaleFor  time.Duration // the last fetched keys are trusted while none can be fetched
	AtMost    int           // bound of waiting and absent key IDs
	Clock     clock.Clock
	Log       *slog.Logger
	Tasks     *tasks.Group
	Fetched   func(keys int, err error, took time.Duration) // hears of each fetch; nil: nobody
	Changed   func()                                        // hears that the set of keys has changed
}

// Keys holds the project's signing keys and keeps them current: fetched in the background,
// retried with backoff, refreshed hourly, and fetched again for unknown key IDs, but for all of
// them together at most once per cooldown. It is safe for concurrent use.
type Keys struct {
	Config
	client *http.Client

	set  atomic.Pointer[keySet]
	wake chan struct{} // tells run that its plan has changed

	mu       sync.Mutex
	flight   *fetching
	begun    time.Time            // of the last fetch
	failures int                  // in a row
	failure  error                // of the last fetch
	waiting  map[string]time.Time // unknown key IDs since the last fetch began
	absent   map[string]time.Time // key IDs that the last fetch they waited for did not bring
	handed   string               // the last key ID that Stytch handed out before we had it
}

// New holds no key yet; see [Keys.Start].
func New(cfg Config) *Keys {
	return &Keys{
		Config:  cfg,
		client:  &http.Client{Transport: cfg.Transport, CheckRedirect: noRedirects},
		wake:    make(chan struct{}, 1),
		waiting: map[string]time.Time{},
		absent:  map[string]time.Time{},
	}
}

func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Get is the key with this ID, nil when it is not known or too stale to trust.
func (k *Keys) Get(kid string) *rsa.PublicKey {
	set := k.set.Load()
	if set == nil || k.tooStale(set) {
		return nil
	}
	return set.byID[kid]
}

// Has reports whether this key is still the one with this ID.
func (k *Keys) Has(kid string, key *rsa.PublicKey) bool {
	now := k.Get(kid)
	return now != nil && now.Equal(key)
}

func (k *Keys) tooStale(set *keySet) bool {
	return k.Clock.Now().Sub(set.fetched) > k.StaleFor
}

func (k *Keys) usable() bool {
	set := k.set.Load()
	return set != nil && !k.tooStale(set)
}

// Find is [Keys.Get] for a key ID that was not known. It waits while the very first fetch, or one
// that this key ID waits for, is in flight. Otherwise it answers at once: ErrAbsent when a
// fetch begun after the ID was first seen has not brought it, ErrUndecided before that.
func (k *Keys) Find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	key, fetch, err := k.lookUp(kid)
	if fetch == nil {
		return key, err
	}
	ctx, cancel := context.WithTimeout(ctx, k.Timeout)
	defer cancel()
	select {
	case <-fetch.done:
	case <-ctx.Done():
		return nil, ErrUndecided
	}
	if key := k.Get(kid); key != nil {
		return key, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.isAbsent(kid) {
		return nil, ErrAbsent
	}
	return nil, ErrUndecided
}

// lookUp is the key, when it came after the caller looked; or which fetch to wait for, or why not to.
func (k *Keys) lookUp(kid string) (*rsa.PublicKey, *fetching, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.Get(kid); key != nil {
		return key, nil, nil
	}
	if k.isAbsent(kid) {
		return nil, nil, ErrAbsent
	}
	if fetch := k.flight; fetch != nil {
		if _, covered := fetch.covers[kid]; covered || !k.usable() {
			return nil, fetch, nil
		}
	}
	if !k.await(kid) {
		return nil, nil, ErrUndecided
	}
	if k.flight == nil && k.usable() && k.Clock.Now().Sub(k.begun) >= cooldown {
		return nil, k.begin(), nil
	}
	k.replan()
	return nil, nil, ErrUndecided
}

func (k *Keys) isAbsent(kid string) bool {
	since, ok := k.absent[kid]
	return ok && k.Clock.Now().Sub(since) < absentFor
}

// await remembers that a key ID waits for the next fetch, unless too many do.
func (k *Keys) await(kid string) bool {
	if _, ok := k.waiting[kid]; ok {
		return true
	}
	if len(k.waiting) >= k.AtMost {
		return false
	}
	k.waiting[kid] = k.Clock.Now()
	return true
}

// HandedOut hears the key ID of a JWT that Stytch has just handed out. An unknown one is the sure
// sign of a rotation: the keys are fetched at once.
func (k *Keys) HandedOut(kid string) {
	if kid == "" || len(kid) > MaxIDLength || k.Get(kid) != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.handed == kid && k.Clock.Now().Sub(k.begun) < cooldown {
		return
	}
	k.handed = kid
	delete(k.absent, kid)
	k.await(kid)
	if k.flight == nil {
		k.begin()
	}
}

// Ready waits while a fetch is in flight, and says why sessions cannot be verified here.
func (k *Keys) Ready(ctx context.Context) error {
	k.mu.Lock()
	fetch := k.flight
	k.mu.Unlock()
	if fetch != nil && !k.usable() {
		select {
		case <-fetch.done:
		case <-ctx.Done():
		}
	}
	if k.usable() {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.failure != nil {
		return fmt.Errorf("%w: %w", errNoKeys, k.failure)
	}
	return errNoKeys
}

// FetchedAt is when the keys at hand were fetched; zero before the first fetch.
func (k *Keys) FetchedAt() time.Time {
	if set := k.set.Load(); set != nil {
		return set.fetched
	}
	return time.Time{}
}
