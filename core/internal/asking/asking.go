// Package asking asks Stytch: one call in flight for each credential, each in its lane, with a deadline
// of its own.
package asking

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/lanes"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// Answer is Stytch's word about one credential. It is shared between requests and never changes.
type Answer struct {
	stytch.Who
	Facts      session.Facts // vouched for when the call was sent
	Token, JWT string
}

// Config is what an [Asker] works with.
type Config struct {
	Client   stytch.Project
	Timeout  time.Duration // of one call
	ExtendBy time.Duration // of a session that is asked about; 0: not at all

	Calls             int // in flight in each of the proven lane and that of profiles
	UnprovenCalls     int // in flight in each of the unproven lane and those of sign-ins
	UnprovenPerSecond int
	UnprovenBurst     int

	Clock     clock.Clock
	Log       *slog.Logger
	Tasks     *tasks.Group
	HandedOut func(jwt string)                // hears of every JWT that Stytch hands out
	Called    func(context.Context, Call)     // hears of every call; nil: nobody
	Calling   Calling                         // hears of every call that is sent, beforehand; nil: nobody
	Breaker   func(lane string, state string) // hears of the breakers; nil: nobody
}

// Calling hears of a call, and returns the context that the call is made in, and told of afterwards.
type Calling func(request, call context.Context, about string) context.Context

// Asker asks Stytch. It is safe for concurrent use.
type Asker struct {
	Config
	Proven, Unproven, Logins, Steps, Profiles *lanes.Lane

	said    *quiet.Logger
	flights singleflight.Group
	waiting atomic.Int64  // requests that wait for an answer
	heard   atomic.Uint32 // the last call's stytch.Verdict, or wellAnswered, as far as the log says
}

// New asks nothing yet.
func New(cfg Config) *Asker {
	a := &Asker{Config: cfg, said: quiet.New(cfg.Log, cfg.Clock.Now)}
	lane := func(name string, inFlight, rate int) *lanes.Lane {
		c := lanes.Config{Name: name, InFlight: inFlight, Rate: rate, Burst: cfg.UnprovenBurst, Clock: cfg.Clock, Log: cfg.Log}
		if cfg.Breaker != nil {
			c.Changed = func(state string) { cfg.Breaker(name, state) }
		}
		return lanes.New(c)
	}
	a.Proven = lane(lanes.Proven, cfg.Calls, 0)
	a.Profiles = lane(lanes.Profiles, cfg.Calls, 0)
	a.Unproven = lane(lanes.Unproven, cfg.UnprovenCalls, cfg.UnprovenPerSecond)
	a.Logins = lane(lanes.Logins, cfg.UnprovenCalls, cfg.UnprovenPerSecond)
	a.Steps = lane(lanes.Steps, cfg.UnprovenCalls, cfg.UnprovenPerSecond)
	a.heard.Store(wellAnswered)
	return a
}

var (
	errClosed  = errors.New("the Authenticator is closed")
	errWaiting = errors.New("the request ended while Stytch was being asked")
)

// Ask asks for a client about a credential, which must not point into a reused buffer. A call under way is
// joined when it was sent within freshness, never when that is 0. Every error is a *stytch.Failure.
func (a *Asker) Ask(ctx context.Context, by fair.Key, cred stytch.Credential, proven bool, freshness time.Duration) (*Answer, error) {
	lane := a.Unproven
	if proven {
		lane = a.Proven
	}
	if err := a.admit(ctx, lane, by, AboutSession); err != nil {
		return nil, err
	}
	if freshness == 0 {
		return Await[*Answer](ctx, a, a.alone(ctx, lane, by, cred))
	}
	arrived := a.Clock.Now()
	found, err := Await[*Answer](ctx, a, a.joined(ctx, lane, by, cred))
	if err == nil && arrived.Sub(found.Facts.VouchedAt) > freshness {
		return Await[*Answer](ctx, a, a.alone(ctx, lane, by, cred))
	}
	return found, err
}

// Look asks about a credential for who only watches: nobody joins, and the session is not extended.
func (a *Asker) Look(ctx context.Context, by fair.Key, cred stytch.Credential) (*Answer, error) {
	if err := a.admit(ctx, a.Proven, by, AboutSession); err != nil {
		return nil, err
	}
	return a.call(ctx, a.Proven, by, cred, 0)
}

// joined is the call about this credential that is under way, or a new one.
func (a *Asker) joined(ctx context.Context, lane *lanes.Lane, by fair.Key, cred stytch.Credential) <-chan singleflight.Result {
	return a.flights.DoChan(flightKey(cred), func() (any, error) { return a.call(ctx, lane, by, cred, a.ExtendBy) })
}

// alone is a call that nobody joins.
func (a *Asker) alone(ctx context.Context, lane *lanes.Lane, by fair.Key, cred stytch.Credential) <-chan singleflight.Result {
	done := make(chan singleflight.Result, 1)
	go func() {
		found, err := a.call(ctx, lane, by, cred, a.ExtendBy)
		done <- singleflight.Result{Val: found, Err: err}
	}()
	return done
}

// Await waits for a call until the caller's own context ends. The call itself goes on for the others.
func Await[T any](ctx context.Context, a *Asker, done <-chan singleflight.Result) (T, error) {
	a.waiting.Add(1)
	defer a.waiting.Add(-1)
	select {
	case res := <-done:
		found, _ := res.Val.(T)
		return found, res.Err
	case <-ctx.Done():
		var none T
		return none, stytch.FailureOf(fmt.Errorf("%w: %w", errWaiting, context.Cause(ctx)))
	}
}

// Waiting is how many requests wait for an answer.
func (a *Asker) Waiting() int { return int(a.waiting.Load()) }

func flightKey(cred stytch.Credential) string {
	return string(rune('0'+cred.Kind)) + cred.Value
}

// call asks about a credential once. The request is the one that the call began for.
func (a *Asker) call(request context.Context, lane *lanes.Lane, by fair.Key, cred stytch.Credential, extendBy time.Duration) (*Answer, error) {
	var res *stytch.Answer
	sent, err := a.Send(request, a.Tasks.Context(), lane, by, AboutSession, func(ctx context.Context) (err error) {
		if res, err = a.Client.Authenticate(ctx, cred, extendBy); extendBy > 0 && stytch.IsNotMutable(err) {
			res, err = a.Client.Authenticate(ctx, cred, 0) // an impersonated one lives, and cannot be extended
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	a.HandedOut(res.JWT)
	return &Answer{Who: res.Who, Facts: factsOf(res, sent), Token: res.Token, JWT: res.JWT}, nil
}

// factsOf are those of the session that Stytch has vouched for, of either kind.
func factsOf(res *stytch.Answer, sent time.Time) session.Facts {
	if res.UserSession != nil {
		return session.OfUserAnswer(res.UserSession, res.JWT, sent)
	}
	return session.OfAnswer(res.MemberSession, res.JWT, sent)
}

// Login makes a call of a sign-in for a client, in a lane of its own: what it is about can be made up by
// anybody, and too many failures would make Stytch throttle the whole project. Steps that rest on a
// session or an intermediate one are in another lane, where those who have none cannot crowd them.
func (a *Asker) Login(ctx context.Context, by fair.Key, rests bool, call func(context.Context) error) error {
	lane := a.Logins
	if rests {
		lane = a.Steps
	}
	if err := a.admit(ctx, lane, by, AboutLogin); err != nil {
		return err
	}
	_, err := a.Send(ctx, ctx, lane, by, AboutLogin, call)
	return err
}

// Revoke ends a credential's session at Stytch, in the lane that questions about it are asked in. Every
// error is a *stytch.Failure.
func (a *Asker) Revoke(ctx context.Context, by fair.Key, cred stytch.Credential, proven bool) error {
	lane := a.Unproven
	if proven {
		lane = a.Proven
	}
	if err := a.admit(ctx, lane, by, AboutRevocation); err != nil {
		return err
	}
	_, err := a.Send(ctx, ctx, lane, by, AboutRevocation, func(ctx context.Context) error { return a.Client.Revoke(ctx, cred) })
	return err
}

// admit spends one call of the lane's rate; who is refused one is heard of.
func (a *Asker) admit(ctx context.Context, lane *lanes.Lane, by fair.Key, about string) error {
	err := lane.Admit(by)
	if err != nil && a.Called != nil {
		a.Called(ctx, Call{Lane: lane.Name(), About: about, Err: err})
	}
	return err
}

// Send makes one call for a client, in a lane, within ctx, the deadline and the Authenticator's life, and says when it
// went out: never, for the zero time. The request is the context of who wanted it. Every error is a
// *stytch.Failure.
func (a *Asker) Send(request, ctx context.Context, lane *lanes.Lane, by fair.Key, about string, call func(context.Context) error) (sent time.Time, err error) {
	if !a.Tasks.Enter() {
		return time.Time{}, stytch.Unanswered(stytch.Canceled, errClosed)
	}
	defer a.Tasks.Leave()
	ctx, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	defer context.AfterFunc(a.Tasks.Context(), cancel)()
	began, made := a.Clock.Now(), Call{Lane: lane.Name(), About: about}
	err = lane.Do(ctx, by, func() (err error) {
		sent = a.Clock.Now()
		request, err = a.make(request, ctx, &made, call)
		return err
	})
	if err != nil {
		err = stytch.FailureOf(err)
	}
	made.Err, made.Duration = err, a.Clock.Now().Sub(began)
	a.Heard(request, made, !sent.IsZero())
	return sent, err
}

// Alone makes a call that is of no lane and no request, within ctx, and tells of it.
func (a *Asker) Alone(ctx context.Context, about string, call func(context.Context) error) error {
	began, made := a.Clock.Now(), Call{About: about}
	told, err := a.make(ctx, ctx, &made, call)
	made.Err, made.Duration = err, a.Clock.Now().Sub(began)
	a.Heard(told, made, true)
	return err
}

// make makes a call, notes what was exchanged, and returns the context in which it is told of.
func (a *Asker) make(request, ctx context.Context, made *Call, call func(context.Context) error) (told context.Context, err error) {
	if a.Calling != nil {
		ctx = a.Calling(request, ctx, made.About)
		request = ctx
	}
	ctx, exchange := stytch.Watched(ctx)
	err = call(ctx)
	made.Exchange = *exchange
	return request, err
}
