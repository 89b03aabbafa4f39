package stytchkit

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/presented"
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
	given            []Rule // as they were written
	rules            []Rule // what a session or access token must meet, the most helpful refusal first

	tokens bool     // the guard wants an access token
	either *choices // the guards of which one decides; the other fields are then unused
}

// Require lets requests with a session through that meets every rule, and denies all others.
// It panics when a is nil or a rule cannot work.
func (a *Authenticator) Require(rules ...Rule) *Guard { return newGuard(a, true, rules) }

// Optional attaches a session if there is one and lets every request through, except one whose
// credentials contradict each other; to Config.LogoutURL that one too, without a session. It takes only rules that make sense without a session, such
// as [Fresh] and [AllowCrossOrigin], and panics as [Authenticator.Require] does.
func (a *Authenticator) Optional(rules ...Rule) *Guard { return newGuard(a, false, rules) }

func newGuard(a *Authenticator, required bool, rules []Rule) *Guard {
	mustBe(a)
	g := &Guard{auth: a, required: required, given: slices.Clone(rules), fresh: bound{value: a.cfg.Freshness}, stale: bound{value: a.cfg.StaleWhileRevalidate}}
	for _, rule := range rules {
		if rule.set == nil {
			panic("stytchkit: a Rule is empty (make rules with functions such as stytchkit.Fresh)")
		}
		if rule.checkToken != nil {
			panic("stytchkit: " + rule.name + " is about access tokens, and this guard wants a session (write RequireToken)")
		}
		if !required && !rule.optional {
			panic("stytchkit: Optional does not take " + rule.name + ": it lets requests without a session through (write Require)")
		}
		rule.set(g)
		if rule.check != nil {
			g.rules = append(g.rules, rule)
		}
	}
	g.order()
	g.settleStale()
	g.need = window{fresh: g.fresh.value, stale: g.stale.value}
	return g
}

// Made is g itself, for an adapter that is given one: it panics when there is none, while routes are built.
func (g *Guard) Made() *Guard {
	if g == nil {
		panic("stytchkit: the Guard is nil (make one with the Authenticator's Require, Optional, RequireToken or Either)")
	}
	return g
}

// With is a guard of g's kind with these rules beside g's own; of [Authenticator.Either]'s, each goes to the
// guard that it is for. It panics as the function does that made g.
func (g *Guard) With(rules ...Rule) *Guard {
	switch {
	case g.either != nil:
		session, token := splitRules(rules)
		return g.auth.Either(g.either.session.With(session...), g.either.token.With(token...))
	case g.tokens:
		return g.auth.RequireToken(slices.Concat(g.given, rules)...)
	}
	return newGuard(g.auth, g.required, slices.Concat(g.given, rules))
}

// Optional is [Authenticator.Optional] with those of g's rules that it takes.
func (g *Guard) Optional() *Guard {
	if g.either != nil {
		g = g.either.session
	}
	return g.auth.Optional(slices.DeleteFunc(slices.Clone(g.given), func(r Rule) bool { return !r.optional })...)
}

func mustBe(a *Authenticator) {
	if a == nil {
		panic("stytchkit: the Authenticator is nil (make one with stytchkit.New, and check its error)")
	}
}

// order sorts the rules by how much their refusal helps.
func (g *Guard) order() {
	slices.SortStableFunc(g.rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.within, b.within))
	})
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

// Check decides about one request. It keeps nothing of r. It never panics, and a denied request
// must not reach the handler.
func (g *Guard) Check(ctx context.Context, r Request) (d Decision) {
	at := reading{clock: g.auth.clock}
	if g.auth.cfg.Observer == nil {
		g.check(ctx, r, &at, &d)
		return d
	}
	began := at.now()
	g.check(ctx, r, &at, &d)
	g.auth.cfg.Observer.Decided(ctx, d.made(g.auth.clock.Now().Sub(began)))
	return d
}

// reading is the time of one request, read when it is first wanted.
type reading struct {
	clock Clock
	time  time.Time
}

func (r *reading) now() time.Time {
	if r.time.IsZero() {
		r.time = r.clock.Now()
	}
	return r.time
}

func (g *Guard) check(ctx context.Context, r Request, at *reading, d *Decision) {
	var p presented.Credentials
	defer func() {
		if v := recover(); v != nil {
			g.auth.said.Error("stytchkit: deciding about a request panicked", "panic", v)
			*d = Decision{}
			g.conclude(d, unreadable{}, &p, without(refuse(CodeStytchUnavailable, panicked(v))), true)
		}
	}()
	p.Read(r, &g.auth.names)
	outer := innermost(ctx)
	d.response = outer.responseTo(r)
	if chosen := g.chosen(&p); chosen.tokens {
		chosen.checkToken(ctx, r, d, &p)
	} else {
		chosen.checkSession(ctx, r, at, d, &p, outer)
	}
}

func (g *Guard) checkSession(ctx context.Context, r Request, at *reading, d *Decision, p *presented.Credentials, outer *decided) {
	if !g.allowCrossOrigin && p.ByCookie() && g.auth.CrossOrigin(r) {
		g.conclude(d, r, p, without(refuse(CodeCrossOrigin, nil)), true)
		return
	}
	earlier := outer.decisionBy(g.auth)
	if earlier == nil && outer != nil {
		g.auth.hintSibling(outer)
	}
	if earlier != nil && g.settledBy(earlier, p, at) {
		g.conclude(d, r, p, earlier.outcome(), false)
	} else if known := g.auth.recall(p, g.need, at); known != nil {
		g.conclude(d, r, p, g.auth.fromMemory(r, p, &known.Value), true)
	} else {
		cold := *p // what decides at length may live on the heap
		g.conclude(d, r, p, g.auth.decide(ctx, r, &cold, g.need, at.now()), true)
	}
	g.judge(ctx, r, d, p.Bearer)
}

// judge holds a session against the guard's rules.
func (g *Guard) judge(ctx context.Context, r Request, d *Decision, bearer bool) {
	if d.Session == nil {
		return
	}
	for i := range g.rules {
		if why := g.rules[i].check(ctx, g.auth, r, d.Session); why != nil {
			g.deny(d, r, why, bearer)
			return
		}
	}
}

// deny turns a decision for a session into the denial of this request. Its cookies are set all the
// same. A guard further in, should anything go on to it, denies for the same reason.
func (g *Guard) deny(d *Decision, r Request, why *refusal, bearer bool) {
	d.Session, d.Source, d.FromCache = nil, "", false
	d.on = &grounds{proof: d.on.proof, refusal: why}
	d.Denial = g.auth.denial(r, why, bearer)
}

// settledBy reports whether an outer guard's decision about the same credentials answers for this
// guard too. A call to Stytch that this request has made already is as fresh as can be; one that could
// not be made says nothing to a guard that may do without.
func (g *Guard) settledBy(outer *Decision, p *presented.Credentials, at *reading) bool {
	if outer.Token != nil || !outer.isAbout(p) {
		return false
	}
	if why := outer.on.refusal; why != nil {
		switch {
		case why.code == CodeCrossOrigin:
			return !g.allowCrossOrigin
		case isUndecided(why.code):
			return !g.need.isLooserThan(outer.on.need)
		}
		return true
	}
	return outer.on.answer != nil || g.need.isFresh(outer.Session, at.now())
}

// conclude turns an outcome into this guard's decision. first is false when an outer guard has
// made it, and has set its cookies.
func (g *Guard) conclude(d *Decision, r Request, p *presented.Credentials, o outcome, first bool) {
	why := o.on.refusal
	d.Session, d.Source = o.session, o.source
	d.FromCache = o.session != nil && o.on.answer == nil
	d.Initialized = why == nil || !isUndecided(why.code)
	d.guard, d.about, d.on = g, p.Shape(), o.on
	if first {
		d.Cookies = o.cookies
	}
	switch {
	case why == nil:
	case g.required, why.code == CodeInvalidRequest && !g.auth.resolves(r, why, p.Bearer):
		d.Denial = g.auth.denial(r, why, p.Bearer)
	case first: // a guard further in may ask why there is no session
		o.on.presented, o.on.need = p.Copies(), g.need
	}
}

// isUndecided reports whether a refusal says nothing about the session itself.
func isUndecided(code string) bool {
	return code == CodeStytchUnavailable || code == CodeStytchMisconfigured
}
