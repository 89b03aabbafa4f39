package stytchkit

import (
	"context"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
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
	Status    int           // of Stytch's answer (HTTP), when that was a failure; 0 for none
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

func (a *Authenticator) breakerChanged() func(lane, state string) {
	if a.cfg.Observer == nil {
		return nil
	}
	return func(lane, state string) { a.cfg.Observer.BreakerChanged(BreakerChange{Lane: lane, State: state}) }
}

func madeOf(call asking.Call) CallMade {
	made := CallMade{Lane: call.Lane, About: call.About, Outcome: outcomeDone, Duration: call.Duration}
	switch {
	case call.Err != nil:
		failure := stytch.FailureOf(call.Err)
		made.Outcome, made.Cause = failure.Verdict.String(), string(failure.Cause)
		made.Status, made.ErrorType, made.RequestID = failure.Status, failure.ErrorType, failure.RequestID
	case call.About == asking.AboutSession:
		made.Outcome = outcomeAlive
	}
	return made
}
