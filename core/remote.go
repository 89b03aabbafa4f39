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
	"golang.org/x/time/rate"

	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/token"
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
	observer  Observer
	proven    *lane            // for JWTs with a good signature, and tokens that Stytch has confirmed
	unproven  *lane            // for tokens that anybody could have made up
	logins    *lane            // for the calls of sign-ins
	handedOut func(kid string) // hears the key ID of every JWT that Stytch hands out

	flights singleflight.Group
	waiting atomic.Int64  // requests that wait for an answer
	heard   atomic.Uint32 // the last call's stytch.Verdict, or wellAnswered
}

func newRemote(cfg *Config, client *stytch.Client, t *tasks, handedOut func(kid string)) *remote {
	ration := func() *rate.Limiter {
		return rate.NewLimiter(rate.Limit(cfg.Limits.UnprovenPerSecond), cfg.Limits.UnprovenBurst)
	}
	r := &remote{
		client: client, clock: cfg.Clock, log: cfg.Logger, tasks: t,
		timeout: cfg.Timeout, extendBy: cfg.ExtendBy, handedOut: handedOut, observer: cfg.Observer,
		proven:   newLane(laneProven, cfg.Clock, cfg.Limits.Calls, nil, cfg.Logger, cfg.Observer),
		unproven: newLane(laneUnproven, cfg.Clock, cfg.Limits.UnprovenCalls, ration(), cfg.Logger, cfg.Observer),
		logins:   newLane(laneLogins, cfg.Clock, cfg.Limits.UnprovenCalls, ration(), cfg.Logger, cfg.Observer),
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
func (r *remote) ask(ctx context.Context, cred stytch.Credential, proven bool, freshness time.Duration) (*answer, error) {
	l := r.unproven
	if proven {
		l = r.proven
	}
	if err := l.admit(); err != nil {
		return nil, err
	}
	if freshness == 0 {
		return await[*answer](ctx, r, r.alone(l, cred))
	}
	arrived := r.clock.Now()
	found, err := await[*answer](ctx, r, r.joined(l, cred))
	if err == nil && arrived.Sub(found.session.facts.VouchedAt) > freshness {
		return await[*answer](ctx, r, r.alone(l, cred))
	}
	return found, err
}

// joined is the call about this credential that is under way, or a new one.
func (r *remote) joined(l *lane, cred stytch.Credential) <-chan singleflight.Result {
	return r.flights.DoChan(flightKey(cred), func() (any, error) { return r.call(l, cred) })
}

// alone is a call that nobody joins.
func (r *remote) alone(l *lane, cred stytch.Credential) <-chan singleflight.Result {
	done := make(chan singleflight.Result, 1)
	go func() {
		found, err := r.call(l, cred)
		done <- singleflight.Result{Val: found, Err: err}
	}()
	return done
}

// await waits for a call until the caller's own context ends. The call itself goes on for the others.
func await[T any](ctx context.Context, r *remote, done <-chan singleflight.Result) (T, error) {
	r.waiting.Add(1)
	defer r.waiting.Add(-1)
	select {
	case res := <-done:
		found, _ := res.Val.(T)
		return found, res.Err
	case <-ctx.Done():
		var none T
		return none, stytch.Unanswered(fmt.Errorf("%w: %w", errWaiting, context.Cause(ctx)))
	}
}

func flightKey(cred stytch.Credential) string {
	return string(rune('0'+cred.Kind)) + cred.Value
}

// call asks about a credential once.
func (r *remote) call(l *lane, cred stytch.Credential) (*answer, error) {
	var res *stytch.Answer
	sent, err := r.send(r.tasks.ctx, l, aboutSession, func(ctx context.Context) (err error) {
		res, err = r.client.Authenticate(ctx, cred, r.extendBy)
		return err
	})
	if err != nil {
		return nil, err
	}
	r.heardOf(res.JWT)
	return &answer{
		session:      &Session{facts: session.OfMember(res.MemberSession, sent)},
		member:       res.Member,
		organization: res.Organization,
		token:        res.Token,
		jwt:          res.JWT,
	}, nil
}

// heardOf tells of the key ID of a JWT that Stytch has just handed out.
func (r *remote) heardOf(jwt string) {
	if parts, err := token.Split(jwt); err == nil {
		if kid, err := parts.KeyID(); err == nil {
			r.handedOut(kid)
		}
	}
}

// send makes one call in a lane within ctx, the deadline and the Authenticator's life, and says when it
// went out: never, for the zero time. Every error is a *stytch.Failure.
func (r *remote) send(ctx context.Context, l *lane, about string, call func(context.Context) error) (sent time.Time, err error) {
	if !r.tasks.enter() {
		return time.Time{}, stytch.Unanswered(errClosed)
	}
	defer r.tasks.leave()
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	defer context.AfterFunc(r.tasks.ctx, cancel)()
	began := r.clock.Now()
	err = l.do(ctx, func() error {
		sent = r.clock.Now()
		return call(ctx)
	})
	r.hear(CallMade{Lane: l.name, About: about, Duration: r.clock.Now().Sub(began)}, err, !sent.IsZero())
	if err != nil {
		return sent, stytch.FailureOf(err)
	}
	return sent, nil
}

// wellAnswered is what was last heard when Stytch decided about what it was asked, either way.
const wellAnswered = uint32(stytch.Misconfigured) + 1

// hear tells the observer of a call, and logs when Stytch stops answering or refuses this project,
// and when all is well again. A call that was not sent, for want of room or by the breaker, says
// nothing about Stytch.
func (r *remote) hear(made CallMade, err error, sent bool) {
	if r.tasks.closed() {
		return
	}
	if r.observer != nil {
		made.Outcome = outcomeAlive
		if made.About != aboutSession {
			made.Outcome = outcomeDone
		}
		if err != nil {
			failure := stytch.FailureOf(err)
			made.Outcome, made.ErrorType = failure.Verdict.String(), failure.ErrorType
		}
		r.observer.Called(made)
	}
	if !sent {
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
