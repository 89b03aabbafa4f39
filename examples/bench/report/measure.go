package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
)

// benchmark is one of a build's programs.
type benchmark struct {
	program int // in build.tests
	name    string
}

// benchmarks are those of all programs of a build.
func (r *run) benchmarks(ctx context.Context, of build) (all []benchmark, err error) {
	for i, program := range of.tests {
		list, err := command(ctx, program, "-test.list=^Benchmark.*("+r.bench+")")
		if err != nil {
			return nil, err
		}
		for name := range strings.FieldsSeq(string(list)) {
			all = append(all, benchmark{i, name})
		}
	}
	return all, nil
}

// measure runs every benchmark once a round, in an order of its own and each in a process of its
// own: a build's beside the other build's, so that a drift of the machine hits both alike.
func (r *run) measure(ctx context.Context, builds []build) error {
	benchmarks, err := r.benchmarks(ctx, builds[0])
	if err != nil {
		return err
	}
	all := make([]bytes.Buffer, len(builds))
	turns := make([]int, len(builds))
	for i := range turns {
		turns[i] = i
	}
	for round := range r.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, r.rounds)
		rand.Shuffle(len(benchmarks), func(i, j int) { benchmarks[i], benchmarks[j] = benchmarks[j], benchmarks[i] }) //nolint:gosec // an order, no secret
		for _, of := range benchmarks {
			for _, i := range turns {
				out, err := command(ctx, builds[i].tests[of.program], "-test.run=^$", "-test.bench=^"+of.name+"$", "-test.benchtime="+r.benchtime.String())
				if err != nil {
					return err
				}
				all[i].Write(out)
			}
		}
		slices.Reverse(turns)
	}
	for i := range builds {
		if err := os.WriteFile(builds[i].raw, all[i].Bytes(), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// medians are benchstat's, of every benchmark and unit.
func (r *run) medians(ctx context.Context, raw string) (*medians, error) {
	out, err := command(ctx, r.benchstat, "-format", "csv", "-row", ".fullname", raw)
	if err != nil {
		return nil, err
	}
	return parseMedians(bytes.NewReader(out))
}

// changes are benchstat's, from one build to the other.
func (r *run) changes(ctx context.Context, before, after string) ([]change, error) {
	out, err := command(ctx, r.benchstat, "-format", "csv", "-row", ".fullname", before, after)
	if err != nil {
		return nil, err
	}
	return parseChanges(bytes.NewReader(out))
}
