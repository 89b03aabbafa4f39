package stytchkit

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"time"
)

// NewSystemClock is the default of Config.Clock.
func NewSystemClock() Clock { return &systemClock{} }

// Verify is what local verification says of a JWT, its session when it is signed, and why it is not live.
func (a *Authenticator) Verify(ctx context.Context, token string) (string, *Session, error) {
	verdict := a.verifier.verify(ctx, token)
	names := map[standing]string{forged: "forged", undecided: "undecided", expired: "expired", early: "early", live: "live"}
	return names[verdict.standing], verdict.session, verdict.err
}

// ReadPlainly reads claims as encoding/json does and, where it can, in one pass: whether it can, and
// whether both came to the same.
func ReadPlainly(payload []byte) (plain, same bool) {
	quick, slow := newClaims(), newClaims()
	if !quick.readPlain(payload) {
		return false, true
	}
	err := json.Unmarshal(payload, slow)
	return true, err == nil && reflect.DeepEqual(quick, slow)
}

// IsFresh reports whether Stytch vouched for the session within freshness.
func (a *Authenticator) IsFresh(s *Session, freshness time.Duration) bool {
	return isFresh(s, freshness, a.clock.Now())
}

// Forget makes a JWT one that was not seen before.
func (a *Authenticator) Forget(token string) { a.memory.sessions.Invalidate(sessionKey(token)) }

// FindKey says whether a key is known, absent or undecided, as for a JWT that is signed by it.
func (a *Authenticator) FindKey(ctx context.Context, kid string) string {
	switch _, err := a.keys.find(ctx, kid); {
	case err == nil:
		return "known"
	case errors.Is(err, errKeyAbsent):
		return "absent"
	}
	return "undecided"
}

// HandOut tells the key set that Stytch has handed out a JWT with this key ID.
func (a *Authenticator) HandOut(kid string) { a.keys.handedOut(kid) }

// UnknownKeys is how many key IDs are remembered as waiting for a fetch, and as absent.
func (a *Authenticator) UnknownKeys() (waiting, absent int) {
	a.keys.mu.Lock()
	defer a.keys.mu.Unlock()
	return len(a.keys.waiting), len(a.keys.absent)
}

// KeysSettled returns once no fetch of the keys is under way.
func (a *Authenticator) KeysSettled(ctx context.Context) error {
	for {
		a.keys.mu.Lock()
		fetch := a.keys.flight
		a.keys.mu.Unlock()
		if fetch == nil {
			return nil
		}
		select {
		case <-fetch.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// WaitsForPolicy reports whether a check that has just found no policy would wait for a fetch.
func (a *Authenticator) WaitsForPolicy() bool {
	select {
	case <-a.policies.pending().done:
		return false
	default:
		return true
	}
}

// ReplanKeys makes the key set look at the clock again.
func (a *Authenticator) ReplanKeys() { a.keys.replan() }
