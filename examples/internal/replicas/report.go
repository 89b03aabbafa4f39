package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// mostBreaches is how many are printed word for word.
const mostBreaches = 20

// hearings are what every replica did about every event, in the order of time.
func (t *trial) hearings() []hearing {
	slices.SortFunc(t.events, func(a, b *event) int { return a.at.Compare(b.at) })
	var all []hearing
	for number, e := range t.events {
		for i := range replicas {
			h := e.hearing(i)
			h.event = number
			all = append(all, h)
		}
	}
	return all
}

// breaches are all that must not be.
func (t *trial) breaches() []string {
	all := judge(t.hearings(), t.outages, t.began)
	for _, breach := range judge(t.cold, nil, t.began) {
		all = append(all, "the cold replica: "+breach)
	}
	return append(all, t.failures...)
}

// report is what happened, as tables, and the first breaches.
func (t *trial) report() string {
	var out strings.Builder
	hearings := t.hearings()
	rows := tabulate(hearings, t.outages, func(h hearing) string { return during(h, t.outages) })
	rows = append(rows, tabulate(t.cold, nil, func(hearing) string { return "cold replica" })...)
	table(&out, "fault", rows)
	table(&out, "event", tabulate(hearings, t.outages, func(h hearing) string { return h.kind }))
	fmt.Fprintf(&out, "\n%d onlookers were let in %d times; %d faults in %v\n",
		len(t.onlookers), t.looked.Load(), len(t.outages), time.Since(t.began).Round(time.Second))
	breaches := t.breaches()
	if len(breaches) > 0 {
		fmt.Fprintf(&out, "\n%d breaches:\n  %s\n", len(breaches), strings.Join(breaches[:min(mostBreaches, len(breaches))], "\n  "))
	}
	return out.String()
}

// table writes rows. Calls are those of replicas that were to ask nothing; asked those about members who
// were deleted or changed, of whom each has to ask.
func table(out *strings.Builder, first string, rows []*row) {
	aligned := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(aligned, "\n%s\tevents\tmissing\tlate\tp50\tp99\tlongest\tcalls\tasked\n", first)
	for _, r := range rows {
		_, _ = fmt.Fprintf(aligned, "%s\t%d\t%d\t%d\t%s\t%s\t%s\t%d\t%d\n", r.name, r.events, r.missing, r.late,
			ms(percentile(r.heardAfter, 50)), ms(percentile(r.heardAfter, 99)), ms(percentile(r.heardAfter, 100)), r.calls, r.asked)
	}
	_ = aligned.Flush() // a Builder takes everything
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1fms", float64(d)/float64(time.Millisecond)) }

func (t *trial) calmRandom() *rand.Rand {
	return rand.New(rand.NewPCG(t.seed, 1<<33)) //nolint:gosec // to be repeatable, not secret
}
