package stytchkit

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/doubts"
	"github.com/stytchkit/stytchkit/core/internal/presented"
)

// Source says where a session came from.
type Source string

// The sources of a session.
const (
	FromJWT    Source = "jwt"    // its JWT was verified here
	FromCache  Source = "cache"  // it was remembered
	FromStytch Source = "stytch" // Stytch was asked for this request
	FromToken  Source = "token"  // there is none: an access token was verified here, or remembered
)

// outcome is what the presented credentials came to: a session, or why there is none.
type outcome struct {
	session *Session
	source  Source
	on      *grounds
	cookies []*http.Cookie
}

// without is the outcome without a session.
func without(why *refusal) outcome { return outcome{on: &grounds{refusal: why}} }

var (
	errTwoAuthorizations = errors.New("the request has two Authorization headers")
	errTwoMembers        = errors.New("the request presents sessions of several members, and Stytch says of none but one that it lives")
	errTooMany           = errors.New("the request presents more sessions than can be told apart")
	errForgedToken       = errors.New("the session token does not look like one of Stytch's")
	errEnded             = errors.New("the session has ended")
	errNotItsOwn         = errors.New("Stytch answered about another session than the JWT's")
)

// decide finds the session that the request's credentials stand for, as recent as the guard asks.
// It is the procedure of the design, top to bottom.
func (a *Authenticator) decide(ctx context.Context, r Request, p *presented.Credentials, need window, now time.Time) outcome {
	if p.Ambiguous {
		return without(refuse(CodeInvalidRequest, errTwoAuthorizations))
	}
	p.Settle()
	if p.None() {
		return without(refuse(CodeSessionMissing, nil))
	}
	d := decision{Authenticator: a, request: r, presented: p, need: need, now: now, epoch: a.memory.Epoch()}
	d.lookAtJWTs(ctx)
	d.lookAtTokens()
	if p.TooMany() || len(d.jwts) > maxCandidates || len(d.tokens) > maxCandidates {
		return d.refuse(refuse(CodeInvalidRequest, errTooMany), false)
	}
	if ofSeveral(d.jwts) {
		if o, settled := d.tellApart(ctx); settled {
			return o
		}
	}
	if o, ok := d.local(); ok {
		return o
	}
	for i, c := range d.jwts { // of one member: the first that lives will do
		d.ask(ctx, c)
		if o, ok := d.firstAlive(d.jwts[i : i+1]); ok {
			return o
		}
	}
	d.ask(ctx, d.tokens...)
	if o, ok := d.firstAlive(d.tokens); ok {
		return o
	}
	return d.refuseAll()
}

// decision is the state of deciding about one request.
type decision struct {
	*Authenticator
	request   Request
	presented *presented.Credentials
	need      window
	now       time.Time
	epoch     uint64 // of memory, before anything was looked at

	jwts   []*candidate // by good signature, the most telling first
	tokens []*candidate // as presented
	seen   tally
}

// tally counts what became of the candidates, for the answer when none of them lives.
type tally struct {
	forged, refused, over error // the last reason of each kind
	otherKind             error // a session of the project's own proves Config.Vertical wrong
	handsOff              bool  // one was replaced or ended in this process: cookies are not touched
	open                  error // something is not known
	retryAfter            time.Duration
}

// local answers without a call, where the best JWT is fresh enough or may be served stale.
func (d *decision) local() (outcome, bool) {
	if len(d.jwts) == 0 {
		return outcome{}, false
	}
	best := d.jwts[0]
	if best.reply != nil {
		return outcome{}, false // Stytch's word is newer
	}
	if best.known != nil {
		if !d.willDo(best.known, d.need, d.now) {
			return outcome{}, false
		}
		return d.fromMemory(d.request, d.presented, &best.known.Value), true
	}
	doubt := d.doubts.Of(&best.session.facts)
	if best.standing == early || doubt == doubts.Hard || !d.proves(&best.session.facts) {
		return outcome{}, false
	}
	fresh := best.standing == live && d.need.isFresh(best.session, d.now)
	if !fresh && !(d.memory.Remembers() && d.need.isStale(best.session, d.now)) {
		return outcome{}, false
	}
	known := best.verified()
	d.keep(known, d.epoch)
	d.vouched(best.session, known.Value.credential())
	if !fresh || doubt == doubts.Soft && d.memory.Remembers() {
		d.revalidate(known, d.now)
	}
	return outcome{session: best.session, source: FromJWT, on: &known.Value.on}, true
}

// refuseAll answers when no candidate lives. Only when every one is known to be over or worthless
// is the session said to have ended.
func (d *decision) refuseAll() outcome {
	seen := &d.seen
	switch {
	case seen.otherKind != nil:
		return d.refuse(refuse(CodeStytchMisconfigured, seen.otherKind), false)
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
	o := without(why)
	if clearCookies && d.presented.ByCookie() && !d.seen.handsOff {
		o.cookies = d.jar.Clear(d.request.Host())
	}
	return o
}
