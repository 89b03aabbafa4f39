package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// result is what became of one demo.
type result struct {
	demo     string
	judge    *judge
	script   []string
	failures []string
	notes    []string
	took     time.Duration

	goroutinesAtStart, goroutinesAtEnd int
	heapBefore, heapAfter              uint64
	panics                             int
	locked                             int           // members who never got in again
	recovered                          time.Duration // until all were in after the last fault
	flood                              float64       // unknown tokens a second
}

func (r *result) line() string {
	how := "stood it"
	if len(r.failures) > 0 {
		how = "FAILED"
	}
	return fmt.Sprintf("%s: %s, %d faults in %v", r.demo, how, len(r.script), r.took.Round(time.Second))
}

// report is what every demo answered to whom, and what was asserted of it.
func report(results []*result) string {
	var out strings.Builder
	aligned(&out, func(table *strings.Builder) {
		fmt.Fprintln(table, "demo\twho\tanswers\tby status and code")
		for _, r := range results {
			for _, group := range slices.Sorted(maps.Keys(r.judge.answers)) {
				fmt.Fprintf(table, "%s\t%s\t%d\t%s\n", r.demo, group, r.judge.answered(group, ""), sorts(r.judge.answers[group]))
			}
		}
	})
	aligned(&out, func(table *strings.Builder) {
		fmt.Fprintln(table, "demo\tfaults\tlogouts\tcrossed\tlet in\tpanics\tother\tgoroutines\theap MB\tall in after\tflood/s\tmembers' 503 in it")
		for _, r := range results {
			w := r.judge.wrong
			fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d → %d\t%.1f → %.1f\t%.1fs\t%.0f\t%d of %d\n",
				r.demo, len(r.script), w[logout], w[crossed], w[let], r.panics, w[other], r.goroutinesAtStart, r.goroutinesAtEnd,
				mb(r.heapBefore), mb(r.heapAfter), r.recovered.Seconds(),
				r.flood, r.judge.answered(refreshers, "503 stytch_unavailable"), r.judge.answered(refreshers, ""))
		}
	})
	for _, r := range results {
		for _, note := range r.notes {
			fmt.Fprintf(&out, "\n%s: %s\n", r.demo, note)
		}
		if len(r.failures) > 0 {
			fmt.Fprintf(&out, "\n%s failed:\n  %s\n", r.demo, strings.Join(r.failures, "\n  "))
			fmt.Fprintf(&out, "  The faults were:\n    %s\n", strings.Join(r.script, "\n    "))
		}
	}
	return out.String()
}

// aligned writes a table, with an empty line before, of tab-separated columns.
func aligned(out *strings.Builder, write func(*strings.Builder)) {
	var rows strings.Builder
	write(&rows)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = table.Write([]byte("\n" + rows.String())) // a Builder takes everything
	_ = table.Flush()
}

// sorts lists the answers of each sort.
func sorts(answers map[string]int) string {
	var list []string
	for _, sort := range slices.Sorted(maps.Keys(answers)) {
		list = append(list, fmt.Sprintf("%s × %d", sort, answers[sort]))
	}
	return strings.Join(list, ", ")
}
