package stytchkit

import (
	"context"
	"crypto/rsa"
	"net/http"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/doubts"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/memory"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// remembered is what one credential stands for, in memory.
type remembered = memory.Entry[recollection]

type recollection struct {
	on      grounds // of decisions by this memory: its credential, a copy of our own, is the proof
	session *Session
	until   time.Time      // when the JWT, or Stytch's answer, is good no longer
	answer  *answer        // Stytch's; nil for a JWT that was verified here
	kid     string         // of the key that a JWT was verified with
	key     *rsa.PublicKey // that key; nil for an opaque token
	expires time.Time      // when a JWT stops to be live
}

// verified is the memory of a JWT that was found good here.
func (v *jwtVerdict) verified() *remembered {
	return memory.NewEntry(v.raw, recollection{
		on: grounds{proof: v.raw}, session: v.session, until: v.expires, kid: v.kid, key: v.key, expires: v.expires,
	})
}

// answered is the memory of Stytch's answer about a credential, a JWT of which comes with its verdict.
func answered(cred stytch.Credential, v *jwtVerdict, reply *answer) *remembered {
	return memory.NewEntry(cred.Value, recollection{
		on: grounds{proof: cred.Value}, session: reply.session, until: reply.session.ExpiresAt(),
		answer: &answer{session: reply.session, token: reply.token, jwt: reply.jwt},
		kid:    v.kid, key: v.key, expires: v.expires,
	})
}

// A usual session weighs one, and about so many bytes.
const usualBytes = 4 << 10

// weight is about how much is held, in usual sessions: the credential and the answer's, what stands beside
// them, and what is kept once a handler has read the session, which grows with the payload.
func (v *recollection) weight() int {
	bytes := 1<<10 + len(v.on.proof) + 3*len(v.session.facts.Payload)/2 + 3*v.session.facts.Told.Size()
	if v.answer != nil {
		bytes += len(v.answer.token) + len(v.answer.jwt)
	}
	return max(1, (bytes+usualBytes/2)/usualBytes)
}

// credential is what this is remembered of.
func (v *recollection) credential() stytch.Credential {
	if v.key == nil {
		return stytch.Credential{Kind: stytch.Token, Value: v.on.proof}
	}
	return stytch.Credential{Kind: stytch.JWT, Value: v.on.proof}
}

// lookAgain looks at a memory again after keys have left, sessions have ended or somebody has changed. Of
// whoever has changed, Stytch is asked in the background.
func (a *Authenticator) lookAgain(known *remembered) memory.Finding {
	found := a.worthOf(&known.Value)
	if found == memory.Serving {
		a.revalidate(known, a.clock.Now())
	}
	return found
}

func (a *Authenticator) worthOf(v *recollection) memory.Finding {
	facts := &v.session.facts
	doubt := a.doubts.Of(facts)
	switch {
	case doubt == doubts.Hard, !a.proves(facts), a.endings.Of(endings.Session(facts.ID)).Over:
		return memory.Gone
	case v.key == nil && a.endingOfProven(v.on.proof).Over:
		return memory.Gone
	case v.key != nil && !a.keys.Has(v.kid, v.key):
		return memory.Gone
	case doubt == doubts.Soft:
		return memory.Serving
	}
	return memory.Holding
}

// proves reports whether what vouches for a session can prove that it lives: no ending that may have been
// its own has been forgotten since.
func (a *Authenticator) proves(f *session.Facts) bool {
	if f.IsAnswer() {
		return a.endings.ProvesAnswer(f.VouchedAt)
	}
	return a.endings.Proves(f.VouchedAt, leeway)
}

// recall is what is remembered of the one credential that decides, where that will do for the guard; nil
// where it will not, or where several are presented. It allocates nothing.
func (a *Authenticator) recall(p *presented.Credentials, need window, at *reading) *remembered {
	credential, ok := p.JWTs.Sole()
	if !ok && p.JWTs.None() {
		credential, ok = p.Tokens.Sole()
	}
	if !ok || credential == "" {
		return nil
	}
	known := a.memory.Recall(credential)
	if known == nil || !a.willDo(known, need, at.now()) {
		return nil
	}
	return known
}

// isFresh reports whether what is remembered will do for the guard as it is.
func (v *recollection) isFresh(need window, now time.Time) bool {
	return now.Before(v.until) && need.isFresh(v.session, now)
}

// willDo reports whether what is remembered will do for the guard, if only while Stytch is asked again.
func (a *Authenticator) willDo(known *remembered, need window, now time.Time) bool {
	if known.Value.isFresh(need, now) {
		return true
	}
	if !need.isStale(known.Value.session, now) {
		return false
	}
	a.revalidate(known, now)
	return true
}

// fromMemory is the outcome of what is remembered of a credential presented. The cookies that came with
// Stytch's answer are set for whoever does not present them yet.
func (a *Authenticator) fromMemory(r Request, p *presented.Credentials, v *recollection) outcome {
	o := outcome{session: v.session, source: FromCache, on: &v.on}
	if v.answer != nil && !a.jar.Keeps(p.Tokens.All(), p.JWTs.All(), v.answer.token, v.answer.jwt) {
		o.cookies = a.refreshed(r, p, v.answer, v.credential())
	}
	return o
}

// refreshed are the cookies of Stytch's answer about a credential, unless it was replaced here meanwhile.
func (a *Authenticator) refreshed(r Request, p *presented.Credentials, reply *answer, about stytch.Credential) []*http.Cookie {
	if !p.ByCookie() || reply.token == "" || reply.jwt == "" || a.isReplaced(reply.session, about) {
		return nil
	}
	return a.store(r, reply.token, reply.jwt, reply.session.ExpiresAt())
}

// isReplaced reports whether a session, or the token that stands for it, was replaced or ended here.
func (a *Authenticator) isReplaced(s *Session, about stytch.Credential) bool {
	if a.endings.Of(endings.Session(s.ID())).Here {
		return true
	}
	return about.Kind == stytch.Token && a.endingOfToken(about.Value).Here
}

// endingOfToken is what is known of an opaque token, proven or not.
func (a *Authenticator) endingOfToken(token string) (known endings.Ending) {
	for _, key := range a.replicaKeys.Names(token) {
		known = known.With(a.endings.Of(key)).With(a.noted.Of(key))
	}
	return known
}

// keep remembers what was found out since the epoch began. It is looked at again each time while it is
// in doubt.
func (a *Authenticator) keep(known *remembered, epoch uint64) {
	if a.doubts.Of(&known.Value.session.facts) == doubts.Soft {
		epoch = memory.Unsettled
	}
	a.memory.Remember(known, epoch)
}

// remember keeps Stytch's answer. Where the session was doubted, the JWT that came with it may be too young
// to be told from one of before: it is as good as the answer, and need not be asked about.
func (a *Authenticator) remember(ctx context.Context, known *remembered, epoch uint64) {
	a.keep(known, epoch)
	jwt := known.Value.answer.jwt
	if jwt == "" || jwt == known.Value.on.proof || !a.memory.Remembers() {
		return
	}
	if v := a.verifyDoubted(ctx, known.Value.session, jwt); v != nil {
		a.memory.Remember(answered(stytch.Credential{Kind: stytch.JWT, Value: v.raw}, v, known.Value.answer), epoch)
	}
}

// verifyDoubted is the verdict on a JWT of the session that does not vouch for it, though it is live; nil on any other.
func (a *Authenticator) verifyDoubted(ctx context.Context, s *Session, jwt string) *jwtVerdict {
	if !a.doubts.Concerns(&s.facts) {
		return nil
	}
	v := a.verifier.verify(ctx, jwt)
	if v.standing != live || v.session.ID() != s.ID() || a.doubts.Of(&v.session.facts) == doubts.None {
		return nil
	}
	return &v
}

// endingOfProven is what is known of an opaque token that Stytch has vouched for.
func (a *Authenticator) endingOfProven(token string) (known endings.Ending) {
	for _, key := range a.replicaKeys.Names(token) {
		known = known.With(a.endings.Of(key))
	}
	return known
}

// revalidate asks Stytch in the background about a session that is served stale. A terminal answer
// takes effect for the next request, and so do fresh cookies.
func (a *Authenticator) revalidate(known *remembered, now time.Time) {
	if !known.Turn.Take(now, a.cfg.Timeout) {
		return
	}
	a.tasks.Run(func(ctx context.Context) {
		epoch, v := a.memory.Epoch(), &known.Value
		cred := v.credential()
		reply, err := a.askAbout(ctx, fair.OfID(v.session.facts.Subject), cred, a.cfg.Timeout)
		switch {
		case err == nil && reply.session.ID() == v.session.ID():
			renewed := answered(cred, &jwtVerdict{kid: v.kid, key: v.key, expires: v.expires}, reply)
			if a.worthOf(&renewed.Value) != memory.Gone { // it may have ended before the epoch was read
				a.remember(ctx, renewed, epoch)
			}
		case err != nil && stytch.FailureOf(err).Verdict == stytch.Over:
			a.heed(cred, v.session.view(), stytch.FailureOf(err))
		default:
			known.Turn.Pass(a.clock.Now(), 0)
		}
	})
}
