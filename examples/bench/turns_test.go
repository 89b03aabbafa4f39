package bench_test

import (
	"slices"
	"testing"
	"time"
)

// inTurns reports what one thing takes beyond another as ns-added, and what it allocates beyond it as
// allocs-added. Each is done so many times in its turn, of some milliseconds; ns-added is the median of the
// differences, so that a drift of the machine hits both.
func inTurns(b *testing.B, times int, with, without func()) {
	b.Helper()
	const rounds = 21
	timed := func(do func()) time.Duration {
		began := time.Now()
		for range times {
			do()
		}
		return time.Since(began)
	}
	timed(with) // what is made once is made now
	timed(without)
	var added []float64
	for b.Loop() {
		for range rounds {
			with, without := timed(with), timed(without)
			added = append(added, float64(with-without)/float64(times))
		}
	}
	slices.Sort(added)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(added[len(added)/2], "ns-added")
	b.ReportMetric(testing.AllocsPerRun(times, with)-testing.AllocsPerRun(times, without), "allocs-added")
}
