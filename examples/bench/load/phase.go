package main

import (
	"slices"
	"time"
)

// phase is what was measured in one phase, over all turns.
type phase struct {
	took      time.Duration
	latencies []time.Duration
}

func (p *phase) perSecond() float64 { return float64(len(p.latencies)) / p.took.Seconds() }

func (p *phase) quantile(q float64) time.Duration {
	if len(p.latencies) == 0 {
		return 0
	}
	slices.Sort(p.latencies)
	return p.latencies[min(int(q*float64(len(p.latencies))), len(p.latencies)-1)]
}
