package stytchkit

import (
	"context"
	"net/http"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// window is how long ago Stytch may have vouched for a session: within fresh, or within stale
// beyond that while it is asked again in the background.
type window struct{ fresh, stale time.Duration }

func (w window) isFresh(s *Session, now time.Time) bool { return isFresh(s, w.fresh, now) }

// isFresh reports whether Stytch vouched for the session recently enough. Fresh(0) knows no leeway.
func isFresh(s *Session, freshness time.Duration, now time.Time) bool {
	return freshness > 0 && now.Sub(s.vouchedAt) <= freshness+leeway
}

// isStale reports whether a session that is not fresh may be served once more.
func (w window) isStale(s *Session, now time.Time) bool {
	return w.fresh > 0 && w.stale > 0 && now.Sub(s.vouchedAt) <= w.fresh+w.stale+leeway && now.Before(s.ExpiresAt())
}

// recall answers from memory where the request presents one JWT, and exactly that is remembered.
// It allocates nothing.
func (a *Authenticator) recall(r Request, p *presented.Credentials, need window) (outcome, bool) {
	token, ok := p.JWTs.Sole()
	if !ok {
		return outcome{}, false
	}
	known := a.memory.recall(token)
	if known == nil {
		return outcome{}, false
	}
	return a.fromMemory(r, p, known, need, a.clock.Now())
}

// fromMemory judges what is remembered of the JWT presented. Cookies that came with Stytch's answer
// about an expired JWT are set for whoever still presents it.
func (a *Authenticator) fromMemory(r Request, p *presented.Credentials, known *remembered, need window, now time.Time) (outcome, bool) {
	o := outcome{session: known.session, source: FromCache, on: &known.on}
	switch {
	case now.Before(known.until) && need.isFresh(known.session, now):
	case need.isStale(known.session, now):
		a.revalidate(known, now)
	default:
		return outcome{}, false
	}
	if known.answer != nil {
		o.cookies = a.refreshed(r, p, known.answer)
	}
	return o, true
}

// refreshed are the cookies of Stytch's answer, unless the session was replaced here meanwhile.
func (a *Authenticator) refreshed(r Request, p *presented.Credentials, reply *answer) []*http.Cookie {
	if !p.ByCookie() || reply.token == "" || reply.jwt == "" || a.endings.of(reply.session.ID()).here {
		return nil
	}
	return a.jar.Store(r.Host(), reply.token, reply.jwt, reply.session.ExpiresAt())
}

// revalidate asks Stytch in the background about a session that is served stale. A terminal answer
// takes effect for the next request, and so do fresh cookies.
func (a *Authenticator) revalidate(known *remembered, now time.Time) {
	if !known.turn.take(now, a.cfg.Timeout) {
		return
	}
	a.tasks.run(func(ctx context.Context) {
		epoch := a.memory.epoch.Load()
		cred := stytch.Credential{Kind: stytch.JWT, Value: known.jwt()}
		reply, err := a.remote.ask(ctx, cred, true, a.cfg.Timeout)
		switch {
		case err == nil && reply.session.ID() == known.session.ID():
			verdict := jwtVerdict{raw: known.jwt(), kid: known.kid, key: known.key}
			a.memory.remember(verdict.answered(reply), epoch)
		case err != nil && stytch.FailureOf(err).Verdict == stytch.Over:
			a.endings.add(known.session.ID(), ending{over: true})
		default:
			known.turn.pass(a.clock.Now(), 0)
		}
	})
}
