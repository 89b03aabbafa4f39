package main

import (
	"fmt"
	"strings"
)

// rsaOfReference is the RSA verification, in nanoseconds, of the machine that the limits in
// nanoseconds were set on. Times are scaled by it before they are held against them.
const rsaOfReference = 30_587

// limits are what the kit promises of a remembered session, on one framework.
type limits struct {
	framework       string
	cookies, bearer float64 // ns added to the framework alone, at most
	allocations     float64 // added, at most
	overSDK         float64 // times faster than the SDK by hand, at least
	overGeneric     float64 // times faster than the fastest generic JWT middleware, at least
}

func promised() []limits {
	return []limits{
		{"nethttp", 650, 550, 2, 80, 50},
		{"gin", 650, 550, 2, 80, 50},
		{"echo", 650, 550, 3, 80, 50},
		{"fiber", 550, 450, 1, 80, 50},
	}
}

// generic are the JWT middlewares that a framework has besides golang-jwt by hand.
func generic(framework string) []string {
	own := map[string]string{"nethttp": "auth0-v3", "gin": "gin-jwt", "echo": "echo-jwt", "fiber": "gofiber-jwt"}
	return []string{"golang-jwt+keyfunc", own[framework]}
}

// scaled is a time as it would be on the machine of reference.
func (m *medians) scaled(ns float64) float64 {
	return ns * rsaOfReference / m.ns("Limit/rsa-2048-verify")
}

func request(framework, name, by string) string {
	return "Request/" + framework + "/" + name + "/" + by
}

// added is what the kit adds to the framework alone.
func (m *medians) added(framework, by string) float64 {
	return m.ns(request(framework, "stytchkit", by)) - m.ns(request(framework, "none", by))
}

// fastestGeneric is the fastest generic JWT middleware of a framework.
func (m *medians) fastestGeneric(framework string) (name string, ns float64) {
	for _, candidate := range generic(framework) {
		if took := m.ns(request(framework, candidate, "bearer")); name == "" || took < ns {
			name, ns = candidate, took
		}
	}
	return name, ns
}

// remembered holds each framework against what is promised. Ratios are of whole requests, bearer on
// both sides; allocations are the larger of both credentials'.
func (d *document) remembered() string {
	var b strings.Builder
	b.WriteString("| remembered session | ns added, both cookies | ns added, bearer | allocations added | × faster than the SDK by hand | × faster than the fastest generic JWT middleware |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- |\n")
	for _, l := range promised() {
		allocations := 0.0
		for _, by := range []string{"cookies", "bearer"} {
			allocations = max(allocations, d.allocs(request(l.framework, "stytchkit", by))-d.allocs(request(l.framework, "none", by)))
		}
		kit := d.ns(request(l.framework, "stytchkit", "bearer"))
		name, fastest := d.fastestGeneric(l.framework)
		on := l.framework + ", "
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s: %s |\n", l.framework,
			d.atMost("added", on+"ns added, both cookies", "%.0f", d.scaled(d.added(l.framework, "cookies")), l.cookies),
			d.atMost("added", on+"ns added, bearer", "%.0f", d.scaled(d.added(l.framework, "bearer")), l.bearer),
			d.atMost("allocations", on+"allocations added", "%.0f", allocations, l.allocations),
			d.atLeast("faster", on+"× faster than the SDK by hand", "%.0f", d.ns(request(l.framework, "sdk-by-hand", "bearer"))/kit, l.overSDK),
			name, d.atLeast("faster", on+"× faster than "+name, "%.0f", fastest/kit, l.overGeneric))
	}
	return b.String()
}

// asked holds the hits by credentials that Stytch had to be asked about against a hit by JWT.
func (d *document) asked() string {
	jwt := d.ns("Check/jwt")
	var b strings.Builder
	b.WriteString("| Guard.Check, remembered | ns | × a hit by JWT | allocations | calls to Stytch per freshness |\n| --- | ---: | --- | --- | --- |\n")
	fmt.Fprintf(&b, "| a JWT | %.0f | 1 | %s | %s |\n", jwt,
		d.atMost("asked", "a hit by JWT, allocations", "%.0f", d.allocs("Check/jwt"), 0),
		d.atMost("asked", "a hit by JWT, calls", "%.0f", d.get(calls, "Check/jwt"), 0))
	for _, row := range []struct{ title, name string }{
		{"an opaque token as bearer", "opaque-bearer"},
		{"an opaque token as a cookie that Stytch sets", "opaque-cookie"},
		{"a JWT of two minutes ago on a Fresh(1m) route", "fresh-1m"},
	} {
		name := "Check/" + row.name
		fmt.Fprintf(&b, "| %s | %.0f | %s | %s | %s |\n", row.title, d.ns(name),
			d.atMost("asked", row.title+", × a hit by JWT", "%.2f", d.ns(name)/jwt, 1.3),
			d.atMost("asked", row.title+", allocations", "%.0f", d.allocs(name), 0),
			d.atMost("asked", row.title+", calls per freshness", "%.0f", d.get(calls, name), 1))
	}
	return b.String()
}

// reads holds what a handler reads against one verification of the same JWT.
func (d *document) reads() string {
	verification := d.ns("Read/golang-jwt")
	none := -1.0
	var b strings.Builder
	fmt.Fprintf(&b, "| | ns | of one verification by golang-jwt, %.0f ns | allocations |\n| --- | ---: | --- | --- |\n", verification)
	for _, row := range []struct {
		title, name string
		part        float64 // of a verification, at most
		allocations float64 // at most
	}{
		{"session.MarshalJSON()", "session.MarshalJSON", 1. / 10, 4},
		{"json.Marshal(session)", "json.Marshal", 1. / 6, none},
		{"MemberSession()", "MemberSession", 1. / 10, none},
		{"Claims of three fields", "Claims", 1. / 10, 10},
		{"State, its copies", "State", 1. / 5, none},
	} {
		name := "Read/" + row.name
		allocations := fmt.Sprintf("%.0f", d.allocs(name))
		if row.allocations != none {
			allocations = d.atMost("reads", row.title+", allocations", "%.0f", d.allocs(name), row.allocations)
		}
		fmt.Fprintf(&b, "| %s | %.0f | %s | %s |\n", row.title, d.ns(name),
			d.atMost("reads", row.title+", of one verification", "%.3f", d.ns(name)/verification, row.part), allocations)
	}
	for _, framework := range frameworks() {
		name := "Page/" + framework
		fmt.Fprintf(&b, "| the whole of `c.JSON(200, Session(c))` on %s | %.0f | %.3f | %.0f |\n", framework, d.ns(name), d.ns(name)/verification, d.allocs(name))
	}
	return b.String()
}
