package stytchkit

import (
	"log/slog"
	"time"
)

// Observer is told what an [Authenticator] does, for metrics and traces. Its methods are called
// inline and concurrently: they must be quick and must not block. Nothing it is told holds a token.
type Observer interface {
	// Decided hears of each decision of a guard.
	Decided(DecisionMade)
	// Called hears of each call to Stytch about a session, a member or an organization, and of those of
	// core/signin.
	Called(CallMade)
	// KeysFetched hears of each fetch of the signing keys.
	KeysFetched(KeysFetch)
	// BreakerChanged hears of the circuit breakers in front of Stytch.
	BreakerChanged(BreakerChange)
}

// contained keeps an observer's panic from the request, and from goroutines that nobody recovers.
type contained struct {
	to  Observer
	log *slog.Logger
}

var _ Observer = contained{}

func (c contained) Decided(e DecisionMade)         { defer c.recover(); c.to.Decided(e) }
func (c contained) Called(e CallMade)              { defer c.recover(); c.to.Called(e) }
func (c contained) KeysFetched(e KeysFetch)        { defer c.recover(); c.to.KeysFetched(e) }
func (c contained) BreakerChanged(e BreakerChange) { defer c.recover(); c.to.BreakerChanged(e) }

func (c contained) recover() {
	if p := recover(); p != nil {
		c.log.Error("stytchkit: Config.Observer panicked", "panic", p)
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
	Lane      string        // proven, unproven, profiles or logins
	About     string        // session, member, organization or login
	Outcome   string        // alive (a session) or done, over, refused, misconfigured or unavailable
	ErrorType string        // Stytch's error_type, when it sent one
	Duration  time.Duration // waiting for room included
}

// What calls are about, and how they end well.
const (
	aboutSession      = "session"
	aboutMember       = "member"
	aboutOrganization = "organization"
	aboutLogin        = "login"

	outcomeAlive = "alive" // of a session
	outcomeDone  = "done"  // of everything else
)

// KeysFetch is one fetch of the signing keys.
type KeysFetch struct {
	Keys     int   // 0 when it failed
	Err      error // why it failed
	Duration time.Duration
}

// BreakerChange is a circuit breaker's new state.
type BreakerChange struct {
	Lane  string // proven, unproven, profiles or logins
	State string // closed, half-open or open
}

// Health is what an operator may ask of a running [Authenticator].
type Health struct {
	KeysFetchedAt time.Time // zero before the first fetch
	Proven        string    // state of the breaker for members: closed, half-open or open
	Unproven      string    // state of the breaker for opaque tokens not known here
	Profiles      string    // state of the breaker for loading members and organizations
	Sessions      int       // remembered, about
}

// Health tells the state of the connection to Stytch. It does no I/O.
func (a *Authenticator) Health() Health {
	h := Health{
		Proven:   a.remote.proven.breaker.State().String(),
		Unproven: a.remote.unproven.breaker.State().String(),
		Profiles: a.profiles.lane.breaker.State().String(),
	}
	if set := a.keys.set.Load(); set != nil {
		h.KeysFetchedAt = set.fetched
	}
	if a.memory.remembersSessions() {
		h.Sessions = a.memory.sessions.EstimatedSize()
	}
	return h
}
