package main

import (
	"slices"
	"time"
)

// phase is what is measured in one phase of one turn.
type phase struct {
	took      time.Duration
	latencies []time.Duration
}

func (p *phase) quantile(q float64) time.Duration {
	if len(p.latencies) == 0 {
		return 0
	}
	slices.Sort(p.latencies)
	return p.latencies[min(int(q*float64(len(p.latencies))), len(p.latencies)-1)]
}
