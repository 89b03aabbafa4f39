package replicas

import (
	"context"

	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// publishAll publishes what waits, until ctx ends.
func (r *Replicas) publishAll(ctx context.Context) {
	failures := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		}
		for r.ledger.waiting() > 0 && ctx.Err() == nil {
			if r.publishInTurn(ctx) == nil {
				failures = 0
				continue
			}
			failures++
			select {
			case <-ctx.Done():
				return
			case <-r.Clock.After(tasks.Backoff(failures, retryFirst, retryMost)):
			}
		}
	}
}

func (r *Replicas) publishInTurn(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case r.turn <- struct{}{}:
	}
	defer func() { <-r.turn }()
	return r.publish(ctx)
}

// publish publishes what waits the longest. After an error it waits on: that it may be in the log by now does no harm.
func (r *Replicas) publish(ctx context.Context) error {
	facts, at := r.ledger.next(batch)
	if len(facts) == 0 {
		return nil
	}
	records := make([][]byte, len(facts))
	for i, f := range facts {
		records[i] = r.Keys.Seal(f, at[i])
	}
	ctx, cancel := context.WithTimeout(ctx, publishFor)
	defer cancel()
	err := contained(func() error { return r.Bus.Publish(ctx, records...) })
	if err != nil {
		if !r.failedToSend.Swap(true) {
			r.Log.Warn("stytchkit: the other replicas cannot be told what ends here; it is retried", "error", err)
		}
		return err
	}
	if r.failedToSend.Swap(false) {
		r.Log.Info("stytchkit: the other replicas can be told again")
	}
	r.sent.Add(uint64(len(facts)))
	r.ledger.published(at)
	return nil
}

// Flush publishes what waits, until ctx ends or the bus cannot take it.
func (r *Replicas) Flush(ctx context.Context) {
	if r == nil {
		return
	}
	for r.ledger.waiting() > 0 && r.publishInTurn(ctx) == nil { //nolint:revive // the condition does it
	}
}
