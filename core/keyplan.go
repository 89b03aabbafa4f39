package stytchkit

import (
	"context"
	"math/rand/v2"
	"time"
)

// start begins the first fetch and keeps the keys current until the tasks are closed.
func (k *keys) start() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.begin()
	k.tasks.run(k.run)
}

// run keeps the keys current until ctx ends.
func (k *keys) run(ctx context.Context) {
	for ctx.Err() == nil {
		k.mu.Lock()
		wait := k.untilNextFetch()
		if k.flight == nil && wait <= 0 {
			k.begin()
			wait = keyRefresh
		}
		k.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-k.wake:
		case <-k.clock.After(wait):
		}
	}
}

// replan makes run look at the plan again.
func (k *keys) replan() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// untilNextFetch is how long the next fetch has to wait; the caller holds the lock.
func (k *keys) untilNextFetch() time.Duration {
	if k.begun.IsZero() {
		return 0
	}
	interval := min(keyRefresh, k.staleFor/2)
	switch {
	case k.failures > 0:
		interval = backoff(k.failures, keyRetryFirst, keyRetryMost)
	case len(k.waiting) > 0:
		interval = keyCooldown
	}
	return interval - k.clock.Now().Sub(k.begun)
}

// backoff doubles from first to most, less up to a fifth, so that instances do not retry in step.
func backoff(failures int, first, most time.Duration) time.Duration {
	d := most
	if shift := failures - 1; shift < 16 {
		d = min(first<<shift, most)
	}
	return d - time.Duration(rand.Int64N(int64(d)/5+1)) //nolint:gosec // jitter, not a secret
}
