package stytchkit

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/time/rate"

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

// Lanes are named in logs and by the [Observer]. Members and organizations have one of their own: an
// outage of these must not open the breaker in front of sessions.
const (
	laneProven   = "proven"
	laneUnproven = "unproven"
	laneLogins   = "logins"
	laneProfiles = "profiles"
)

// lane admits calls to Stytch: so many in flight, none while its breaker is open, and, for
// credentials that anybody could have made up, only so many a second. It is safe for concurrent use.
type lane struct {
	name    string
	clock   Clock
	slots   chan struct{}
	rate    *rate.Limiter // nil: no limit
	breaker *gobreaker.CircuitBreaker[struct{}]
}

func newLane(name string, clock Clock, inFlight int, limit *rate.Limiter, log *slog.Logger, o Observer) *lane {
	return &lane{
		name: name, clock: clock, rate: limit, slots: make(chan struct{}, inFlight),
		breaker: gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
			Name:         name,
			MaxRequests:  breakerTries,
			Timeout:      breakerOpen,
			ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakerFailures },
			IsSuccessful: func(err error) bool { return err == nil || stytch.FailureOf(err).Answered },
			IsExcluded:   func(err error) bool { return errors.Is(err, context.Canceled) },
			OnStateChange: func(name string, _, to gobreaker.State) {
				log.Warn("stytchkit: the circuit breaker in front of Stytch has changed", "lane", name, "state", to.String())
				if o != nil {
					o.BreakerChanged(BreakerChange{Lane: name, State: to.String()})
				}
			},
		}),
	}
}

// admit spends one call of the lane's rate.
func (l *lane) admit() error {
	if l.rate != nil && !l.rate.AllowN(l.clock.Now(), 1) {
		return stytch.Unanswered(errRationed)
	}
	return nil
}

// do makes a call when there is room for it.
func (l *lane) do(ctx context.Context, call func() error) error {
	if l.breaker.State() == gobreaker.StateOpen {
		return stytch.Unanswered(gobreaker.ErrOpenState)
	}
	if err := l.enter(ctx); err != nil {
		return stytch.Unanswered(err)
	}
	defer func() { <-l.slots }()
	_, err := l.breaker.Execute(func() (struct{}, error) { return struct{}{}, call() })
	return err
}

// enter waits for a place among the calls in flight, but not for long.
func (l *lane) enter(ctx context.Context) error {
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
		return errCrowded
	case <-ctx.Done():
		return ctx.Err()
	}
}
