package stytchkit

import (
	"context"
	"crypto/rsa"
	"net/http"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/memory"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// window is how long ago Stytch may have vouched for a session: within fresh, or within stale
// beyond that while it is asked again in the background.
type window struct{ fresh, stale time.Duration }

func (w window) isFresh(s *Session, now time.Time) bool { return isFresh(s, w.fresh, now) }

// isFresh reports whether Stytch vouched for the session recently enough. Fresh(0) knows no leeway.
func isFresh(s *Session, freshness time.Duration, now time.Time) bool {
	return freshness > 0 && now.Sub(s.facts.VouchedAt) <= freshness+leeway
}

// isStale reports whether a session that is not fresh may be served once more.
func (w window) isStale(s *Session, now time.Time) bool {
	return w.fresh > 0 && w.stale > 0 && now.Sub(s.facts.VouchedAt) <= w.fresh+w.stale+leeway && now.Before(s.ExpiresAt())
}

// remembered is what one credential stands for, in memory.
type remembered = memory.Entry[recollection]

type recollection struct {
	on      grounds // of decisions by this memory: its JWT, a copy of our own, is the proof
	session *Session
	until   time.Time      // when the JWT, or Stytch's answer about it, is good no longer
	kid     string         // of the key that the JWT was verified with
	key     *rsa.PublicKey // that key
	answer  *answer        // Stytch's, about a JWT that had expired; nil when it was verified here
}

// verified is the memory of a JWT that was found good here.
func (v *jwtVerdict) verified() *remembered {
	return memory.NewEntry(v.raw, recollection{on: grounds{proof: v.raw}, session: v.session, until: v.expires, kid: v.kid, key: v.key})
}

// answered is the memory of Stytch's answer about an expired JWT.
func (v *jwtVerdict) answered(reply *answer) *remembered {
	return memory.NewEntry(v.raw, recollection{
		on: grounds{proof: v.raw}, session: reply.session, until: reply.session.ExpiresAt(), kid: v.kid, key: v.key,
		answer: &answer{session: reply.session, token: reply.token, jwt: reply.jwt},
	})
}

// answer is Stytch's word about one credential. It never changes.
type answer struct {
	session      *Session // vouched for when the call was sent
	member       *organizations.Member
	organization *organizations.Organization
	token        string
	jwt          string
}

// askAbout asks Stytch about a credential; see [asking.Asker.Ask].
func (a *Authenticator) askAbout(ctx context.Context, cred stytch.Credential, freshness time.Duration) (*answer, error) {
	found, err := a.asker.Ask(ctx, cred, a.proven.Has(cred), freshness)
	if err != nil {
		return nil, err
	}
	return &answer{
		session: &Session{facts: found.Facts},
		member:  found.Member, organization: found.Organization,
		token: found.Token, jwt: found.JWT,
	}, nil
}

// recall answers from memory where the request presents one JWT, and exactly that is remembered.
// It allocates nothing.
func (a *Authenticator) recall(r Request, p *presented.Credentials, need window) (outcome, bool) {
	token, ok := p.JWTs.Sole()
	if !ok {
		return outcome{}, false
	}
	known := a.memory.Recall(token)
	if known == nil {
		return outcome{}, false
	}
	return a.fromMemory(r, p, known, need, a.clock.Now())
}

// fromMemory judges what is remembered of the JWT presented. Cookies that came with Stytch's answer
// about an expired JWT are set for whoever still presents it.
func (a *Authenticator) fromMemory(r Request, p *presented.Credentials, known *remembered, need window, now time.Time) (outcome, bool) {
	v := &known.Value
	o := outcome{session: v.session, source: FromCache, on: &v.on}
	switch {
	case now.Before(v.until) && need.isFresh(v.session, now):
	case need.isStale(v.session, now):
		a.revalidate(known, now)
	default:
		return outcome{}, false
	}
	if v.answer != nil {
		o.cookies = a.refreshed(r, p, v.answer)
	}
	return o, true
}

// refreshed are the cookies of Stytch's answer, unless the session was replaced here meanwhile.
func (a *Authenticator) refreshed(r Request, p *presented.Credentials, reply *answer) []*http.Cookie {
	if !p.ByCookie() || reply.token == "" || reply.jwt == "" || a.endings.Of(reply.session.ID()).Here {
		return nil
	}
	return a.jar.Store(r.Host(), reply.token, reply.jwt, reply.session.ExpiresAt())
}

// revalidate asks Stytch in the background about a session that is served stale. A terminal answer
// takes effect for the next request, and so do fresh cookies.
func (a *Authenticator) revalidate(known *remembered, now time.Time) {
	if !known.Turn.Take(now, a.cfg.Timeout) {
		return
	}
	a.tasks.Run(func(ctx context.Context) {
		epoch, v := a.memory.Epoch(), &known.Value
		cred := stytch.Credential{Kind: stytch.JWT, Value: v.on.proof}
		reply, err := a.askAbout(ctx, cred, a.cfg.Timeout)
		switch {
		case err == nil && reply.session.ID() == v.session.ID():
			verdict := jwtVerdict{raw: v.on.proof, kid: v.kid, key: v.key}
			a.memory.Remember(verdict.answered(reply), epoch)
		case err != nil && stytch.FailureOf(err).Verdict == stytch.Over:
			a.endings.Add(v.session.ID(), endings.Ending{Over: true})
		default:
			known.Turn.Pass(a.clock.Now(), 0)
		}
	})
}
