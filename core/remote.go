package stytchkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"golang.org/x/sync/singleflight"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// answer is Stytch's word about one credential. It is shared between requests and never changes.
type answer struct {
	session      *Session // vouched for when the call was sent
	member       *organizations.Member
	organization *organizations.Organization
	token        string
	jwt          string
}

// remote asks Stytch about credentials: one call in flight per exact credential, each with a
// deadline of its own. It is safe for concurrent use.
type remote struct {
	client    *stytch.Client
	clock     Clock
	log       *slog.Logger
	tasks     *tasks
	timeout   time.Duration
	extendBy  time.Duration
	handedOut func(kid string) // hears the key ID of every JWT that Stytch hands out

	flights singleflight.Group
	waiting atomic.Int64  // requests that wait for an answer
	heard   atomic.Uint32 // the last call's stytch.Verdict, or wellAnswered
}

func newRemote(cfg *Config, client *stytch.Client, t *tasks, handedOut func(kid string)) *remote {
	r := &remote{
		client: client, clock: cfg.Clock, log: cfg.Logger, tasks: t,
		timeout: cfg.Timeout, extendBy: cfg.ExtendBy, handedOut: handedOut,
	}
	r.heard.Store(wellAnswered)
	return r
}

var (
	errClosed  = errors.New("the Authenticator is closed")
	errWaiting = errors.New("the request ended while Stytch was being asked")
)

// ask asks about a credential, which must not point into a reused buffer. A call under way is
// joined when it was sent within freshness, never when that is 0. Every error is a *stytch.Failure.
func (r *remote) ask(ctx context.Context, cred stytch.Credential, freshness time.Duration) (*answer, error) {
	if freshness == 0 {
		return r.wait(ctx, r.alone(cred))
	}
	arrived := r.clock.Now()
	found, err := r.wait(ctx, r.flights.DoChan(flightKey(cred), func() (any, error) { return r.call(cred) }))
	if err == nil && arrived.Sub(found.session.vouchedAt) > freshness {
		return r.wait(ctx, r.alone(cred))
	}
	return found, err
}

// alone is a call that nobody joins.
func (r *remote) alone(cred stytch.Credential) <-chan singleflight.Result {
	done := make(chan singleflight.Result, 1)
	go func() {
		found, err := r.call(cred)
		done <- singleflight.Result{Val: found, Err: err}
	}()
	return done
}

// wait waits for a call until the caller's own context ends. The call itself goes on for the others.
func (r *remote) wait(ctx context.Context, done <-chan singleflight.Result) (*answer, error) {
	r.waiting.Add(1)
	defer r.waiting.Add(-1)
	select {
	case res := <-done:
		found, _ := res.Val.(*answer)
		return found, res.Err
	case <-ctx.Done():
		return nil, stytch.Unanswered(fmt.Errorf("%w: %w", errWaiting, context.Cause(ctx)))
	}
}

func flightKey(cred stytch.Credential) string {
	return string(rune('0'+cred.Kind)) + cred.Value
}

// call asks once, detached from any request.
func (r *remote) call(cred stytch.Credential) (*answer, error) {
	if !r.tasks.enter() {
		return nil, stytch.Unanswered(errClosed)
	}
	defer r.tasks.wg.Done()
	ctx, cancel := context.WithTimeout(r.tasks.ctx, r.timeout)
	defer cancel()
	sent := r.clock.Now()
	res, err := r.client.Authenticate(ctx, cred, r.extendBy)
	r.hear(err)
	if err != nil {
		return nil, err
	}
	if parts, err := splitJWT(res.JWT); err == nil {
		if kid, err := parts.keyID(); err == nil {
			r.handedOut(kid)
		}
	}
	return &answer{
		session:      &Session{member: *res.MemberSession, vouchedAt: sent},
		member:       res.Member,
		organization: res.Organization,
		token:        res.Token,
		jwt:          res.JWT,
	}, nil
}

// wellAnswered is what was last heard when Stytch decided about a credential, either way.
const wellAnswered = uint32(stytch.Misconfigured) + 1

// hear logs when Stytch stops answering or refuses this project, and when all is well again.
func (r *remote) hear(err error) {
	if r.tasks.closed() {
		return
	}
	now := wellAnswered
	if err != nil {
		if verdict := stytch.FailureOf(err).Verdict; verdict == stytch.Unavailable || verdict == stytch.Misconfigured {
			now = uint32(verdict)
		}
	}
	if r.heard.Swap(now) == now {
		return
	}
	switch now {
	case uint32(stytch.Unavailable):
		r.log.Warn("stytchkit: Stytch cannot be asked; sessions that need it are answered 503", "error", err)
	case uint32(stytch.Misconfigured):
		r.log.Error("stytchkit: Stytch refuses this project's credentials; check ProjectID, Secret and BaseURL", "error", err)
	default:
		r.log.Info("stytchkit: Stytch answers again")
	}
}
