package signin

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

const (
	// replayLife is how long a second submission of a form or a link gets what the first one found.
	replayLife = 10 * time.Second
	// mismatchLife is how long it is known that a token is not of a login.
	mismatchLife = 10 * time.Minute
	maxAttempts  = 1024 // of each kind that are remembered; some 4 KB where a session is in it
)

// attempt names one use of a one-time token: by its type, the token, and what only the browser holds
// that it is used for, a verifier or the mark in the cookie that keeps the token.
type attempt [sha256.Size]byte

func attemptOf(kind, token, holder string) attempt {
	return sha256.Sum256([]byte("stytchkit attempt " + kind + " " + token + " " + holder))
}

// outcome is what a token was good for: a login, or what a discovery found.
type outcome struct {
	login *stytch.Login
	found *stytch.Discovered
	unset bool // the login is good, and the password that it was to set is not set
}

// attempts lets each token be used once, however often a person clicks. It is safe for concurrent use.
type attempts struct {
	now func() time.Time

	mu         sync.Mutex
	underWay   map[attempt]*flight
	good       recent[outcome]
	mismatched recent[error]
}

// flight is an attempt under way.
type flight struct {
	done chan struct{}
	out  outcome
	err  error
}

func newAttempts(now func() time.Time) *attempts {
	return &attempts{
		now: now, underWay: map[attempt]*flight{},
		good: newRecent[outcome](replayLife), mismatched: newRecent[error](mismatchLife),
	}
}

// do uses the token, or is told what another request found that makes the same attempt, now or a moment
// ago. The context only ends the waiting for it.
func (a *attempts) do(ctx context.Context, key attempt, use func() (outcome, error)) (outcome, error) {
	f, first := a.join(key)
	if first {
		defer a.land(key, f)
		f.out, f.err = use()
		return f.out, f.err
	}
	select {
	case <-f.done:
		return f.out, f.err
	case <-ctx.Done():
		return outcome{}, stytch.FailureOf(ctx.Err())
	}
}

// errNotFinished is what waits see when the first one panicked.
var errNotFinished = errors.New("the attempt was not finished")

func (a *attempts) join(key attempt) (f *flight, first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if f, ok := a.underWay[key]; ok {
		return f, false
	}
	f = &flight{done: make(chan struct{}), err: stytch.Unanswered(stytch.Canceled, errNotFinished)}
	if out, ok := a.good.get(key, now); ok {
		f.out, f.err = out, nil
		close(f.done)
		return f, false
	}
	if err, ok := a.mismatched.get(key, now); ok {
		f.err = err
		close(f.done)
		return f, false
	}
	a.underWay[key] = f
	return f, true
}

func (a *attempts) land(key attempt, f *flight) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.underWay, key)
	switch {
	case f.err == nil:
		a.good.add(key, f.out, a.now())
	case stytch.FailureOf(f.err).ErrorType == errorMismatch:
		a.mismatched.add(key, f.err, a.now())
	}
	close(f.done)
}

// recent remembers so many values for a while, the oldest of which goes first.
type recent[V any] struct {
	life  time.Duration
	byKey map[attempt]V
	order []remembered
}

type remembered struct {
	key   attempt
	until time.Time
}

func newRecent[V any](life time.Duration) recent[V] {
	return recent[V]{life: life, byKey: map[attempt]V{}}
}

func (r *recent[V]) get(key attempt, now time.Time) (V, bool) {
	for len(r.order) > 0 && !now.Before(r.order[0].until) {
		r.forget()
	}
	value, ok := r.byKey[key]
	return value, ok
}

// add remembers the value of a key that get has just not found.
func (r *recent[V]) add(key attempt, value V, now time.Time) {
	if len(r.order) == maxAttempts {
		r.forget()
	}
	r.byKey[key] = value
	r.order = append(r.order, remembered{key, now.Add(r.life)})
}

func (r *recent[V]) forget() {
	delete(r.byKey, r.order[0].key)
	r.order = r.order[1:]
}
