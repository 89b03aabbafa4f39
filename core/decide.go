package stytchkit

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/presented"
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
	on      *grounds
	cookies []*http.Cookie
}

// without is the outcome without a session.
func without(why *refusal) outcome { return outcome{on: &grounds{refusal: why}} }

// decide finds the session that the request's credentials stand for, as recent as the guard asks.
// It is the procedure of the design, top to bottom.
func (a *Authenticator) decide(ctx context.Context, r Request, p *presented.Credentials, need window) outcome {
	if p.Ambiguous {
		return without(refuse(CodeInvalidRequest, errTwoAuthorizations))
	}
	p.Settle()
	if p.None() {
		return without(refuse(CodeSessionMissing, nil))
	}
	d := decision{Authenticator: a, request: r, presented: p, need: need, now: a.clock.Now(), epoch: a.memory.Epoch()}
	d.verifyJWTs(ctx)
	if d.ofTwoMembers() {
		return d.refuse(refuse(CodeInvalidRequest, errTwoMembers), true)
	}
	if o, ok := d.local(); ok {
		return o
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
	presented *presented.Credentials
	need      window
	now       time.Time
	epoch     uint64 // of memory, before anything was looked at

	verdicts [presented.MaxCandidates]jwtVerdict
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
	for i, token := range d.presented.JWTs.All() {
		verdict := &d.verdicts[i]
		if *verdict = d.recalled(token); verdict.session == nil {
			*verdict = d.verifier.verify(ctx, token)
		}
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
		return b.session.facts.VouchedAt.Compare(a.session.facts.VouchedAt)
	})
}

// recalled is the verdict on a JWT that was verified before.
func (d *decision) recalled(token string) jwtVerdict {
	entry := d.memory.Recall(token)
	if entry == nil || entry.Value.answer != nil {
		return jwtVerdict{}
	}
	known := &entry.Value
	verdict := jwtVerdict{standing: expired, session: known.session, expires: known.until, raw: known.on.proof, kid: known.kid, key: known.key}
	if d.now.Before(known.until) {
		verdict.standing = live
	}
	return verdict
}

// isOver reports, and counts, a session or token that is known to be over.
func (d *decision) isOver(id string) bool {
	known := d.endings.Of(id)
	d.seen.handsOff = d.seen.handsOff || known.Here
	if known.Over {
		d.seen.over = errEnded
	}
	return known.Over
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

// local answers without a call, where a JWT is fresh enough or may be served stale.
func (d *decision) local() (outcome, bool) {
	if len(d.signed) == 0 {
		return outcome{}, false
	}
	best := d.signed[0]
	if best.standing == early || !d.endings.Proves(best.session.facts.VouchedAt) {
		return outcome{}, false
	}
	fresh := best.standing == live && d.need.isFresh(best.session, d.now)
	if !fresh && !(d.memory.Remembers() && d.need.isStale(best.session, d.now)) {
		return outcome{}, false
	}
	known := best.verified()
	d.memory.Remember(known, d.epoch)
	if !fresh {
		d.revalidate(known, d.now)
	}
	return outcome{session: best.session, source: FromJWT, on: &known.Value.on}, true
}

// askStytch asks about signed JWTs first, then about opaque tokens, until one lives.
func (d *decision) askStytch(ctx context.Context) outcome {
	for _, verdict := range d.signed {
		if o, done := d.ask(ctx, stytch.Credential{Kind: stytch.JWT, Value: verdict.raw}, verdict); done {
			return o
		}
	}
	for _, token := range d.presented.Tokens.All() {
		if !presented.IsTokenShaped(token) {
			d.seen.forged = errForgedToken
			continue
		}
		token = strings.Clone(token) // it outlives the request's buffers
		if d.isOver(token) {
			continue
		}
		if o, done := d.ask(ctx, stytch.Credential{Kind: stytch.Token, Value: token}, nil); done {
			return o
		}
	}
	return d.refuseAll()
}

// ask asks about one credential; done says that its answer is the request's. A JWT comes with the
// verdict on it, whose session the answer must be about.
func (d *decision) ask(ctx context.Context, cred stytch.Credential, signed *jwtVerdict) (o outcome, done bool) {
	if failure := d.refusals.Of(cred); failure != nil {
		d.note(failure, cred, signed)
		return outcome{}, false
	}
	if signed != nil {
		if known := d.memory.Recall(signed.raw); known != nil && known.Value.answer != nil {
			if o, ok := d.fromMemory(d.request, d.presented, known, d.need, d.now); ok {
				return o, true
			}
		}
	}
	if d.calls == maxCalls {
		d.seen.open = errUnasked
		return outcome{}, false
	}
	d.calls++
	reply, err := d.askAbout(ctx, cred, d.need.fresh)
	if err == nil {
		return d.accept(reply, cred, signed)
	}
	failure := stytch.FailureOf(err)
	switch failure.Verdict {
	case stytch.Over, stytch.Refused:
		d.refusals.Add(cred, failure)
		d.note(failure, cred, signed)
		return outcome{}, false
	case stytch.Misconfigured:
		return d.refuse(refuse(CodeStytchMisconfigured, failure), false), true
	case stytch.Unavailable:
	}
	d.seen.open, d.seen.retryAfter = failure, failure.RetryAfter
	return d.refuseAll(), true
}

// note counts what Stytch refused. A verdict on a JWT bars its session's other JWTs; one on an
// opaque token condemns only that token.
func (d *decision) note(failure *stytch.Failure, cred stytch.Credential, signed *jwtVerdict) {
	if failure.Verdict == stytch.Refused {
		d.log.Debug("stytchkit: Stytch refused a credential", "error", failure)
		d.seen.refused = failure
		return
	}
	id := cred.Value
	if signed != nil {
		id = signed.session.ID()
		d.endings.Add(id, endings.Ending{Over: true})
	}
	d.isOver(id) // it may have been ended here meanwhile
	d.seen.over = failure
}

// accept takes Stytch's word, unless it is about another session or one that ended here meanwhile.
func (d *decision) accept(reply *answer, cred stytch.Credential, signed *jwtVerdict) (outcome, bool) {
	id := reply.session.ID()
	if signed != nil && id != signed.session.ID() {
		d.log.Error("stytchkit: Stytch answered about another session than was asked about")
		d.seen.open = errNotItsOwn
		return d.refuseAll(), true
	}
	if d.isOver(id) || d.isOver(cred.Value) {
		return outcome{}, false
	}
	d.proven.Add(reply.token)
	if signed == nil {
		d.proven.Add(cred.Value)
	} else if signed.standing == expired {
		d.memory.Remember(signed.answered(reply), d.epoch)
	}
	o := outcome{session: reply.session, source: FromStytch, on: &grounds{proof: cred.Value, answer: reply}}
	if !d.seen.handsOff {
		o.cookies = d.refreshed(d.request, d.presented, reply)
	}
	return o, true
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
	o := without(why)
	if clearCookies && d.presented.ByCookie() && !d.seen.handsOff {
		o.cookies = d.jar.Clear(d.request.Host())
	}
	return o
}
