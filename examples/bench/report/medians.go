package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// The units of go test -benchmem, in benchstat's words.
const (
	seconds     = "sec/op"
	allocations = "allocs/op"
	perSession  = "B/session"
	calls       = "calls/freshness"
)

// medians are the medians of all rounds, by unit and benchmark.
type medians struct {
	of     map[string]map[string]float64
	spread map[string]string // of the seconds, as benchstat writes confidence intervals
	wanted []string          // asked for and not there
}

// parseMedians reads benchstat's CSV: a table for each unit, under a line that names it.
func parseMedians(r io.Reader) (*medians, error) {
	m := &medians{of: map[string]map[string]float64{}, spread: map[string]string{}}
	lines := csv.NewReader(r)
	lines.FieldsPerRecord = -1
	procs := regexp.MustCompile(`-\d+$`)
	unit := ""
	for {
		line, err := lines.Read()
		if err == io.EOF {
			return m, nil
		}
		if err != nil {
			return nil, fmt.Errorf("benchstat's CSV: %w", err)
		}
		switch {
		case len(line) < 3:
		case line[0] == "" && line[2] == "CI":
			if unit = line[1]; m.of[unit] == nil { // benchstat has tables of each package
				m.of[unit] = map[string]float64{}
			}
		case line[0] != "" && line[0] != "geomean" && unit != "":
			value, err := strconv.ParseFloat(line[1], 64)
			if err != nil {
				return nil, fmt.Errorf("benchstat's CSV: %s: %w", line[0], err)
			}
			name := procs.ReplaceAllString(line[0], "")
			m.of[unit][name] = value
			if unit == seconds {
				m.spread[name] = line[2]
			}
		}
	}
}

func (m *medians) get(unit, name string) float64 {
	value, ok := m.of[unit][name]
	if !ok {
		m.wanted = append(m.wanted, name+" "+unit)
	}
	return value
}

// ns is a benchmark's median time.
func (m *medians) ns(name string) float64 { return m.get(seconds, name) * 1e9 }

// allocs is how often a benchmark allocates.
func (m *medians) allocs(name string) float64 { return m.get(allocations, name) }
