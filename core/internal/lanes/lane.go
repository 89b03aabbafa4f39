// Package lanes admits calls to Stytch: so many in flight, so many a second, none while a circuit
// breaker is open.
package lanes

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

const (
	breakerFailures = 10              // in a row open the breaker
	breakerOpen     = 2 * time.Second // until the next try
	breakerTries    = 3               // at once, when half open
	slotWait        = time.Second     // for a call in flight to end
	sharers         = 1 << 10         // clients that are told apart
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
	Logins   = "logins"   // the steps of sign-ins that anybody can take
	Steps    = "steps"    // those that rest on a session or an intermediate one
	Profiles = "profiles" // members and organizations
)

// Lane admits calls to Stytch: so many in flight, none while its breaker is open, and, for
// credentials that anybody could have made up, only so many a second. It is safe for concurrent use.
type Lane struct {
	name    string
	rated   bool
	share   *fair.Share
	breaker *gobreaker.CircuitBreaker[struct{}]
}

// Config is what a [Lane] is made of.
type Config struct {
	Name     string
	InFlight int // calls at a time
	Rate     int // calls a second; 0: no limit
	Burst    int // calls at once after a pause
	Clock    clock.Clock
	Log      *slog.Logger
	Changed  func(state string) // hears of the breaker; nil: nobody
}

// New is an open lane.
func New(cfg Config) *Lane {
	limits := fair.Limits{PerSecond: float64(cfg.Rate), Burst: cfg.Burst, Places: cfg.InFlight, Keys: sharers}
	return &Lane{
		name: cfg.Name, rated: cfg.Rate > 0, share: fair.New(limits, cfg.Clock.Now),
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

// Admit spends one call of the lane's rate for this client.
func (l *Lane) Admit(by fair.Key) error {
	if l.rated && !l.share.Admit(by) {
		return stytch.Unanswered(stytch.Rationed, errRationed)
	}
	return nil
}

// Do makes a call for this client when there is room for it.
func (l *Lane) Do(ctx context.Context, by fair.Key, call func() error) error {
	if l.breaker.State() == gobreaker.StateOpen {
		return stytch.Unanswered(stytch.BreakerOpen, gobreaker.ErrOpenState)
	}
	leave, err := l.enter(ctx, by)
	if err != nil {
		return err
	}
	defer leave()
	_, err = l.breaker.Execute(func() (struct{}, error) { return struct{}{}, call() })
	return err
}

// enter waits for a place among the calls in flight, but not for long.
func (l *Lane) enter(ctx context.Context, by fair.Key) (leave func(), err error) {
	short, cancel := context.WithTimeout(ctx, slotWait)
	defer cancel()
	leave, err = l.share.Enter(short, by)
	switch {
	case err == nil:
		return leave, nil
	case ctx.Err() != nil:
		return nil, stytch.FailureOf(ctx.Err())
	}
	return nil, stytch.Unanswered(stytch.Crowded, errCrowded)
}
