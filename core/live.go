package stytchkit

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/token"
	"github.com/stytchkit/stytchkit/core/internal/watch"
)

// Live is ctx for a connection that outlives its request's decision, such as a WebSocket or a stream of
// events: it is done as soon as the session that guards put into ctx is over, and [context.Cause] is then
// the *[Denial] that a new request would get. Take it before the upgrade, and call stop when the connection
// ends.
//
// All connections of a session share one call to Stytch, each time that the shortest freshness of their
// guards has passed (every 10 seconds at the most), and when the session is to expire; it never extends the
// session. Whatever ends the session in this process ends them at once. Roles, permissions and checks are
// judged again; the organization of the path and the age of the sign-in were decided when the connection
// began. While Stytch cannot be asked they stay open, until the session expires, unless it has announced that
// their member, user or organization was deleted. A connection by an access token ends when that expires.
//
// Behind Optional, an anonymous connection costs nothing. When [Limits].Connections sessions are watched
// already, the context is done from the start, for [CodeStytchUnavailable].
func Live(ctx context.Context) (live context.Context, stop context.CancelFunc) {
	live, end := context.WithCancelCause(ctx)
	c := &connection{live: live, end: end}
	if names, begin := c.restsOn(innermost(ctx)); begin != nil {
		if c.auth().watches.Add(names, c, begin) {
			context.AfterFunc(live, func() { c.auth().watches.Remove(names.Key, c) })
		} else {
			c.deny(refuse(CodeStytchUnavailable, errNotWatched))
		}
	}
	return live, func() { end(context.Canceled) }
}

var errNotWatched = errors.New("as many sessions as Limits.Connections are watched already, or the Authenticator is closed")

// connection is what lives long, and rests on a session or an access token.
type connection struct {
	live    context.Context //nolint:containedctx // it is what ends
	end     context.CancelCauseFunc
	guards  []*Guard // that let it through, the innermost first
	cred    stytch.Credential
	judged  *session.Facts                // what was held against the guards' rules last
	judging atomic.Pointer[session.Facts] // what is held against them at the moment
}

// restsOn finds what a connection rests on, and what watches that; nil where nobody is signed in.
func (c *connection) restsOn(in *decided) (watch.Names, func() watch.Subject[*connection]) {
	if in == nil || in.decision.guard == nil {
		return watch.Names{}, nil
	}
	d := &in.decision
	c.cred = stytch.Credential{Kind: stytch.JWT, Value: d.on.proof}
	if t := d.Token; t != nil {
		c.guards = []*Guard{d.guard}
		return watch.Names{Key: endings.Token(d.on.proof)}, func() watch.Subject[*connection] {
			return &watch.Token[*connection]{Clock: d.by().clock, Until: t.ExpiresAt().Add(token.Leeway)}
		}
	}
	if d.Session == nil {
		return watch.Names{}, nil
	}
	if presented.IsTokenShaped(d.on.proof) {
		c.cred.Kind = stytch.Token
	}
	for ; in != nil; in = innermost(in.Context) {
		if in.decision.by() == d.by() && in.decision.Session.ID() == d.Session.ID() {
			c.guards = append(c.guards, in.decision.guard)
		}
	}
	c.judged = &d.Session.facts
	return c.names(d.Session), func() watch.Subject[*connection] {
		return watch.NewSession[*connection](d.by().watchSources(), &d.Session.facts, c.cred)
	}
}

// names are how what the connection rests on is found.
func (c *connection) names(s *Session) watch.Names {
	return watch.Names{
		Key: endings.Session(s.ID()), Also: c.tokens(),
		Whose: []endings.Key{endings.Subject(s.Subject()), endings.Organization(s.OrganizationID())},
	}
}

// tokens name the opaque token that stands for the session, as any replica may; none where it is a JWT.
func (c *connection) tokens() []endings.Key {
	if c.cred.Kind != stytch.Token {
		return nil
	}
	return c.auth().replicaKeys.Names(c.cred.Value)
}

func (c *connection) auth() *Authenticator { return c.guards[0].auth }

// deny ends the connection as a new request of it would be denied.
func (c *connection) deny(why *refusal) { c.end(c.auth().denial(unreadable{}, why, true)) }

// End implements [watch.Connection].
func (c *connection) End(why watch.Why, err error) {
	code := [...]string{
		watch.Ended: CodeSessionEnded, watch.Refused: CodeSessionInvalid,
		watch.Expired: CodeTokenInvalid, watch.Unavailable: CodeStytchUnavailable,
	}[why]
	c.deny(refuse(code, err))
}

// Fresh implements [watch.Connection].
func (c *connection) Fresh() time.Duration {
	fresh := c.guards[0].need.fresh
	for _, g := range c.guards[1:] {
		fresh = min(fresh, g.need.fresh)
	}
	return fresh
}

// IsEnded implements [watch.Connection].
func (c *connection) IsEnded() bool {
	return c.cred.Kind == stytch.Token && c.auth().endingOfProven(c.cred.Value).Over
}

// Judge implements [watch.Connection]: all else goes on, as an application's check takes the time that it
// takes. Of those that come meanwhile, the latest follows.
func (c *connection) Judge(facts *session.Facts) {
	if !facts.VouchedAt.After(c.judged.VouchedAt) {
		return
	}
	c.judged = facts
	if c.judging.Swap(facts) != nil {
		return
	}
	c.auth().tasks.Run(func(context.Context) {
		for c.judge(facts); !c.judging.CompareAndSwap(facts, nil); c.judge(facts) {
			facts = c.judging.Load()
		}
	})
}

// judge holds the session as it is now against what guards want of whom they let through. A rule that
// cannot be told at the moment cuts nobody off.
func (c *connection) judge(facts *session.Facts) {
	s := &Session{facts: *facts}
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

// watchSources are what sessions that connections rest on are looked at with.
func (a *Authenticator) watchSources() watch.Sources {
	return watch.Sources{Clock: a.clock, Asker: a.asker, Endings: a.endings, Doubts: a.doubts, Said: a.said, Heed: a.heed}
}

// ended hears of a session or a token that is over.
func (a *Authenticator) ended(key endings.Key) {
	a.memory.Doubt()
	a.watches.Wake(key)
}

// vouched hears of a session that is known to have lived at a time: connections need not ask until later.
func (a *Authenticator) vouched(s *Session, by stytch.Credential) {
	if watched, ok := a.watches.Of(endings.Session(s.ID())).(*watch.Session[*connection]); ok {
		watched.Renew(&s.facts, by)
	}
}

// watchedBy is the session that connections rest on by this credential; nil where none does.
func (a *Authenticator) watchedBy(cred stytch.Credential) *Session {
	if cred.Kind != stytch.Token {
		return nil
	}
	if watched, ok := a.watches.Of(a.replicaKeys.Names(cred.Value)[0]).(*watch.Session[*connection]); ok {
		facts, _ := watched.Latest()
		return &Session{facts: *facts}
	}
	return nil
}
