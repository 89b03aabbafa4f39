package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// change is one benchmark's, from another checkout to this one.
type change struct {
	name          string
	before, after float64 // seconds
	spread        [2]string
	known         bool // beyond what chance explains, says benchstat
}

// parseChanges reads the table of times in benchstat's CSV of two files.
func parseChanges(r io.Reader) ([]change, error) {
	lines := csv.NewReader(r)
	lines.FieldsPerRecord = -1
	procs := regexp.MustCompile(`-\d+$`)
	unit := ""
	var all []change
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("benchstat's CSV: %w", err)
		}
		switch {
		case len(line) < 6:
		case line[0] == "" && line[2] == "CI":
			unit = line[1]
		case unit == seconds && line[0] != "" && line[0] != "geomean" && line[1] != "" && line[3] != "":
			c := change{name: procs.ReplaceAllString(line[0], ""), spread: [2]string{line[2], line[4]}, known: line[5] != "~"}
			if c.before, err = strconv.ParseFloat(line[1], 64); err != nil {
				return nil, fmt.Errorf("benchstat's CSV: %s: %w", line[0], err)
			}
			if c.after, err = strconv.ParseFloat(line[3], 64); err != nil {
				return nil, fmt.Errorf("benchstat's CSV: %s: %w", line[0], err)
			}
			all = append(all, c)
		}
	}
}

// beforeAndAfter is every benchmark of both checkouts, measured in turns.
func (d *document) beforeAndAfter() string {
	var b strings.Builder
	b.WriteString("The same benchmarks over the core and adapters of two checkouts, in turns. ~: no more than chance explains.\n\n")
	b.WriteString("| | before, ns | after, ns | after over before |\n| --- | ---: | ---: | ---: |\n")
	for _, c := range d.changes {
		ratio := fmt.Sprintf("%.2f", c.after/c.before)
		if !c.known {
			ratio = "~ " + ratio
		}
		fmt.Fprintf(&b, "| %s | %.0f ± %s | %.0f ± %s | %s |\n", c.name, c.before*1e9, c.spread[0], c.after*1e9, c.spread[1], ratio)
	}
	return b.String()
}
