package keys

import (
	"context"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// Start begins the first fetch and keeps the keys current until the tasks are closed.
func (k *Keys) Start() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.begin()
	k.Tasks.Run(k.run)
}

// run keeps the keys current until ctx ends.
func (k *Keys) run(ctx context.Context) {
	for ctx.Err() == nil {
		k.mu.Lock()
		wait := k.untilNextFetch()
		if k.flight == nil && wait <= 0 {
			k.begin()
			wait = refresh
		}
		k.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-k.wake:
		case <-k.Clock.After(wait):
		}
	}
}

// replan makes the keeping look at the plan again.
func (k *Keys) replan() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// untilNextFetch is how long the next fetch has to wait; the caller holds the lock.
func (k *Keys) untilNextFetch() time.Duration {
	if k.begun.IsZero() {
		return 0
	}
	interval := min(refresh, k.StaleFor/2)
	switch {
	case k.failures > 0:
		interval = tasks.Backoff(k.failures, retryFirst, retryMost)
	case len(k.waiting) > 0:
		interval = cooldown
	}
	return interval - k.Clock.Now().Sub(k.begun)
}
