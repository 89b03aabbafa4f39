package main

import (
	"fmt"
	"strings"
)

// growth holds how the kit grows, and what attackers cost, against what is promised.
func (d *document) growth() string {
	cores := func(name string) float64 {
		return d.ns("Parallel/"+name+"/cores=1") / d.ns("Parallel/"+name+"/cores=2")
	}
	bare := d.ns(request("nethttp", "none", "bearer"))
	// Beyond sending it, which takes longer among many as well.
	remembered := func(sessions int) float64 {
		return bare + d.ns(fmt.Sprintf("Remembered/stytchkit/sessions=%d", sessions)) - d.ns(fmt.Sprintf("Remembered/none/sessions=%d", sessions))
	}
	rsa := d.ns("Limit/rsa-2048-verify")
	var b strings.Builder
	b.WriteString("| net/http | |\n| --- | --- |\n")
	row := func(name, value string) { fmt.Fprintf(&b, "| %s | %s |\n", name, value) }
	row("a request when 1 / 1,000 / 100,000 sessions are remembered, spread, sending it left out, ns", fmt.Sprintf("%.0f / %.0f / %.0f", remembered(1), remembered(1_000), remembered(100_000)))
	most := func(name, topic, format string, measured, limit float64) {
		row(name, d.atMost(topic, name, format, measured, limit))
	}
	most("× at 100,000 over 1,000", "spread", "%.1f", remembered(100_000)/remembered(1_000), 3)
	most("memory of one session among 100,000, bytes", "memory", "%.0f", d.get(perSession, "Remembered/stytchkit/sessions=100000"), 4096)
	name := fmt.Sprintf("× the throughput of one core at two (the framework alone: %.2f)", cores("none"))
	row(name, d.atLeast("cores", name, "%.2f", cores("stytchkit"), 1.6))
	most("ns added by refusing a malformed token, the answer included", "refusals", "%.0f", d.scaled(d.ns("Refused/malformed")-bare), 3_000)
	most("ns added by refusing a bad signature, beyond one RSA verification", "refusals", "%.0f", d.scaled(d.ns("Refused/bad-signature")-bare-rsa), 15_000)
	return b.String()
}
