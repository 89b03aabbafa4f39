package watch

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/doubts"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// How often a session is looked at: not more often than at once and a while later, whatever its guards ask
// for, and ever more seldom while Stytch cannot be asked.
const (
	leastLook   = 10 * time.Second
	firstRetry  = 5 * time.Second
	latestRetry = time.Minute
)

var (
	errEnded   = errors.New("the session has ended")
	errExpired = errors.New("it has expired")
	errClosed  = errors.New("the Authenticator is closed")
)

// Sources are what sessions are looked at with.
type Sources struct {
	Clock   clock.Clock
	Asker   *asking.Asker
	Endings *endings.Endings
	Doubts  *doubts.Doubts
	Said    *quiet.Logger
	// Heed makes what Stytch has refused take effect everywhere.
	Heed func(stytch.Credential, *session.Facts, *stytch.Failure)
}

// Session is a session that connections rest on. It implements [Subject].
type Session[C Connection] struct {
	Sources
	spread    float64   // up to a tenth, so that sessions which began together are not asked about together
	failures  int       // to ask Stytch, in a row
	notBefore time.Time // after those

	mu    sync.Mutex
	facts *session.Facts    // as they were vouched for last
	cred  stytch.Credential // by which Stytch is asked
}

// NewSession is a session that these facts are known of.
func NewSession[C Connection](from Sources, facts *session.Facts, cred stytch.Credential) *Session[C] {
	spread := rand.Float64() / 10 //nolint:gosec // jitter, not a secret
	return &Session[C]{Sources: from, spread: spread, facts: facts, cred: cred}
}

// Latest is the session as it was vouched for last, and the credential by which Stytch is asked about it.
func (s *Session[C]) Latest() (*session.Facts, stytch.Credential) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.facts, s.cred
}

// Renew hears that the session is known to have lived at a later time: Stytch need not be asked until then.
func (s *Session[C]) Renew(facts *session.Facts, by stytch.Credential) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if facts.VouchedAt.After(s.facts.VouchedAt) {
		s.facts, s.cred = facts, by
	}
}

// Look implements [Subject].
func (s *Session[C]) Look(ctx context.Context, connections []C) time.Duration {
	facts, cred := s.Latest()
	if s.Endings.Of(endings.Session(facts.ID)).Over {
		endAll(connections, Ended, errEnded)
		return latestRetry
	}
	for _, c := range connections {
		c.Judge(facts)
	}
	if wait := s.due(facts, connections).Sub(s.Clock.Now()); wait > 0 {
		endPresented(connections)
		return wait
	}
	return s.ask(ctx, facts, cred, connections)
}

// ask asks Stytch, and says when to look again.
func (s *Session[C]) ask(ctx context.Context, facts *session.Facts, cred stytch.Credential, connections []C) time.Duration {
	found, err := s.Asker.Look(ctx, fair.OfID(facts.Subject), cred)
	switch {
	case err == nil && !s.Clock.Now().Before(found.Facts.ExpiresAt):
		endAll(connections, Ended, errExpired)
		return latestRetry
	case err == nil && found.Facts.ID == facts.ID:
		s.failures = 0
		s.Renew(&found.Facts, cred)
		return 0 // to judge it
	case err == nil:
		s.Said.Error("stytchkit: Stytch answered about another session than was asked about")
	case stytch.FailureOf(err).Verdict == stytch.Over:
		s.Heed(cred, facts, stytch.FailureOf(err))
		endAll(connections, Ended, err)
		return latestRetry
	case stytch.FailureOf(err).Verdict == stytch.Refused:
		s.Heed(cred, facts, stytch.FailureOf(err))
		endAll(connections, Refused, err)
		return latestRetry
	}
	return s.goOn(connections, err)
}

// goOn is for who asked Stytch in vain. A session that expires lives on only where Stytch says that it was
// extended.
func (s *Session[C]) goOn(connections []C, err error) time.Duration {
	facts, _ := s.Latest()
	now := s.Clock.Now()
	switch {
	case s.Doubts.Of(facts) == doubts.Hard:
		endAll(connections, Unavailable, err)
		return latestRetry
	case !now.Before(facts.ExpiresAt):
		endAll(connections, Ended, errExpired)
		return latestRetry
	}
	s.failures++
	s.notBefore = now.Add(tasks.Backoff(s.failures, firstRetry, latestRetry))
	return 0
}

// due is when Stytch is to be asked: at the shortest freshness of all connections, and when the session
// expires at the latest, as it may have been extended elsewhere.
func (s *Session[C]) due(facts *session.Facts, connections []C) time.Time {
	every := leastLook
	switch s.Doubts.Of(facts) {
	case doubts.Hard:
		every = 0
	case doubts.None:
		every = max(shortest(connections), leastLook)
	}
	due := facts.VouchedAt.Add(every + time.Duration(s.spread*float64(every)))
	if due.Before(s.notBefore) {
		due = s.notBefore
	}
	if due.After(facts.ExpiresAt) {
		return facts.ExpiresAt
	}
	return due
}

func shortest[C Connection](connections []C) time.Duration {
	fresh := connections[0].Fresh()
	for _, c := range connections[1:] {
		fresh = min(fresh, c.Fresh())
	}
	return fresh
}

// Close implements [Subject].
func (s *Session[C]) Close(connections []C) { endAll(connections, Unavailable, errClosed) }

// endPresented ends the connections whose own credential is over, where the session is not known to be.
func endPresented[C Connection](connections []C) {
	for _, c := range connections {
		if c.IsEnded() {
			c.End(Ended, errEnded)
		}
	}
}
