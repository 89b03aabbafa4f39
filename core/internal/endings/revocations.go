package endings

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// RevocationsConfig is what [Revocations] work with.
type RevocationsConfig struct {
	Call   func(context.Context, stytch.Credential) error // with a deadline of its own
	AtMost int                                            // wait for Stytch at a time
	Clock  clock.Clock
	Log    *slog.Logger
	Tasks  *tasks.Group
}

// Revocations revokes sessions at Stytch, and retries in the background what could not be revoked
// at once. It is safe for concurrent use.
type Revocations struct {
	RevocationsConfig

	said    *quiet.Logger
	mu      sync.Mutex
	pending map[stytch.Credential]struct{}
}

// NewRevocations has none pending.
func NewRevocations(cfg RevocationsConfig) *Revocations {
	return &Revocations{RevocationsConfig: cfg, said: quiet.New(cfg.Log, cfg.Clock.Now), pending: map[stytch.Credential]struct{}{}}
}

const (
	retryFirst = time.Second
	retryMost  = 30 * time.Second
)

// Revoke revokes now, even when the request that asked for it has gone, and later when it cannot.
// An error says that it is not done yet.
func (r *Revocations) Revoke(cred stytch.Credential) error {
	err := r.try(r.Tasks.Context(), cred)
	if err == nil {
		return nil
	}
	if stytch.FailureOf(err).Verdict != stytch.Unavailable {
		return fmt.Errorf("stytchkit: the session could not be revoked: %w", err)
	}
	if !r.later(cred) {
		r.said.Error("stytchkit: a session was signed out here but cannot be revoked at Stytch, and too many others wait", "limit", r.AtMost)
		return fmt.Errorf("stytchkit: the session could not be revoked, and too many revocations wait already: %w", err)
	}
	return fmt.Errorf("stytchkit: the session could not be revoked yet; it is retried in the background: %w", err)
}

// try asks once. A session that is over already is as good as revoked.
func (r *Revocations) try(ctx context.Context, cred stytch.Credential) error {
	err := r.Call(ctx, cred)
	if err == nil || stytch.FailureOf(err).Verdict == stytch.Over {
		return nil
	}
	return err
}

// later retries in the background, once however often it is wanted; false when too many wait.
func (r *Revocations) later(cred stytch.Credential) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, waits := r.pending[cred]; waits {
		return true
	}
	if len(r.pending) >= r.AtMost || !r.Tasks.Run(func(ctx context.Context) { r.retry(ctx, cred) }) {
		return false
	}
	r.pending[cred] = struct{}{}
	return true
}

func (r *Revocations) retry(ctx context.Context, cred stytch.Credential) {
	defer func() {
		r.mu.Lock()
		delete(r.pending, cred)
		r.mu.Unlock()
	}()
	began := r.Clock.Now()
	for failures := 1; r.Clock.Now().Sub(began) < keptFor; failures++ {
		select {
		case <-ctx.Done():
			r.said.Warn("stytchkit: closed before a signed-out session could be revoked at Stytch")
			return
		case <-r.Clock.After(tasks.Backoff(failures, retryFirst, retryMost)):
		}
		err := r.try(ctx, cred)
		if err == nil {
			return
		}
		if stytch.FailureOf(err).Verdict != stytch.Unavailable {
			r.said.Error("stytchkit: a signed-out session cannot be revoked at Stytch", "error", err)
			return
		}
	}
	r.said.Error("stytchkit: a signed-out session could not be revoked at Stytch within an hour")
}

// All are the credentials that wait for Stytch.
func (r *Revocations) All() []stytch.Credential {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.pending))
}

// Pending is how many revocations wait for Stytch.
func (r *Revocations) Pending() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.pending)
}
