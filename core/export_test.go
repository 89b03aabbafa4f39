package stytchkit

import (
	"context"
	"errors"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/keys"
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

// FindKey says whether a key is known, absent or undecided, as for a JWT that is signed by it.
func (a *Authenticator) FindKey(ctx context.Context, kid string) string {
	switch _, err := a.keys.Find(ctx, kid); {
	case err == nil:
		return "known"
	case errors.Is(err, keys.ErrAbsent):
		return "absent"
	}
	return "undecided"
}

// HandOut tells the key set that Stytch has handed out a JWT with this key ID.
func (a *Authenticator) HandOut(kid string) { a.keys.HandedOut(kid) }

// UnknownKeys is how many key IDs are remembered as waiting for a fetch, and as absent.
func (a *Authenticator) UnknownKeys() (waiting, absent int) {
	return a.keys.Unknown()
}

// KeysSettled returns once no fetch of the keys is under way.
func (a *Authenticator) KeysSettled(ctx context.Context) error { return a.keys.Settled(ctx) }

// WaitsForPolicy reports whether a check that has just found no policy would wait for a fetch.
func (a *Authenticator) WaitsForPolicy() bool { return a.policy.WouldWait() }

// ReplanKeys makes the key set look at the clock again.
func (a *Authenticator) ReplanKeys() { a.keys.Replan() }
