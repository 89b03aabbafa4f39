package stytchkit

import (
	"crypto/rsa"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// refusalFor is how long Stytch's refusal of a credential is remembered: long enough that a dead
// token in a loop costs next to nothing, short enough to outlive no replication lag of Stytch's.
const refusalFor = time.Minute

// memory remembers what was found out about exact credentials: sessions by the JWT that proved
// them, refusals apart from them, so that they cannot push sessions out, and opaque tokens that
// Stytch has confirmed. Every bound is a size; nothing here needs a timer. Safe for concurrent use.
type memory struct {
	clock    Clock
	keys     *keys
	endings  *endings
	sessions *otter.Cache[string, *remembered] // nil: remember none
	refusals *otter.Cache[stytch.Credential, refused]
	proven   *otter.Cache[string, struct{}]

	// epoch moves when keys leave or sessions end: what was remembered before is looked at again.
	epoch atomic.Uint64
}

func newMemory(cfg *Config, k *keys, e *endings) *memory {
	m := &memory{
		clock: cfg.Clock, keys: k, endings: e,
		refusals: newCache[stytch.Credential, refused](cfg.Limits.Refusals),
		proven:   newCache[string, struct{}](cfg.Limits.ProvenTokens),
	}
	if cfg.Limits.Sessions > 0 {
		m.sessions = newCache[string, *remembered](cfg.Limits.Sessions)
	}
	changed := func() { m.epoch.Add(1) }
	k.changed, e.changed = changed, changed
	return m
}

func newCache[K comparable, V any](size int) *otter.Cache[K, V] {
	return otter.Must(&otter.Options[K, V]{MaximumSize: size})
}

// remembersSessions reports whether sessions are remembered at all.
func (m *memory) remembersSessions() bool { return m.sessions != nil }

// remembered is what one JWT stands for.
type remembered struct {
	on      grounds // of decisions by this memory: its JWT, a copy of our own, is the proof
	session *Session
	until   time.Time      // when the JWT, or Stytch's answer about it, is good no longer
	kid     string         // of the key that the JWT was verified with
	key     *rsa.PublicKey // that key
	answer  *answer        // Stytch's, about a JWT that had expired; nil when it was verified here

	epoch atomic.Uint64 // of memory, when this was last looked at
	turn  turn          // of revalidations
}

func (r *remembered) jwt() string { return r.on.proof }

// keyLength is how much of a JWT a session is found by: the end of its signature, which is as good
// as random, so that a hit hashes little. That it is the whole JWT is seen by comparing.
const keyLength = 64

func sessionKey(token string) string { return token[max(0, len(token)-keyLength):] }

// recall is what is remembered of a JWT and still holds; nil for nothing. How old it may be is the
// caller's to judge.
func (m *memory) recall(token string) *remembered {
	if !m.remembersSessions() {
		return nil
	}
	known, ok := m.sessions.GetIfPresent(sessionKey(token))
	if !ok || known.jwt() != token || known.epoch.Load() != m.epoch.Load() && !m.holds(known) {
		return nil
	}
	return known
}

// holds looks at a memory again after keys have left or sessions have ended, and drops it if it
// does not hold any more.
func (m *memory) holds(known *remembered) bool {
	epoch := m.epoch.Load()
	if m.endings.of(known.session.ID()).over || !m.endings.proves(known.session.facts.VouchedAt) || !m.keys.has(known.kid, known.key) {
		m.sessions.Invalidate(sessionKey(known.jwt()))
		return false
	}
	known.epoch.Store(epoch)
	return true
}

// remember keeps a JWT that was verified, or answered about, since the epoch began.
func (m *memory) remember(known *remembered, epoch uint64) {
	if !m.remembersSessions() {
		return
	}
	known.epoch.Store(epoch)
	m.sessions.Set(sessionKey(known.jwt()), known)
}

// verified is the memory of a JWT that was found good here.
func (v *jwtVerdict) verified() *remembered {
	return &remembered{on: grounds{proof: v.raw}, session: v.session, until: v.expires, kid: v.kid, key: v.key}
}

// answered is the memory of Stytch's answer about an expired JWT.
func (v *jwtVerdict) answered(reply *answer) *remembered {
	return &remembered{
		on: grounds{proof: v.raw}, session: reply.session, until: reply.session.ExpiresAt(), kid: v.kid, key: v.key,
		answer: &answer{session: reply.session, token: reply.token, jwt: reply.jwt},
	}
}

// refused is Stytch's refusal of a credential.
type refused struct {
	failure *stytch.Failure
	at      time.Time
}

// refusal is the remembered refusal of a credential; nil for none.
func (m *memory) refusal(cred stytch.Credential) *stytch.Failure {
	known, ok := m.refusals.GetIfPresent(cred)
	if !ok || m.clock.Now().Sub(known.at) >= refusalFor {
		return nil
	}
	return known.failure
}

func (m *memory) refuse(cred stytch.Credential, failure *stytch.Failure) {
	m.refusals.Set(cred, refused{failure: failure, at: m.clock.Now()})
}

// prove remembers an opaque token that Stytch confirmed or handed out.
func (m *memory) prove(token string) {
	if token != "" {
		m.proven.Set(token, struct{}{})
	}
}

// isProven reports whether a credential is not just anybody's: a JWT with a good signature, or an
// opaque token that Stytch has confirmed.
func (m *memory) isProven(cred stytch.Credential) bool {
	if cred.Kind == stytch.JWT {
		return true
	}
	_, ok := m.proven.GetIfPresent(cred.Value)
	return ok
}
