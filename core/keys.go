package stytchkit

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

	"github.com/stytchkit/stytchkit/core/internal/token"
)

const (
	keyCooldown    = 10 * time.Second // between two fetches that unknown key IDs ask for
	keyRefresh     = time.Hour
	keyRetryFirst  = 250 * time.Millisecond
	keyRetryMost   = 8 * time.Second
	absentFor      = 5 * time.Minute // an absent key ID is looked for again after this long
	maxKeyIDLength = token.MaxKeyIDLength
)

var (
	errKeyAbsent    = errors.New("signed by a key that the project does not have")
	errKeyUndecided = token.ErrUndecided
	errNoKeys       = errors.New("stytchkit: the project's signing keys have not been fetched yet")
)

// keySet is one answer of the JWKS endpoint.
type keySet struct {
	byID    map[string]*rsa.PublicKey
	fetched time.Time
}

// keyFetch is a fetch under way.
type keyFetch struct {
	covers map[string]time.Time // the unknown key IDs that were waiting when it began
	done   chan struct{}
}

// keys holds the project's signing keys and keeps them current: fetched in the background,
// retried with backoff, refreshed hourly, and fetched again for unknown key IDs, but for all of
// them together at most once per cooldown. It is safe for concurrent use.
type keys struct {
	url      string
	client   *http.Client
	timeout  time.Duration
	staleFor time.Duration
	clock    Clock
	log      *slog.Logger
	tasks    *tasks
	observer Observer
	atMost   int    // bound of waiting and absent
	changed  func() // hears that the set of keys has changed

	set  atomic.Pointer[keySet]
	wake chan struct{} // tells run that its plan has changed

	mu       sync.Mutex
	flight   *keyFetch
	begun    time.Time            // of the last fetch
	failures int                  // in a row
	failure  error                // of the last fetch
	waiting  map[string]time.Time // unknown key IDs since the last fetch began
	absent   map[string]time.Time // key IDs that the last fetch they waited for did not bring
	handed   string               // the last key ID that Stytch handed out before we had it
}

func newKeys(cfg *Config, t *tasks) *keys {
	return &keys{
		url:      cfg.BaseURL + "/v1/b2b/sessions/jwks/" + cfg.ProjectID,
		client:   &http.Client{Transport: cfg.Transport, CheckRedirect: noRedirects},
		timeout:  cfg.Timeout,
		staleFor: cfg.KeysStaleFor,
		clock:    cfg.Clock,
		log:      cfg.Logger,
		tasks:    t,
		observer: cfg.Observer,
		changed:  func() {},
		atMost:   cfg.Limits.UnknownKeys,
		wake:     make(chan struct{}, 1),
		waiting:  map[string]time.Time{},
		absent:   map[string]time.Time{},
	}
}

func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Get is the key with this ID, nil when it is not known or too stale to trust.
func (k *keys) Get(kid string) *rsa.PublicKey {
	set := k.set.Load()
	if set == nil || k.tooStale(set) {
		return nil
	}
	return set.byID[kid]
}

// has reports whether this key is still the one with this ID.
func (k *keys) has(kid string, key *rsa.PublicKey) bool {
	now := k.Get(kid)
	return now != nil && now.Equal(key)
}

func (k *keys) tooStale(set *keySet) bool {
	return k.clock.Now().Sub(set.fetched) > k.staleFor
}

func (k *keys) usable() bool {
	set := k.set.Load()
	return set != nil && !k.tooStale(set)
}

// Find is [keys.Get] for a key ID that was not known. It waits while the very first fetch, or one
// that this key ID waits for, is in flight. Otherwise it answers at once: errKeyAbsent when a
// fetch begun after the ID was first seen has not brought it, errKeyUndecided before that.
func (k *keys) Find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	key, fetch, err := k.lookUp(kid)
	if fetch == nil {
		return key, err
	}
	ctx, cancel := context.WithTimeout(ctx, k.timeout)
	defer cancel()
	select {
	case <-fetch.done:
	case <-ctx.Done():
		return nil, errKeyUndecided
	}
	if key := k.Get(kid); key != nil {
		return key, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.isAbsent(kid) {
		return nil, errKeyAbsent
	}
	return nil, errKeyUndecided
}

// lookUp is the key, when it came after the caller looked; or which fetch to wait for, or why not to.
func (k *keys) lookUp(kid string) (*rsa.PublicKey, *keyFetch, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.Get(kid); key != nil {
		return key, nil, nil
	}
	if k.isAbsent(kid) {
		return nil, nil, errKeyAbsent
	}
	if fetch := k.flight; fetch != nil {
		if _, covered := fetch.covers[kid]; covered || !k.usable() {
			return nil, fetch, nil
		}
	}
	if !k.await(kid) {
		return nil, nil, errKeyUndecided
	}
	if k.flight == nil && k.usable() && k.clock.Now().Sub(k.begun) >= keyCooldown {
		return nil, k.begin(), nil
	}
	k.replan()
	return nil, nil, errKeyUndecided
}

func (k *keys) isAbsent(kid string) bool {
	since, ok := k.absent[kid]
	return ok && k.clock.Now().Sub(since) < absentFor
}

// await remembers that a key ID waits for the next fetch, unless too many do.
func (k *keys) await(kid string) bool {
	if _, ok := k.waiting[kid]; ok {
		return true
	}
	if len(k.waiting) >= k.atMost {
		return false
	}
	k.waiting[kid] = k.clock.Now()
	return true
}

// handedOut hears the key ID of a JWT that Stytch has just handed out. An unknown one is the sure
// sign of a rotation: the keys are fetched at once.
func (k *keys) handedOut(kid string) {
	if kid == "" || len(kid) > maxKeyIDLength || k.Get(kid) != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.handed == kid && k.clock.Now().Sub(k.begun) < keyCooldown {
		return
	}
	k.handed = kid
	delete(k.absent, kid)
	k.await(kid)
	if k.flight == nil {
		k.begin()
	}
}

// begin starts a fetch; the caller holds the lock. After Close it returns a fetch that is over.
func (k *keys) begin() *keyFetch {
	fetch := &keyFetch{covers: k.waiting, done: make(chan struct{})}
	if !k.tasks.run(func(ctx context.Context) { k.fetch(ctx, fetch) }) {
		close(fetch.done)
		return fetch
	}
	k.flight, k.begun, k.waiting = fetch, k.clock.Now(), map[string]time.Time{}
	return fetch
}

func (k *keys) fetch(ctx context.Context, fetch *keyFetch) {
	ctx, cancel := context.WithTimeout(ctx, k.timeout)
	defer cancel()
	began := k.clock.Now()
	set, err := fetchKeys(ctx, k.client, k.url)
	if k.observer != nil {
		k.observer.KeysFetched(KeysFetch{Keys: len(set), Err: err, Duration: k.clock.Now().Sub(began)})
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	defer close(fetch.done)
	k.flight = nil
	if ctx.Err() != nil && k.tasks.closed() {
		return
	}
	if err != nil {
		k.failed(fetch, err)
	} else {
		k.arrived(fetch, set)
	}
	k.replan()
}

func (k *keys) failed(fetch *keyFetch, err error) {
	k.failures++
	k.failure = err
	for kid := range fetch.covers { // they go on waiting
		k.await(kid)
	}
	if k.failures == 1 {
		k.log.Warn("stytchkit: signing keys cannot be fetched; retrying", "error", err, "have_keys", k.usable())
	}
}

func (k *keys) arrived(fetch *keyFetch, byID map[string]*rsa.PublicKey) {
	now := k.clock.Now()
	before := k.set.Swap(&keySet{byID: byID, fetched: now})
	k.changed()
	k.absent = map[string]time.Time{}
	for kid := range fetch.covers {
		if byID[kid] == nil {
			k.absent[kid] = now
		}
	}
	switch {
	case before == nil:
		k.log.Info("stytchkit: signing keys fetched", "keys", len(byID))
	case !sameKeyIDs(before.byID, byID):
		k.log.Info("stytchkit: signing keys rotated", "keys", len(byID))
	case k.failures > 0:
		k.log.Info("stytchkit: signing keys can be fetched again")
	}
	for kid := range byID {
		delete(k.waiting, kid)
	}
	k.failures, k.failure = 0, nil
	if _, waits := k.waiting[k.handed]; waits {
		k.begin() // handed out while this fetch was in flight
	}
}

func sameKeyIDs(a, b map[string]*rsa.PublicKey) bool {
	if len(a) != len(b) {
		return false
	}
	for kid := range a {
		if b[kid] == nil {
			return false
		}
	}
	return true
}

// ready waits while a fetch is in flight, and says why sessions cannot be verified here.
func (k *keys) ready(ctx context.Context) error {
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
