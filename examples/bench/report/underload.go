package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/examples/bench/internal/figures"
)

// underLoad is what applications answer, and what authentication takes of it: both in turns, with
// the same requests and the same work in their handlers.
func (d *document) underLoad() string {
	l := d.load
	var b strings.Builder
	fmt.Fprintf(&b, "A profile page on a real listener, `./load`: %d members, %d connections, %d rounds of %v for each phase, both sides in turns; the generator shares the machine. ",
		l.Members, l.Connections, l.Rounds, l.Lasting)
	b.WriteString("Both sides get the same requests, cookies included, and answer with the page of the member who asks; without authentication they believe a header. Medians of all rounds.\n\n")
	fmt.Fprintf(&b, "| | each member's first request: requests/s | full speed: requests/s | CPU of the application for a request | p50 | p99 | p99.9 | %d requests/s: p50 | p99 | p99.9 |\n", l.Rate)
	b.WriteString("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, framework := range frameworks() {
		for _, side := range []figures.Side{figures.Without, figures.WithAuth, figures.Before} {
			if turns := turnsOf(l, framework, side); len(turns) > 0 {
				fmt.Fprintf(&b, "| %s %s | %.0f | %.0f |", framework, side, medianOf(turns, firstRate), medianOf(turns, fullRate))
				for _, took := range []func(*figures.Turn) float64{
					cpu,
					func(t *figures.Turn) float64 { return float64(t.Full.P50) },
					func(t *figures.Turn) float64 { return float64(t.Full.P99) },
					func(t *figures.Turn) float64 { return float64(t.Full.P999) },
					func(t *figures.Turn) float64 { return float64(t.Paced.P50) },
					pacedP99,
					func(t *figures.Turn) float64 { return float64(t.Paced.P999) },
				} {
					fmt.Fprintf(&b, " %v |", time.Duration(medianOf(turns, took)).Round(100*time.Nanosecond))
				}
				b.WriteString("\n")
			}
		}
	}
	b.WriteString("\n" + d.takenByAuth())
	return b.String()
}

// takenByAuth are ratios within each round: with authentication over without, and over before.
func (d *document) takenByAuth() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| with authentication over without, median (of all rounds) | requests/s at full speed | p99 at %d requests/s | CPU of the application for a request |\n| --- | --- | --- | --- |\n", d.load.Rate)
	for _, framework := range frameworks() {
		full := newRatios(d.load, framework, figures.Without, fullRate)
		paced := newRatios(d.load, framework, figures.Without, pacedP99)
		used := newRatios(d.load, framework, figures.Without, cpu)
		if len(full) == 0 {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s %s | %s %s | %.2f %s |\n", framework,
			d.atLeast("throughput", framework+", requests/s with authentication over without", "%.2f", median(full), 0.95), full,
			d.atMost("pace", framework+", p99 with authentication over without", "%.2f", median(paced), 1.1), paced,
			median(used), used)
	}
	if d.against == "" {
		return b.String()
	}
	b.WriteString("\n| with authentication, after over before | requests/s at full speed | p99 at full speed | first requests/s | CPU for a request |\n| --- | --- | --- | --- | --- |\n")
	for _, framework := range frameworks() {
		fmt.Fprintf(&b, "| %s |", framework)
		for _, figure := range []func(*figures.Turn) float64{fullRate, func(t *figures.Turn) float64 { return float64(t.Full.P99) }, firstRate, cpu} {
			all := newRatios(d.load, framework, figures.Before, figure)
			fmt.Fprintf(&b, " %.2f %s |", median(all), all)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func firstRate(t *figures.Turn) float64 { return t.First.PerSecond }
func fullRate(t *figures.Turn) float64  { return t.Full.PerSecond }
func cpu(t *figures.Turn) float64       { return float64(t.CPU) }
func pacedP99(t *figures.Turn) float64  { return float64(t.Paced.P99) }

// turnsOf are an application's, by round.
func turnsOf(l *figures.Load, framework string, side figures.Side) []*figures.Turn {
	var turns []*figures.Turn
	for i := range l.Turns {
		if t := &l.Turns[i]; t.Framework == framework && t.Side == side {
			turns = append(turns, t)
		}
	}
	return turns
}

func medianOf(turns []*figures.Turn, figure func(*figures.Turn) float64) float64 {
	all := make([]float64, len(turns))
	for i, t := range turns {
		all[i] = figure(t)
	}
	return median(all)
}

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// ratios are those of each round, with authentication over the other side.
type ratios []float64

func newRatios(l *figures.Load, framework string, over figures.Side, figure func(*figures.Turn) float64) ratios {
	with, other := turnsOf(l, framework, figures.WithAuth), turnsOf(l, framework, over)
	var all ratios
	for i := range min(len(with), len(other)) {
		all = append(all, figure(with[i])/figure(other[i]))
	}
	return all
}

// String is from the lowest to the highest.
func (r ratios) String() string {
	if len(r) == 0 {
		return ""
	}
	return fmt.Sprintf("[%.2f–%.2f]", slices.Min(r), slices.Max(r))
}
