// Command report runs the benchmarks in interleaved rounds and the load test, has benchstat take
// the medians, prints ratios and limits, and writes them to RESULTS.md.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	var r run
	flag.StringVar(&r.benchstat, "benchstat", "benchstat", "the benchstat command")
	flag.StringVar(&r.out, "out", "RESULTS.md", "where the report goes")
	flag.IntVar(&r.rounds, "rounds", 8, "how often everything is measured, each time in another order")
	flag.DurationVar(&r.benchtime, "benchtime", 250*time.Millisecond, "how long each benchmark lasts in each round")
	flag.BoolVar(&r.load, "load", true, "run the load test too")
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
	rounds         int
	benchtime      time.Duration
	load           bool
}

func (r *run) run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "stytchkit-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	raw := filepath.Join(dir, "rounds.txt")
	tests := filepath.Join(dir, "bench.test")
	if _, err := command(ctx, "go", "test", "-c", "-o", tests, "."); err != nil {
		return err
	}
	if err := r.measure(ctx, tests, raw); err != nil {
		return err
	}
	medians, err := r.medians(ctx, raw)
	if err != nil {
		return err
	}
	doc := &document{medians: medians, rounds: r.rounds, benchtime: r.benchtime}
	if doc.machine, err = describe(ctx, raw); err != nil {
		return err
	}
	if r.load {
		fmt.Fprintln(os.Stderr, "load test")
		table, err := command(ctx, "go", "run", "./load")
		if err != nil {
			return err
		}
		doc.load = string(table)
	}
	text := doc.markdown()
	fmt.Print(text)
	return os.WriteFile(r.out, []byte(text), 0o600)
}

// measure runs every benchmark once a round, in a process of its own, so that a drift of the
// machine hits all alike.
func (r *run) measure(ctx context.Context, tests, raw string) error {
	var all []byte
	for round := range r.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, r.rounds)
		out, err := command(ctx, tests, "-test.run=^$", "-test.bench=.", "-test.shuffle=on", "-test.benchtime="+r.benchtime.String())
		if err != nil {
			return err
		}
		all = append(all, out...)
	}
	return os.WriteFile(raw, all, 0o600)
}

// medians are benchstat's, of every benchmark and unit.
func (r *run) medians(ctx context.Context, raw string) (*medians, error) {
	out, err := command(ctx, r.benchstat, "-format", "csv", "-row", ".fullname", raw)
	if err != nil {
		return nil, err
	}
	return parseMedians(bytes.NewReader(out))
}

// command returns what a command writes; what it says besides is shown when it fails.
func command(ctx context.Context, name string, args ...string) ([]byte, error) {
	var out, said bytes.Buffer
	c := exec.CommandContext(ctx, name, args...) //nolint:gosec // the caller's own commands
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s%s", filepath.Base(name), err, out.Bytes(), said.Bytes())
	}
	return out.Bytes(), nil
}
