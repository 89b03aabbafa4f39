package stytchkit

import (
	"cmp"
	"context"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
	"github.com/stytchkit/stytchkit/core/internal/replicas"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Observer is told what an [Authenticator] does, for metrics and traces. Its methods are called
// inline and concurrently: they must be quick and must not block. Nothing it is told holds a token.
type Observer interface {
	// Decided hears of each decision of a guard. ctx is the request's.
	Decided(ctx context.Context, made DecisionMade)
	// Called hears of each call to Stytch, and of each that was not made for want of a place. ctx is of
	// the request that wanted it, which may be over by now, and the Authenticator's own for what goes on
	// in the background: it is for values, such as a span.
	Called(ctx context.Context, made CallMade)
	// KeysFetched hears of each fetch of the signing keys.
	KeysFetched(KeysFetch)
	// BreakerChanged hears of the circuit breakers in front of Stytch.
	BreakerChanged(BreakerChange)
}

// Tracer is an [Observer] that follows each call to Stytch from its beginning, such as to make it a span.
type Tracer interface {
	Observer
	// Calling hears of a call just before it is sent. request is the context of who wanted it, to be read
	// now and not kept; call is the call's own, which outlives the request where others wait for the
	// answer too. The call is made in the context that it returns, one made of call, and Called gets that
	// one in the place of the request's. about is as in [CallMade].
	Calling(request, call context.Context, about string) context.Context
}

// Starter is an [Observer] that is given the [Authenticator] once, by [New], before anything else: for
// what is looked at from time to time, such as its [Authenticator.Health].
type Starter interface {
	Observer
	Started(*Authenticator)
}

// Listener is an [Observer] that is told how late the news of other replicas is (Config.Replicas).
type Listener interface {
	Observer
	// EventHeard hears of each event of another replica that is news here, but for what the bus held when this
	// one came.
	EventHeard(EventHeard)
}

// contained keeps an observer's panic from the request, and from goroutines that nobody recovers.
type contained struct {
	to   Observer
	said *quiet.Logger
}

var _ Observer = contained{}

func (c contained) Decided(ctx context.Context, e DecisionMade) {
	defer c.recover()
	c.to.Decided(ctx, e)
}
func (c contained) Called(ctx context.Context, e CallMade) { defer c.recover(); c.to.Called(ctx, e) }
func (c contained) KeysFetched(e KeysFetch)                { defer c.recover(); c.to.KeysFetched(e) }
func (c contained) BreakerChanged(e BreakerChange)         { defer c.recover(); c.to.BreakerChanged(e) }

// Calling goes on with the call's own context where the tracer panics or returns none.
func (c contained) Calling(request, call context.Context, about string) (traced context.Context) {
	defer func() { traced = cmp.Or(traced, call) }()
	defer c.recover()
	return c.to.(Tracer).Calling(request, call, about)
}

func (c contained) Started(a *Authenticator) { defer c.recover(); c.to.(Starter).Started(a) }

func (c contained) EventHeard(e EventHeard) { defer c.recover(); c.to.(Listener).EventHeard(e) }

func (c contained) recover() {
	if p := recover(); p != nil {
		c.said.Error("stytchkit: Config.Observer panicked", "panic", p)
	}
}

// DecisionMade is one decision of a guard.
type DecisionMade struct {
	Code     string        // of the denial, or why an optional guard found no session; empty for a session
	Source   Source        // where the session came from; empty without one
	Allowed  bool          // the request went on to its handler
	Duration time.Duration // of the whole check
}

// CallMade is one call to Stytch.
type CallMade struct {
	Lane      string        // proven, unproven, profiles, logins or steps; empty for revocations and the policy, which have none
	About     string        // session, member, organization, user, login, revocation, policy or roles
	Outcome   string        // alive (a session) or done, over, refused, misconfigured or unavailable
	Cause     string        // of unavailable: rationed, crowded, breaker_open, timeout, canceled, network or http
	Method    string        // of the last request (HTTP) that was sent; empty for none
	Server    string        // a host
	Route     string        // its path, with {id} in the place of what names somebody: /v1/b2b/organizations/{id}
	Status    int           // of its answer; 0 for none
	ErrorType string        // Stytch's error_type, when it sent one
	RequestID string        // Stytch's, of a failure, when it sent one
	Duration  time.Duration // waiting for room included
}

// How calls end well.
const (
	outcomeAlive = "alive" // about a session
	outcomeDone  = "done"  // about everything else
)

// KeysFetch is one fetch of the signing keys.
type KeysFetch struct {
	Keys     int   // 0 when it failed
	Err      error // why it failed
	Duration time.Duration
}

// BreakerChange is a circuit breaker's new state.
type BreakerChange struct {
	Lane  string // proven, unproven, profiles, logins or steps
	State string // closed, half-open or open
}

// EventHeard is news of another replica.
type EventHeard struct {
	Kind  string        // ended, replaced, recheck (it was deleted, or Stytch says it is over), changed or policy
	Delay time.Duration // since it happened there, by both servers' clocks; not negative
}

// keysFetched, called and breakerChanged are the observer's ears; nil without one.

func (a *Authenticator) keysFetched() func(int, error, time.Duration) {
	if a.cfg.Observer == nil {
		return nil
	}
	return func(keys int, err error, took time.Duration) {
		a.cfg.Observer.KeysFetched(KeysFetch{Keys: keys, Err: err, Duration: took})
	}
}

func (a *Authenticator) called() func(context.Context, asking.Call) {
	if a.cfg.Observer == nil {
		return nil
	}
	return func(ctx context.Context, call asking.Call) { a.cfg.Observer.Called(ctx, madeOf(call)) }
}

func (a *Authenticator) calling() asking.Calling {
	if c, ok := a.cfg.Observer.(contained); ok && is[Tracer](c.to) {
		return c.Calling
	}
	return nil
}

func (a *Authenticator) late() func(replicas.Kind, time.Duration) {
	if c, ok := a.cfg.Observer.(contained); ok && is[Listener](c.to) {
		return func(kind replicas.Kind, delay time.Duration) {
			c.EventHeard(EventHeard{Kind: kind.String(), Delay: delay})
		}
	}
	return nil
}

// started introduces the Authenticator to an observer that wants to know it.
func (a *Authenticator) started() {
	if c, ok := a.cfg.Observer.(contained); ok && is[Starter](c.to) {
		c.Started(a)
	}
}

func is[T any](o Observer) bool { _, ok := o.(T); return ok }

func (a *Authenticator) breakerChanged() func(lane, state string) {
	if a.cfg.Observer == nil {
		return nil
	}
	return func(lane, state string) { a.cfg.Observer.BreakerChanged(BreakerChange{Lane: lane, State: state}) }
}

func madeOf(call asking.Call) CallMade {
	made := CallMade{
		Lane: call.Lane, About: call.About, Outcome: outcomeDone, Duration: call.Duration,
		Method: call.Method, Server: call.Server, Route: call.Route, Status: call.Status,
	}
	switch {
	case call.Err != nil:
		failure := stytch.FailureOf(call.Err)
		made.Outcome, made.Cause = failure.Verdict.String(), string(failure.Cause)
		made.ErrorType, made.RequestID = failure.ErrorType, failure.RequestID
	case call.About == asking.AboutSession:
		made.Outcome = outcomeAlive
	}
	return made
}
