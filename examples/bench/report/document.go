package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/examples/bench/internal/figures"
)

// document is what is printed and kept.
type document struct {
	*medians
	verdicts
	machine   string
	load      *figures.Load // nil when it was not run
	against   string        // another checkout; empty for none
	changes   []change      // from that one to this
	rounds    int
	benchtime time.Duration
}

func frameworks() []string { return []string{"nethttp", "gin", "echo", "fiber"} }

func (d *document) markdown() (string, error) {
	var b strings.Builder
	b.WriteString("# How fast it is\n\nWritten by `make bench`. Ratios travel, absolute figures don't.\n\n")
	b.WriteString(d.machine)
	fmt.Fprintf(&b, "Medians by benchstat of %d rounds, each with every benchmark for %v, in an order of its own.\n", d.rounds, d.benchtime)
	section := func(title, text string) { b.WriteString("\n## " + title + "\n\n" + text) }
	section("What is promised", fmt.Sprintf("Nanoseconds are scaled by this run's RSA verification, %.0f ns, to a machine where it takes %d.\nThe × are of whole requests by bearer.\n\n",
		d.ns("Limit/rsa-2048-verify"), rsaOfReference)+d.remembered())
	section("Younger adapters", d.siblings())
	section("Answers remembered", d.asked())
	section("Beside a decision", d.beside())
	section("What a handler reads", d.reads())
	section("How it grows, and what attackers cost", d.growth())
	if d.load != nil {
		section("Under load", d.underLoad())
	}
	missed, err := d.missedAndWhy()
	if err != nil {
		return "", err
	}
	section("What is missed, and why", missed)
	section("Side by side", "One request, in process: ns ± its confidence interval (allocations). In brackets: × the kit's time with the same framework by bearer.\n\n"+d.sideBySide())
	section("What nothing can do without", d.physics())
	if d.against != "" {
		section("Before and after", d.beforeAndAfter())
	}
	if len(d.wanted) > 0 {
		b.WriteString("\nNot measured, so that figures above are worthless: " + strings.Join(d.wanted, ", ") + ".\n")
	}
	return b.String(), nil
}

// sideBySide is every contender on every framework.
func (d *document) sideBySide() string {
	rows := []struct{ title, name, by string }{
		{"the framework alone", "none", "bearer"},
		{"**stytchkit**, remembered, bearer", "stytchkit", "bearer"},
		{"**stytchkit**, remembered, both cookies", "stytchkit", "cookies"},
		{"**stytchkit**, each JWT as if never seen (its memory is off)", "stytchkit-first-seen", "bearer"},
		{"golang-jwt + keyfunc v3 by hand", "golang-jwt+keyfunc", "bearer"},
		{"auth0 go-jwt-middleware v3", "auth0-v3", "bearer"},
		{"Clerk's SDK v2, the same JWT", "clerk-v2", "bearer"},
		{"gin-jwt v3", "gin-jwt", "bearer"},
		{"echo-jwt v4", "echo-jwt", "bearer"},
		{"gofiber/contrib jwt", "gofiber-jwt", "bearer"},
		{"Stytch's SDK by hand (AuthenticateJWT)", "sdk-by-hand", "bearer"},
	}
	var b strings.Builder
	b.WriteString("| | " + strings.Join(frameworks(), " | ") + " |\n| --- |" + strings.Repeat(" ---: |", len(frameworks())) + "\n")
	for _, row := range rows {
		b.WriteString("| " + row.title + " |")
		for _, framework := range frameworks() {
			b.WriteString(" " + d.cell(framework, row.name, row.by) + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// cell is one contender on one framework; empty where there is none.
func (d *document) cell(framework, name, by string) string {
	benchmark := request(framework, name, by)
	if _, ok := d.of[seconds][benchmark]; !ok {
		return ""
	}
	ns := d.ns(benchmark)
	ratio, digits := ns/d.ns(request(framework, "stytchkit", "bearer")), 0
	if ratio < 10 {
		digits = 2
	}
	return fmt.Sprintf("%.0f ± %s (%.0f) [%.*f×]", ns, d.spread[benchmark], d.allocs(benchmark), digits, ratio)
}

func (d *document) physics() string {
	var b strings.Builder
	b.WriteString("| | ns (allocations) |\n| --- | ---: |\n")
	for _, row := range []struct{ title, name string }{
		{"RSA-2048 verification of 1 KB", "rsa-2048-verify"},
		{"maphash of the JWT", "maphash-of-jwt"},
		{"time.Now", "time.Now"},
	} {
		fmt.Fprintf(&b, "| %s | %.0f (%.0f) |\n", row.title, d.ns("Limit/"+row.name), d.allocs("Limit/"+row.name))
	}
	return b.String()
}
