package stytchkit

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// maxCalls is how often Stytch is asked for one request at most.
const maxCalls = 2

// Source says where a session came from.
type Source string

// The sources of a session.
const (
	FromJWT    Source = "jwt"    // its JWT was verified here
	FromCache  Source = "cache"  // it was remembered
	FromStytch Source = "stytch" // Stytch was asked for this request
)

// outcome is what the presented credentials came to: a session, or why there is none.
type outcome struct {
	session *Session
	source  Source
	proof   string  // the credential that decided, a copy of our own
	answer  *answer // Stytch's, when it was asked for this request
	refusal *refusal
	cookies []*http.Cookie
}

// decide finds the session that the request's credentials stand for, as recent as freshness asks.
// It is the procedure of the design, top to bottom.
func (a *Authenticator) decide(ctx context.Context, r Request, p *presented, freshness time.Duration) outcome {
	p.settle()
	if p.ambiguous {
		return outcome{refusal: refuse(CodeInvalidRequest, errTwoAuthorizations)}
	}
	if p.none() {
		return outcome{refusal: refuse(CodeSessionMissing, nil)}
	}
	d := decision{Authenticator: a, request: r, presented: p, freshness: freshness, now: a.clock.Now()}
	d.verifyJWTs(ctx)
	if d.ofTwoMembers() {
		return d.refuse(refuse(CodeInvalidRequest, errTwoMembers), true)
	}
	if verdict := d.freshJWT(); verdict != nil {
		return outcome{session: verdict.session, source: FromJWT, proof: verdict.raw}
	}
	return d.askStytch(ctx)
}

var (
	errTwoAuthorizations = errors.New("the request has two Authorization headers")
	errTwoMembers        = errors.New("the request presents live sessions of two members")
	errUnasked           = errors.New("more credentials were presented than one request may ask Stytch about")
	errForgedToken       = errors.New("the session token does not look like one of Stytch's")
	errEnded             = errors.New("the session has ended")
	errNotItsOwn         = errors.New("Stytch answered about another session than the JWT's")
)

// decision is the state of deciding about one request.
type decision struct {
	*Authenticator
	request   Request
	presented *presented
	freshness time.Duration
	now       time.Time

	verdicts [maxCandidates]jwtVerdict
	signed   []*jwtVerdict // by good signature, the most telling first
	calls    int
	seen     tally
}

// tally counts what became of the candidates, for the answer when none of them lives.
type tally struct {
	forged, refused, over error // the last reason of each kind
	handsOff              bool  // one was replaced or ended in this process: cookies are not touched
	open                  error // something is not known
	retryAfter            time.Duration
}

// verifyJWTs verifies every JWT presented. Those whose session has ended count as over.
func (d *decision) verifyJWTs(ctx context.Context) {
	for i, token := range d.presented.jwts.all() {
		verdict := &d.verdicts[i]
		*verdict = d.verifier.verify(ctx, token)
		switch {
		case verdict.standing == forged:
			d.seen.forged = verdict.err
		case verdict.standing == undecided:
			d.seen.open = verdict.err
		default:
			if d.isOver(verdict.session.ID()) {
				continue
			}
			d.signed = append(d.signed, verdict)
		}
	}
	slices.SortStableFunc(d.signed, func(a, b *jwtVerdict) int {
		if a.standing != b.standing {
			return cmp.Compare(b.standing, a.standing)
		}
		return b.session.vouchedAt.Compare(a.session.vouchedAt)
	})
}

// isOver reports, and counts, a session or token that is known to be over.
func (d *decision) isOver(id string) bool {
	known := d.endings.of(id)
	d.seen.handsOff = d.seen.handsOff || known.here
	if known.over {
		d.seen.over = errEnded
	}
	return known.over
}

// ofTwoMembers reports whether two valid JWTs contradict each other about who this is.
func (d *decision) ofTwoMembers() bool {
	for _, verdict := range d.signed {
		if verdict.standing == live && verdict.session.MemberID() != d.signed[0].session.MemberID() {
			return true
		}
	}
	return false
}

// freshJWT is the JWT that answers without a call, if there is one.
func (d *decision) freshJWT() *jwtVerdict {
	if len(d.signed) == 0 {
		return nil
	}
	best := d.signed[0]
	if best.standing != live || !d.endings.proves(best.session.vouchedAt) || !isFresh(best.session, d.freshness, d.now) {
		return nil
	}
	return best
}

// isFresh reports whether Stytch vouched for the session recently enough. Fresh(0) knows no leeway.
func isFresh(s *Session, freshness time.Duration, now time.Time) bool {
	return freshness > 0 && now.Sub(s.vouchedAt) <= freshness+leeway
}

// askStytch asks about signed JWTs first, then about opaque tokens, until one lives.
func (d *decision) askStytch(ctx context.Context) outcome {
	for _, verdict := range d.signed {
		cred := stytch.Credential{Kind: stytch.JWT, Value: verdict.raw}
		if found, done := d.ask(ctx, cred, verdict.session.ID()); done {
			return found
		}
	}
	for _, token := range d.presented.tokens.all() {
		if !isTokenShaped(token) {
			d.seen.forged = errForgedToken
			continue
		}
		token = strings.Clone(token) // it outlives the request's buffers
		if d.isOver(token) {
			continue
		}
		if found, done := d.ask(ctx, stytch.Credential{Kind: stytch.Token, Value: token}, ""); done {
			return found
		}
	}
	return d.refuseAll()
}

// ask asks about one credential; done says that its answer is the request's.
// sessionID is the session that a JWT is known to be of.
func (d *decision) ask(ctx context.Context, cred stytch.Credential, sessionID string) (found outcome, done bool) {
	if d.calls == maxCalls {
		d.seen.open = errUnasked
		return outcome{}, false
	}
	d.calls++
	reply, err := d.remote.ask(ctx, cred, d.freshness)
	if err == nil {
		return d.accept(reply, cred, sessionID)
	}
	failure := stytch.FailureOf(err)
	switch failure.Verdict {
	case stytch.Over:
		d.endings.add(sessionID, ending{over: true}) // a token's verdict condemns only that token
		d.isOver(cmp.Or(sessionID, cred.Value))      // it may have been ended here meanwhile
		d.seen.over = failure
		return outcome{}, false
	case stytch.Refused:
		d.log.Debug("stytchkit: Stytch refused a credential", "error", failure)
		d.seen.refused = failure
		return outcome{}, false
	case stytch.Misconfigured:
		return d.refuse(refuse(CodeStytchMisconfigured, failure), false), true
	case stytch.Unavailable:
	}
	d.seen.open, d.seen.retryAfter = failure, failure.RetryAfter
	return d.refuseAll(), true
}

// accept takes Stytch's word, unless it is about another session or one that ended here meanwhile.
func (d *decision) accept(reply *answer, cred stytch.Credential, sessionID string) (outcome, bool) {
	id := reply.session.ID()
	if sessionID != "" && id != sessionID {
		d.log.Error("stytchkit: Stytch answered about another session than was asked about")
		d.seen.open = errNotItsOwn
		return d.refuseAll(), true
	}
	if d.isOver(id) || d.isOver(cred.Value) {
		return outcome{}, false
	}
	found := outcome{session: reply.session, source: FromStytch, proof: cred.Value, answer: reply}
	if d.presented.byCookie() && !d.seen.handsOff && reply.token != "" && reply.jwt != "" {
		found.cookies = d.jar.session(d.request.Host(), reply.token, reply.jwt, reply.session.ExpiresAt())
	}
	return found, true
}

// refuseAll answers when no candidate lives. Only when every one is known to be over or worthless
// is the session said to have ended.
func (d *decision) refuseAll() outcome {
	seen := &d.seen
	switch {
	case seen.open != nil:
		unavailable := refuse(CodeStytchUnavailable, seen.open)
		unavailable.retryAfter = seen.retryAfter
		return d.refuse(unavailable, false)
	case seen.refused != nil:
		return d.refuse(refuse(CodeSessionInvalid, seen.refused), false)
	case seen.over != nil:
		return d.refuse(refuse(CodeSessionEnded, seen.over), true)
	}
	return d.refuse(refuse(CodeSessionInvalid, seen.forged), false)
}

// refuse is the outcome without a session. Cookies are cleared only where cookies were presented.
func (d *decision) refuse(why *refusal, clearCookies bool) outcome {
	o := outcome{refusal: why}
	if clearCookies && d.presented.byCookie() && !d.seen.handsOff {
		o.cookies = d.jar.clearSession(d.request.Host())
	}
	return o
}
