package replicas

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// followAll follows the bus until ctx ends. Every connection reads the log from its beginning, as it may be
// another one, and gives it what it lacks.
func (r *Replicas) followAll(ctx context.Context) {
	for failures := 1; ; failures++ {
		r.ledger.begin()
		err := contained(func() error { return r.Bus.Follow(ctx, r.hear, func() { r.caughtUp(ctx) }) })
		if ctx.Err() != nil {
			return
		}
		if r.lostAt.CompareAndSwap(0, r.Clock.Now().UnixMilli()) {
			failures = 1
		}
		if !r.disconnect.Swap(true) {
			r.Log.Warn("stytchkit: the bus to the other replicas is lost; what ends there is heard of later", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.Clock.After(tasks.Backoff(failures, retryFirst, retryMost)):
		}
	}
}

// hear takes a record of the log.
func (r *Replicas) hear(record []byte) {
	f, at, ok := r.Keys.Open(record)
	if !ok {
		r.foreign.Add(1)
		r.said.Warn("stytchkit: the bus holds records that no key of this project opens (are Config.Secret and Config.ReplicaKeys the same on all replicas?)")
		return
	}
	if !r.ledger.hear(f, at) {
		return
	}
	r.received.Add(1)
	now := r.Clock.Now()
	if at.After(now) {
		at = now
	}
	if r.Late != nil && r.followed.Load() {
		r.Late(f.Kind, now.Sub(at))
	}
	r.Heard(f, at)
}

// caughtUp hears that all that the log holds has been heard.
func (r *Replicas) caughtUp(ctx context.Context) {
	if r.lostAt.Swap(0) == 0 {
		return
	}
	r.followed.Store(true)
	if r.disconnect.Swap(false) {
		r.Log.Info("stytchkit: the bus to the other replicas is back")
	}
	r.refill(true)
	r.Tasks.Run(func(context.Context) {
		spread := time.Duration(rand.Int64N(int64(refillSpread))) //nolint:gosec // jitter, not a secret
		select {
		case <-ctx.Done():
		case <-r.Clock.After(refillAfter + spread):
			r.refill(false)
		}
	})
}

func (r *Replicas) refill(own bool) {
	r.ledger.refill(own)
	r.wakeUp()
}
