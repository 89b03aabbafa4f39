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

// verdict is a measured figure beside its limit.
func verdict(format string, measured, limit float64, met bool) string {
	word, sign := "met", "≤"
	if !met {
		word = "**not met**"
	}
	if strings.HasPrefix(format, "≥") {
		format, sign = strings.TrimPrefix(format, "≥"), "≥"
	}
	return fmt.Sprintf(format+" (%s "+format+", %s)", measured, sign, limit, word)
}

func atMost(format string, measured, limit float64) string {
	return verdict(format, measured, limit, measured <= limit)
}

func atLeast(format string, measured, limit float64) string {
	return verdict("≥"+format, measured, limit, measured >= limit)
}

// limitsTable holds each framework against what is promised. Ratios are of whole requests, bearer
// on both sides; allocations are the larger of both credentials'.
func (m *medians) limitsTable() string {
	var b strings.Builder
	b.WriteString("| remembered session | ns added, both cookies | ns added, bearer | allocations added | × faster than the SDK by hand | × faster than the fastest generic JWT middleware |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- |\n")
	for _, l := range promised() {
		allocations := 0.0
		for _, by := range []string{"cookies", "bearer"} {
			allocations = max(allocations, m.allocs(request(l.framework, "stytchkit", by))-m.allocs(request(l.framework, "none", by)))
		}
		kit := m.ns(request(l.framework, "stytchkit", "bearer"))
		name, fastest := m.fastestGeneric(l.framework)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s: %s |\n", l.framework,
			atMost("%.0f", m.scaled(m.added(l.framework, "cookies")), l.cookies),
			atMost("%.0f", m.scaled(m.added(l.framework, "bearer")), l.bearer),
			atMost("%.0f", allocations, l.allocations),
			atLeast("%.0f", m.ns(request(l.framework, "sdk-by-hand", "bearer"))/kit, l.overSDK),
			name, atLeast("%.0f", fastest/kit, l.overGeneric))
	}
	return b.String()
}

// growthTable holds how the kit grows, and what attackers cost, against what is promised.
func (m *medians) growthTable() string {
	remembered := func(sessions int) float64 { return m.ns(fmt.Sprintf("Remembered/sessions=%d", sessions)) }
	cores := func(name string) float64 {
		return m.ns("Parallel/"+name+"/cores=1") / m.ns("Parallel/"+name+"/cores=2")
	}
	bare := m.ns(request("nethttp", "none", "bearer"))
	rsa := m.ns("Limit/rsa-2048-verify")
	var b strings.Builder
	b.WriteString("| net/http | |\n| --- | --- |\n")
	row := func(name, value string) { fmt.Fprintf(&b, "| %s | %s |\n", name, value) }
	row("a request when 1 / 1,000 / 100,000 sessions are remembered, spread, ns", fmt.Sprintf("%.0f / %.0f / %.0f", remembered(1), remembered(1_000), remembered(100_000)))
	row("× at 100,000 over 1,000", atMost("%.1f", remembered(100_000)/remembered(1_000), 3))
	row("memory of one session among 100,000, bytes", atMost("%.0f", m.get(perSession, "Remembered/sessions=100000"), 4096))
	row("× the throughput of one core at two (the framework alone: "+fmt.Sprintf("%.2f", cores("none"))+")", atLeast("%.2f", cores("stytchkit"), 1.6))
	row("ns added by refusing a malformed token, the answer included", atMost("%.0f", m.scaled(m.ns("Refused/malformed")-bare), 3_000))
	row("ns added by refusing a bad signature, beyond one RSA verification", atMost("%.0f", m.scaled(m.ns("Refused/bad-signature")-bare-rsa), 15_000))
	return b.String()
}
