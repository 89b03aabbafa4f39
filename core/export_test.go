package stytchkit

import (
	"context"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
)

// NewSystemClock is the default of Config.Clock.
func NewSystemClock() Clock { return &clock.System{} }

// Verify is what local verification says of a JWT, its session when it is signed, and why it is not live.
func (a *Authenticator) Verify(ctx context.Context, token string) (string, *Session, error) {
	verdict := a.verifier.verify(ctx, token)
	names := map[standing]string{forged: "forged", undecided: "undecided", expired: "expired", early: "early", live: "live"}
	return names[verdict.standing], verdict.session, verdict.err
}

// IsFresh reports whether Stytch vouched for the session within freshness.
func (a *Authenticator) IsFresh(s *Session, freshness time.Duration) bool {
	return isFresh(s, freshness, a.clock.Now())
}

// Forget makes a JWT one that was not seen before.
func (a *Authenticator) Forget(token string) { a.memory.Forget(token) }
