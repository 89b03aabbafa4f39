// Command report runs the benchmarks in interleaved rounds and the load test, has benchstat take
// the medians, prints ratios and limits, and writes them to RESULTS.md.
//
//	report -against DIR    # another checkout's core and adapters too, measured in turns with this one's
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"time"

	"github.com/stytchkit/stytchkit/examples/bench/internal/figures"
)

func main() {
	var r run
	flag.StringVar(&r.benchstat, "benchstat", "benchstat", "the benchstat command")
	flag.StringVar(&r.out, "out", "RESULTS.md", "where the report goes")
	flag.StringVar(&r.against, "against", "", "another checkout of this repository, to compare with")
	flag.StringVar(&r.bench, "bench", ".", "which benchmarks, by their function's name")
	flag.IntVar(&r.rounds, "rounds", 8, "how often everything is measured, each time in another order")
	flag.DurationVar(&r.benchtime, "benchtime", 250*time.Millisecond, "how long each benchmark lasts in each round")
	flag.IntVar(&r.loadRounds, "load", 4, "rounds of the load test; 0 for none")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := r.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

// run is one report.
type run struct {
	benchstat, out string
	against        string // empty for none
	bench          string
	rounds         int
	benchtime      time.Duration
	loadRounds     int // 0 for none
}

func (r *run) run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "stytchkit-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	builds, err := r.build(ctx, dir)
	if err != nil {
		return err
	}
	if err := r.measure(ctx, builds); err != nil {
		return err
	}
	doc := &document{rounds: r.rounds, benchtime: r.benchtime, against: r.against}
	if doc.machine, err = describe(ctx, builds[0].raw); err != nil {
		return err
	}
	if doc.medians, err = r.medians(ctx, builds[0].raw); err != nil {
		return err
	}
	if r.against != "" {
		if doc.changes, err = r.changes(ctx, builds[1].raw, builds[0].raw); err != nil {
			return err
		}
	}
	if r.loadRounds > 0 {
		if doc.load, err = r.loadTest(ctx, builds); err != nil {
			return err
		}
	}
	text, err := doc.markdown()
	if err != nil {
		return err
	}
	fmt.Print(text)
	for _, miss := range doc.missed {
		fmt.Fprintln(os.Stderr, "missed:", miss.what)
	}
	return os.WriteFile(r.out, []byte(text), 0o600)
}

// loadTest is this checkout's, in turns with the other one's where there is one.
func (r *run) loadTest(ctx context.Context, builds []build) (*figures.Load, error) {
	fmt.Fprintln(os.Stderr, "load test")
	args := []string{"-rounds", strconv.Itoa(r.loadRounds)}
	if len(builds) > 1 {
		args = append(args, "-before", builds[1].load)
	}
	out, err := command(ctx, builds[0].load, args...)
	if err != nil {
		return nil, err
	}
	load := &figures.Load{}
	return load, json.Unmarshal(out, load)
}
