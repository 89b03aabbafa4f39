// Package lanes admits calls to Stytch: so many in flight, so many a second, none while a circuit
// breaker is open.
package lanes

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/time/rate"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

const (
	breakerFailures = 10              // in a row open the breaker
	breakerOpen     = 2 * time.Second // until the next try
	breakerTries    = 3               // at once, when half open
	slotWait        = time.Second     // for a call in flight to end
)

var (
	errCrowded  = errors.New("too many calls to Stytch are in flight")
	errRationed = errors.New("too many unknown session tokens are being presented")
)

// Names of lanes, in logs and for observers. Members and organizations have one of their own: an outage
// of these must not open the breaker in front of sessions.
const (
	Proven   = "proven"   // JWTs with a good signature, and tokens that Stytch has confirmed
	Unproven = "unproven" // tokens that anybody could have made up
	Logins   = "logins"   // the calls of sign-ins
	Profiles = "profiles" // members and organizations
)

// Lane admits calls to Stytch: so many in flight, none while its breaker is open, and, for
// credentials that anybody could have made up, only so many a second. It is safe for concurrent use.
type Lane struct {
	name    string
	clock   clock.Clock
	slots   chan struct{}
	rate    *rate.Limiter // nil: no limit
	breaker *gobreaker.CircuitBreaker[struct{}]
}

// Config is what a [Lane] is made of.
type Config struct {
	Name     string
	InFlight int           // calls at a time
	Rate     *rate.Limiter // calls a second; nil: no limit
	Clock    clock.Clock
	Log      *slog.Logger
	Changed  func(state string) // hears of the breaker; nil: nobody
}

// New is an open lane.
func New(cfg Config) *Lane {
	return &Lane{
		name: cfg.Name, clock: cfg.Clock, rate: cfg.Rate, slots: make(chan struct{}, cfg.InFlight),
		breaker: gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
			Name:         cfg.Name,
			MaxRequests:  breakerTries,
			Timeout:      breakerOpen,
			ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakerFailures },
			IsSuccessful: func(err error) bool { return err == nil || stytch.FailureOf(err).Answered },
			IsExcluded:   func(err error) bool { return errors.Is(err, context.Canceled) },
			OnStateChange: func(name string, _, to gobreaker.State) {
				cfg.Log.Warn("stytchkit: the circuit breaker in front of Stytch has changed", "lane", name, "state", to.String())
				if cfg.Changed != nil {
					cfg.Changed(to.String())
				}
			},
		}),
	}
}

// Name is the lane's.
func (l *Lane) Name() string { return l.name }

// State is the breaker's: closed, half-open or open.
func (l *Lane) State() string { return l.breaker.State().String() }

// Admit spends one call of the lane's rate.
func (l *Lane) Admit() error {
	if l.rate != nil && !l.rate.AllowN(l.clock.Now(), 1) {
		return stytch.Unanswered(stytch.Rationed, errRationed)
	}
	return nil
}

// Do makes a call when there is room for it.
func (l *Lane) Do(ctx context.Context, call func() error) error {
	if l.breaker.State() == gobreaker.StateOpen {
		return stytch.Unanswered(stytch.BreakerOpen, gobreaker.ErrOpenState)
	}
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer func() { <-l.slots }()
	_, err := l.breaker.Execute(func() (struct{}, error) { return struct{}{}, call() })
	return err
}

// enter waits for a place among the calls in flight, but not for long.
func (l *Lane) enter(ctx context.Context) error {
	select {
	case l.slots <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(slotWait)
	defer timer.Stop()
	select {
	case l.slots <- struct{}{}:
		return nil
	case <-timer.C:
		return stytch.Unanswered(stytch.Crowded, errCrowded)
	case <-ctx.Done():
		return stytch.FailureOf(ctx.Err())
	}
}
