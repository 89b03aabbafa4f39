// Package figures is what the load test hands to the report.
package figures

import "time"

// Side is how an application was built.
type Side string

// The sides that are measured beside each other.
const (
	Without  Side = "without"          // a header says who it is, and is believed
	WithAuth Side = "with auth"        // behind the kit
	Before   Side = "with auth before" // behind the kit of another checkout
)

// Load is one load test.
type Load struct {
	Plan
	Turns []Turn
}

// Plan is how much was sent.
type Plan struct {
	Members     int
	Connections int
	Rounds      int
	Lasting     time.Duration // of each phase of each round
	Rate        int           // requests a second of the paced phase
}

// Turn is what was measured of one application in one round.
type Turn struct {
	Round     int
	Framework string
	Side      Side
	First     Phase // each member once
	Full      Phase // as fast as the connections allow
	Paced     Phase // at the plan's rate

	CPU time.Duration // of the application for a request at full speed
}

// Phase is what came of one phase.
type Phase struct {
	PerSecond      float64
	P50, P99, P999 time.Duration
}
