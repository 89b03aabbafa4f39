package stytchkit

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/doubts"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
	"github.com/stytchkit/stytchkit/core/internal/token"
)

var (
	errTooManyConnections = errors.New("as many sessions as Limits.Connections are watched already")
	errWatchClosed        = errors.New("the Authenticator is closed")
	errExpired            = errors.New("it has expired")
)

// How often a session is looked at: not more often than at once and a while later, whatever Fresh asks for,
// and ever more seldom while Stytch cannot be asked.
const (
	leastLook   = 10 * time.Second
	firstRetry  = 5 * time.Second
	latestRetry = time.Minute
)

// ended hears of a session or a token that is over.
func (a *Authenticator) ended(key endings.Key) {
	a.memory.Doubt()
	a.watches.Wake(key)
}

// vouched hears of a session that is known to have lived at a time: connections need not ask until later.
func (a *Authenticator) vouched(s *Session, by stytch.Credential) {
	if watched, ok := a.watches.Of(endings.Session(s.ID())).(*watchedSession); ok {
		watched.renew(s, by)
	}
}

// watchedBy is the session that connections rest on by this credential; nil where none does.
func (a *Authenticator) watchedBy(cred stytch.Credential) *Session {
	if cred.Kind != stytch.Token {
		return nil
	}
	if watched, ok := a.watches.Of(a.tokenKeys(cred.Value)[0]).(*watchedSession); ok {
		s, _ := watched.latest()
		return s
	}
	return nil
}

// watchedSession is a session that connections rest on.
type watchedSession struct {
	*Authenticator
	spread    float64   // up to a tenth, so that sessions which began together are not asked about together
	failures  int       // to ask Stytch, in a row
	notBefore time.Time // after those
	judged    *Session  // as the guards' rules were met last

	mu      sync.Mutex
	session *Session          // as it was vouched for last
	cred    stytch.Credential // by which Stytch is asked
}

func (w *watchedSession) latest() (*Session, stytch.Credential) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.session, w.cred
}

func (w *watchedSession) renew(s *Session, by stytch.Credential) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.VouchedAt().After(w.session.VouchedAt()) {
		w.session, w.cred = s, by
	}
}

// Look implements [watch.Subject].
func (w *watchedSession) Look(ctx context.Context, connections []*connection) time.Duration {
	session, cred := w.latest()
	now := w.clock.Now()
	if why := w.isOver(session, now); why != nil {
		denyAll(connections, why)
		return latestRetry
	}
	if session != w.judged {
		w.judged = session
		for _, c := range connections {
			c.judgeBeside(session)
		}
	}
	due := w.due(session, connections)
	if due.After(now) {
		w.denyEnded(connections)
		return due.Sub(now)
	}
	found, err := w.asker.Look(ctx, fair.OfID(session.facts.Subject), cred)
	switch {
	case err == nil && found.Facts.ID == session.ID():
		w.failures = 0
		w.renew(&Session{facts: found.Facts}, cred)
		return 0 // to judge it
	case err == nil:
		w.said.Error("stytchkit: Stytch answered about another session than was asked about")
	case stytch.FailureOf(err).Verdict == stytch.Over:
		w.heed(cred, session, stytch.FailureOf(err))
		denyAll(connections, refuse(CodeSessionEnded, err))
		return latestRetry
	case stytch.FailureOf(err).Verdict == stytch.Refused:
		w.heed(cred, session, stytch.FailureOf(err))
		denyAll(connections, refuse(CodeSessionInvalid, err))
		return latestRetry
	}
	if w.doubts.Of(&session.facts) == doubts.Hard {
		denyAll(connections, refuse(CodeStytchUnavailable, err))
		return latestRetry
	}
	w.failures++
	w.notBefore = w.clock.Now().Add(tasks.Backoff(w.failures, firstRetry, latestRetry))
	return 0
}

// isOver is why the session is over, as far as is known here.
func (w *watchedSession) isOver(s *Session, now time.Time) *refusal {
	switch {
	case w.endings.Of(endings.Session(s.ID())).Over:
		return refuse(CodeSessionEnded, errEnded)
	case !now.Before(s.ExpiresAt()):
		return refuse(CodeSessionEnded, errExpired)
	}
	return nil
}

// due is when Stytch is to be asked: at the shortest freshness of all connections, and when the session
// expires at the latest.
func (w *watchedSession) due(s *Session, connections []*connection) time.Time {
	shortest := w.cfg.Freshness
	for _, c := range connections {
		for _, g := range c.guards {
			shortest = min(shortest, g.need.fresh)
		}
	}
	every := max(shortest, leastLook)
	switch w.doubts.Of(&s.facts) {
	case doubts.Hard:
		every = 0
	case doubts.Soft:
		every = leastLook
	}
	due := s.VouchedAt().Add(every + time.Duration(w.spread*float64(every)))
	if due.Before(w.notBefore) {
		due = w.notBefore
	}
	if due.After(s.ExpiresAt()) {
		return s.ExpiresAt()
	}
	return due
}

// Close implements [watch.Subject].
func (w *watchedSession) Close(connections []*connection) { denyAll(connections, closed()) }

// watchedToken is an access token that connections rest on. Nobody is asked about it.
type watchedToken struct {
	*Authenticator
	token *AccessToken
}

// Look implements [watch.Subject].
func (w *watchedToken) Look(_ context.Context, connections []*connection) time.Duration {
	left := w.token.ExpiresAt().Add(token.Leeway).Sub(w.clock.Now())
	if left <= 0 {
		denyAll(connections, refuse(CodeTokenInvalid, errExpired))
		return latestRetry
	}
	return left
}

// Close implements [watch.Subject].
func (w *watchedToken) Close(connections []*connection) { denyAll(connections, closed()) }

func closed() *refusal { return refuse(CodeStytchUnavailable, errWatchClosed) }

func denyAll(connections []*connection, why *refusal) {
	for _, c := range connections {
		c.deny(why)
	}
}

// denyEnded ends the connections whose own opaque token is over, where the session is not known to be.
func (w *watchedSession) denyEnded(connections []*connection) {
	for _, c := range connections {
		if c.cred.Kind == stytch.Token && w.endingOfProven(c.cred.Value).Over {
			c.deny(refuse(CodeSessionEnded, errEnded))
		}
	}
}

// judgeBeside judges a session while all else goes on: an application's check takes the time that it takes.
// Of those that come meanwhile, the latest follows.
func (c *connection) judgeBeside(s *Session) {
	if c.judging.Swap(s) != nil {
		return
	}
	c.guards[0].auth.tasks.Run(func(context.Context) {
		for c.judge(s); !c.judging.CompareAndSwap(s, nil); c.judge(s) {
			s = c.judging.Load()
		}
	})
}

// judge holds the session as it is now against what guards want of whom they let through. A rule that
// cannot be told at the moment cuts nobody off.
func (c *connection) judge(s *Session) {
	for _, g := range c.guards {
		for i := range g.rules {
			switch g.rules[i].rank {
			case rankOrganization, rankAge, rankFactor:
				continue
			}
			if why := g.rules[i].check(c.live, g.auth, unreadable{}, s); why != nil && !isUndecided(why.code) {
				c.deny(why)
				return
			}
		}
	}
}
