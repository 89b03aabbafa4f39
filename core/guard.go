package stytchkit

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
)

// Guard decides about requests. It is made once, where routes are built, and is safe for
// concurrent use.
type Guard struct {
	auth             *Authenticator
	required         bool
	need             window
	fresh, stale     bound // of need, while the guard is made
	allowCrossOrigin bool
	stepUp           string // the name of a rule about factors, if there is one
	rules            []Rule // what a session must meet, the most helpful refusal first
}

// Require lets requests with a session through that meets every rule, and denies all others.
// It panics when a is nil or a rule cannot work.
func (a *Authenticator) Require(rules ...Rule) *Guard { return newGuard(a, true, rules) }

// Optional attaches a session if there is one and lets every request through, except one whose
// credentials contradict each other. It takes only rules that make sense without a session, such
// as [Fresh] and [AllowCrossOrigin], and panics as [Authenticator.Require] does.
func (a *Authenticator) Optional(rules ...Rule) *Guard { return newGuard(a, false, rules) }

func newGuard(a *Authenticator, required bool, rules []Rule) *Guard {
	if a == nil {
		panic("stytchkit: the Authenticator is nil (make one with stytchkit.New, and check its error)")
	}
	g := &Guard{auth: a, required: required, fresh: bound{value: a.cfg.Freshness}, stale: bound{value: a.cfg.StaleWhileRevalidate}}
	for _, rule := range rules {
		if rule.set == nil {
			panic("stytchkit: a Rule is empty (make rules with functions such as stytchkit.Fresh)")
		}
		if !required && !rule.optional {
			panic("stytchkit: Optional does not take " + rule.name + ": it lets requests without a session through (write Require)")
		}
		rule.set(g)
		if rule.check != nil {
			g.rules = append(g.rules, rule)
		}
	}
	slices.SortStableFunc(g.rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.within, b.within))
	})
	g.settleStale()
	g.need = window{fresh: g.fresh.value, stale: g.stale.value}
	return g
}

// settleStale keeps stale sessions from routes that must not see them.
func (g *Guard) settleStale() {
	byRule := g.stale.byRule && g.stale.value > 0
	switch {
	case byRule && g.fresh.value == 0:
		panic("stytchkit: Stale and Fresh(0) contradict each other: nothing is stale when Stytch is always asked (write one of them)")
	case byRule && g.stepUp != "":
		panic("stytchkit: Stale and " + g.stepUp + " contradict each other: a stale session proves no recent sign-in (write one of them)")
	case g.stepUp != "":
		g.stale.value = 0
	}
}

// bound is a default, or the strictest that rules say in its place.
type bound struct {
	value  time.Duration
	byRule bool
}

func (b *bound) tighten(d time.Duration) {
	if !b.byRule || d < b.value {
		b.value, b.byRule = d, true
	}
}

// Decision is what a [Guard] makes of one request.
type Decision struct {
	// Session is nil when the request is anonymous, denied or undecided.
	Session *Session
	// Source says where the session came from; empty without one.
	Source Source
	// FromCache: no call to Stytch stands behind this answer; it was verified here, or remembered.
	FromCache bool
	// Initialized is false when Stytch would have had to be asked and could not be.
	Initialized bool
	// Cookies are to be set on the response, whatever becomes of the request. See [Decision.SetHeader].
	Cookies []*http.Cookie
	// Header is to be added to an allowed response; nil with a Denial, which has its own.
	Header http.Header
	// Denial is the answer; nil: go on to the handler.
	Denial *Denial

	by      *Authenticator
	seen    trace
	refusal *refusal // why there is no session
	answer  *answer  // Stytch's, when it was asked for this request
}

// Member is the member as Stytch described them when it was asked for this request, a copy of the
// caller's own; nil when it was not asked.
func (d Decision) Member() *organizations.Member {
	if d.Session == nil || d.answer == nil {
		return nil
	}
	return copyOf(d.answer.member)
}

// Organization is to the organization what [Decision.Member] is to the member.
func (d Decision) Organization() *organizations.Organization {
	if d.Session == nil || d.answer == nil {
		return nil
	}
	return copyOf(d.answer.organization)
}

// Check decides about one request. It keeps nothing of r. It never panics, and a denied request
// must not reach the handler.
func (g *Guard) Check(ctx context.Context, r Request) Decision {
	if g.auth.cfg.Observer == nil {
		return g.check(ctx, r)
	}
	began := g.auth.clock.Now()
	d := g.check(ctx, r)
	g.auth.cfg.Observer.Decided(d.made(g.auth.clock.Now().Sub(began)))
	return d
}

// made is the decision as an observer hears of it.
func (d *Decision) made(took time.Duration) DecisionMade {
	m := DecisionMade{Source: d.Source, Allowed: d.Denial == nil, Duration: took}
	switch {
	case d.Denial != nil:
		m.Code = d.Denial.Code
	case d.refusal != nil:
		m.Code = d.refusal.code
	}
	return m
}

func (g *Guard) check(ctx context.Context, r Request) (d Decision) {
	var p presented
	defer func() {
		if v := recover(); v != nil {
			g.auth.log.Error("stytchkit: deciding about a request panicked", "panic", v)
			d = g.conclude(r, &p, outcome{refusal: refuse(CodeStytchUnavailable, panicked(v))}, true)
		}
	}()
	p.read(r, &g.auth.names)
	if !g.allowCrossOrigin && p.byCookie() && crossOrigin(r, g.auth.cfg.TrustedOrigins) {
		return g.conclude(r, &p, outcome{refusal: refuse(CodeCrossOrigin, nil)}, true)
	}
	if outer := g.auth.decisionOf(ctx); outer != nil && g.settledBy(outer, &p) {
		return g.judge(ctx, r, g.conclude(r, &p, outer.outcome(), false), p.bearer)
	}
	if o, ok := g.auth.recall(r, &p, g.need); ok {
		return g.judge(ctx, r, g.conclude(r, &p, o, true), p.bearer)
	}
	cold := p // what decides at length may live on the heap
	return g.judge(ctx, r, g.conclude(r, &cold, g.auth.decide(ctx, r, &cold, g.need), true), p.bearer)
}

// judge holds a session against the guard's rules.
func (g *Guard) judge(ctx context.Context, r Request, d Decision, bearer bool) Decision {
	if d.Session == nil {
		return d
	}
	for i := range g.rules {
		if why := g.rules[i].check(ctx, g.auth, r, d.Session); why != nil {
			return g.deny(r, d, why, bearer)
		}
	}
	return d
}

// deny turns a decision for a session into the denial of this request. Its cookies are set all the same.
func (g *Guard) deny(r Request, d Decision, why *refusal, bearer bool) Decision {
	d.Session, d.Source, d.FromCache, d.Header = nil, "", false, nil
	d.Denial = g.auth.denial(r, why, bearer)
	if len(d.Cookies) > 0 {
		d.keepPrivate()
	}
	return d
}

// settledBy reports whether an outer guard's decision about the same credentials answers for this
// guard too. A call to Stytch that this request has made already is as fresh as can be.
func (g *Guard) settledBy(outer *Decision, p *presented) bool {
	if !outer.seen.sameAs(p) {
		return false
	}
	if outer.refusal != nil {
		return outer.refusal.code != CodeCrossOrigin || !g.allowCrossOrigin
	}
	return outer.answer != nil || g.need.isFresh(outer.Session, g.auth.clock.Now())
}

// conclude turns an outcome into this guard's decision. first is false when an outer guard has
// made it, and has set its cookies.
func (g *Guard) conclude(r Request, p *presented, o outcome, first bool) Decision {
	d := Decision{
		Session:     o.session,
		Source:      o.source,
		FromCache:   o.session != nil && o.answer == nil,
		Initialized: o.refusal == nil || !isUndecided(o.refusal.code),
		by:          g.auth,
		refusal:     o.refusal,
		answer:      o.answer,
	}
	d.seen.note(p, o)
	if first {
		d.Cookies = o.cookies
	}
	if o.refusal != nil && (g.required || o.refusal.code == CodeInvalidRequest) {
		d.Denial = g.auth.denial(r, o.refusal, p.bearer)
	}
	if len(d.Cookies) > 0 {
		d.keepPrivate()
	}
	return d
}

// keepPrivate keeps a response that sets session cookies out of caches.
func (d *Decision) keepPrivate() {
	if d.Denial != nil {
		d.Denial.Header.Set("Cache-Control", PrivateNoStore)
		return
	}
	d.Header = http.Header{"Cache-Control": {PrivateNoStore}, "Vary": {varyCredentials}}
}

// isUndecided reports whether a refusal says nothing about the session itself.
func isUndecided(code string) bool {
	return code == CodeStytchUnavailable || code == CodeStytchMisconfigured
}

// outcome is the decision as the outcome that a nested guard goes on from.
func (d *Decision) outcome() outcome {
	return outcome{session: d.Session, source: d.Source, proof: d.seen.proof, answer: d.answer, refusal: d.refusal}
}

// trace recognizes the credentials that a decision was about: the one that decided, or all of them
// when none did.
type trace struct {
	bearer       bool
	jwts, tokens int
	proof        string
	none         []string
}

func (t *trace) note(p *presented, o outcome) {
	t.bearer, t.jwts, t.tokens, t.proof = p.bearer, p.jwts.n, p.tokens.n, o.proof
	if o.session == nil {
		for _, value := range slices.Concat(p.jwts.all(), p.tokens.all()) {
			t.none = append(t.none, strings.Clone(value))
		}
	}
}

func (t *trace) sameAs(p *presented) bool {
	if p.bearer != t.bearer || p.jwts.n != t.jwts || p.tokens.n != t.tokens {
		return false
	}
	if t.proof != "" {
		return p.jwts.has(t.proof) || p.tokens.has(t.proof)
	}
	for i, value := range t.none {
		at := i - p.jwts.n
		if at < 0 && p.jwts.values[i] != value || at >= 0 && p.tokens.values[at] != value {
			return false
		}
	}
	return true
}
