package stytchkit

import (
	"context"
	"math/rand/v2"
	"sync/atomic"

	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/watch"
)

// Live is ctx for a connection that outlives its request's decision, such as a WebSocket or a stream of
// events: it is done as soon as the session that guards put into ctx is over, and [context.Cause] is then
// the *[Denial] that a new request would get. Take it before the upgrade, and call stop when the connection
// ends.
//
// All connections of a session share one call to Stytch, each time that the shortest freshness of their
// guards has passed (every 10 seconds at the most); it never extends the session. Whatever ends the session
// in this process ends them at once. Roles, permissions and checks are judged again; the organization of
// the path and the age of the sign-in were decided when the connection began. While Stytch cannot be asked
// they stay open, until the session expires, unless it has announced that their member, user or organization
// was deleted. A connection by an access token ends when that expires.
//
// Behind Optional, an anonymous connection costs nothing. When [Limits].Connections sessions are watched
// already, the context is done from the start, for [CodeStytchUnavailable].
func Live(ctx context.Context) (live context.Context, stop context.CancelFunc) {
	live, end := context.WithCancelCause(ctx)
	c := &connection{live: live, end: end}
	if names, begin := c.restsOn(innermost(ctx)); begin != nil {
		if c.guards[0].auth.watches.Add(names, c, begin) {
			context.AfterFunc(live, func() { c.guards[0].auth.watches.Remove(names.Key, c) })
		} else {
			c.deny(refuse(CodeStytchUnavailable, errTooManyConnections))
		}
	}
	return live, func() { end(context.Canceled) }
}

// connection is what lives long, and rests on a session or an access token.
type connection struct {
	live    context.Context //nolint:containedctx // it is what ends
	end     context.CancelCauseFunc
	guards  []*Guard // that let it through, the innermost first
	cred    stytch.Credential
	judging atomic.Pointer[Session] // what is held against the guards' rules at the moment
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
		return watch.Names{Key: endings.Token(d.on.proof)}, func() watch.Subject[*connection] { return &watchedToken{d.by(), t} }
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
	return c.names(d.Session), func() watch.Subject[*connection] {
		return &watchedSession{Authenticator: d.by(), spread: rand.Float64() / 10, judged: d.Session, session: d.Session, cred: c.cred} //nolint:gosec // jitter, not a secret
	}
}

// names are how what the connection rests on is found.
func (c *connection) names(s *Session) watch.Names {
	return watch.Names{
		Key: endings.Session(s.ID()), Also: c.token(),
		Whose: []endings.Key{endings.Subject(s.Subject()), endings.Organization(s.OrganizationID())},
	}
}

// token is the opaque one that stands for the session; the zero value where there is none.
func (c *connection) token() endings.Key {
	if c.cred.Kind != stytch.Token {
		return endings.Key{}
	}
	return c.guards[0].auth.tokenKeys(c.cred.Value)[0]
}

// deny ends the connection as a new request of it would be denied.
func (c *connection) deny(why *refusal) { c.end(c.guards[0].auth.denial(unreadable{}, why, true)) }
