package keys

import (
	"context"
	"crypto/rsa"
	"time"
)

// begin starts a fetch; the caller holds the lock. After Close it returns a fetch that is over.
func (k *Keys) begin() *fetching {
	fetch := &fetching{covers: k.waiting, done: make(chan struct{})}
	if !k.Tasks.Run(func(ctx context.Context) { k.fetch(ctx, fetch) }) {
		close(fetch.done)
		return fetch
	}
	k.flight, k.begun, k.waiting = fetch, k.Clock.Now(), map[string]time.Time{}
	return fetch
}

func (k *Keys) fetch(ctx context.Context, fetch *fetching) {
	ctx, cancel := context.WithTimeout(ctx, k.Timeout)
	defer cancel()
	began := k.Clock.Now()
	set, err := fetchJWKS(ctx, k.client, k.URL)
	if k.Fetched != nil {
		k.Fetched(len(set), err, k.Clock.Now().Sub(began))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	defer close(fetch.done)
	k.flight = nil
	if ctx.Err() != nil && k.Tasks.Closed() {
		return
	}
	if err != nil {
		k.failed(fetch, err)
	} else {
		k.arrived(fetch, set)
	}
	k.replan()
}

func (k *Keys) failed(fetch *fetching, err error) {
	k.failures++
	k.failure = err
	for kid := range fetch.covers { // they go on waiting
		k.await(kid)
	}
	if k.failures == 1 {
		k.Log.Warn("stytchkit: signing keys cannot be fetched; retrying", "error", err, "have_keys", k.usable())
	}
}

func (k *Keys) arrived(fetch *fetching, byID map[string]*rsa.PublicKey) {
	now := k.Clock.Now()
	before := k.set.Swap(&keySet{byID: byID, fetched: now})
	k.Changed()
	k.absent = map[string]time.Time{}
	for kid := range fetch.covers {
		if byID[kid] == nil {
			k.absent[kid] = now
		}
	}
	switch {
	case before == nil:
		k.Log.Info("stytchkit: signing keys fetched", "keys", len(byID))
	case !sameKeyIDs(before.byID, byID):
		k.Log.Info("stytchkit: signing keys rotated", "keys", len(byID))
	case k.failures > 0:
		k.Log.Info("stytchkit: signing keys can be fetched again")
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
