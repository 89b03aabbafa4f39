package stytchkit

import (
	"context"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/client"
	"github.com/stytchkit/stytchkit/core/internal/doubts"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// ask finds out what Stytch says of each candidate: of all at once, as the deadline is theirs together.
func (d *decision) ask(ctx context.Context, candidates ...*candidate) {
	if len(candidates) == 1 {
		d.askOne(ctx, candidates[0])
	} else {
		var all sync.WaitGroup
		for _, c := range candidates {
			all.Go(func() { d.askOne(ctx, c) })
		}
		all.Wait()
	}
	for _, c := range candidates {
		if c.reply != nil {
			d.learn(ctx, c)
		}
	}
}

// askOne finds out what Stytch says of one candidate: now, or not longer ago than the guard allows.
func (d *decision) askOne(ctx context.Context, c *candidate) {
	if c.reply != nil || c.failure != nil || c.isAnswered(d) {
		return
	}
	if c.failure = d.refusals.Of(c.cred); c.failure != nil {
		return
	}
	reply, err := d.askAbout(ctx, d.by(c), c.cred, d.need.fresh)
	if err == nil && d.doubts.Of(&reply.session.facts) == doubts.Hard { // it was sent before that was heard
		reply, err = d.askAbout(ctx, d.by(c), c.cred, 0)
	}
	if err != nil {
		c.failure = stytch.FailureOf(err)
		d.heed(c.cred, c.session.view(), c.failure)
		return
	}
	c.reply = reply
}

// learn remembers Stytch's answer about a candidate, unless it is about another session than the JWT's, or
// about one that ended here meanwhile. That a token is proven is noted first, so that a refusal which comes
// in between is seen here, or bars the token.
func (d *decision) learn(ctx context.Context, c *candidate) {
	if c.cred.Kind == stytch.JWT && c.reply.session.ID() != c.session.ID() {
		d.said.Error("stytchkit: Stytch answered about another session than was asked about")
		c.failure = stytch.FailureOf(errNotItsOwn)
		return
	}
	d.vouched(c.reply.session, c.cred)
	d.proven.Add(c.reply.token)
	if c.cred.Kind == stytch.Token {
		d.proven.Add(c.cred.Value)
	}
	c.over, c.failure = d.isOver(c), d.refusals.Of(c.cred)
	if !c.over && c.failure == nil {
		d.remember(ctx, answered(c.cred, &c.jwtVerdict, c.reply), d.epoch)
	}
}

// by is whose share of calls the question about a candidate takes: the member's, or the client's that
// presents what nobody has vouched for.
func (d *decision) by(c *candidate) fair.Key {
	if c.session != nil {
		return fair.OfID(c.session.facts.Subject)
	}
	if d.proven.Has(c.cred) {
		return fair.OfID(c.cred.Value)
	}
	return d.client(d.request)
}

// client is whose share of calls a request takes that presents nothing anybody has vouched for.
func (a *Authenticator) client(r Request) fair.Key {
	return fair.OfAddress(client.Address(r, a.cfg.TrustedProxies))
}

// isAnswered reports whether Stytch has answered about it recently enough.
func (c *candidate) isAnswered(d *decision) bool {
	if c.known == nil || c.known.Value.answer == nil {
		return false
	}
	v := &c.known.Value
	return v.isFresh(d.need, d.now) || d.need.isStale(v.session, d.now)
}

// heed makes a refusal by Stytch take effect at once. A verdict on a JWT bars its session's other JWTs;
// one on an opaque token condemns only that token.
func (a *Authenticator) heed(cred stytch.Credential, s *session.Facts, failure *stytch.Failure) {
	if failure.Verdict != stytch.Over && failure.Verdict != stytch.Refused {
		return
	}
	a.refusals.Add(cred, failure)
	a.memory.Forget(cred.Value)
	switch {
	case failure.Verdict == stytch.Refused:
	case cred.Kind == stytch.JWT:
		a.endings.Add(endings.Session(s.ID), endings.Ending{Over: true})
		a.tellVerdict(s.ID)
	case a.proven.Has(cred):
		a.endings.Add(a.replicaKeys.Names(cred.Value)[0], endings.Ending{Over: true})
		a.tellVerdict(s.ID)
	}
}

// firstAlive is the outcome of the first candidate that lives. One of which nothing is known stands in
// the way of those after it.
func (d *decision) firstAlive(candidates []*candidate) (outcome, bool) {
	for _, c := range candidates {
		switch {
		case c.isAnswered(d) && d.willDo(c.known, d.need, d.now):
			return d.fromMemory(d.request, d.presented, &c.known.Value), true
		case c.over:
		case c.isMisconfigured():
			return d.refuse(refuse(CodeStytchMisconfigured, c.failure), false), true
		case c.isUnknown():
			d.seen.open, d.seen.retryAfter = c.failure, c.failure.RetryAfter
			return d.refuseAll(), true
		case c.failure != nil:
			d.note(c.failure, c)
		default:
			return outcome{
				session: c.reply.session, source: FromStytch, on: &grounds{proof: c.cred.Value, answer: c.reply},
				cookies: d.refreshed(d.request, d.presented, c.reply, c.cred),
			}, true
		}
	}
	return outcome{}, false
}

// note counts what Stytch refused.
func (d *decision) note(failure *stytch.Failure, c *candidate) {
	if failure.Verdict == stytch.Refused {
		d.log.Debug("stytchkit: Stytch refused a credential", "error", failure)
		d.seen.refused = failure
		return
	}
	d.isOver(c) // it may have been ended here meanwhile
	d.seen.over = failure
}

// answer is Stytch's word about one credential. It never changes.
type answer struct {
	session *Session // vouched for when the call was sent
	who     stytch.Who
	token   string
	jwt     string
}

// askAbout asks Stytch about a credential; see [asking.Asker.Ask]. Whom the answer is about is kept for
// who asks for the state.
func (a *Authenticator) askAbout(ctx context.Context, by fair.Key, cred stytch.Credential, freshness time.Duration) (*answer, error) {
	found, err := a.asker.Ask(ctx, by, cred, a.isProven(cred), freshness)
	if err != nil {
		return nil, err
	}
	reply := &answer{session: &Session{facts: found.Facts}, who: found.Who, token: found.Token, jwt: found.JWT}
	a.profiles.Prime(&reply.session.facts, &reply.who)
	return reply, nil
}
