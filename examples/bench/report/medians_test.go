package main

import (
	"strings"
	"testing"
)

func TestMediansAreReadFromBenchstatsCSV(t *testing.T) {
	m, err := parseMedians(strings.NewReader(`goos: linux
cpu: Some Processor @ 2.80GHz, twice
,rounds.txt,
,sec/op,CI
Limit/rsa-2048-verify-2,3.0587e-05,1%
Request/gin/none/bearer-2,1.5e-07,2%
geomean,1e-06,

,rounds.txt,
,allocs/op,CI
Limit/rsa-2048-verify-2,9,0%
Request/gin/none/bearer-2,0,0%
geomean,,

pkg: another
,rounds.txt,
,sec/op,CI
Sibling/fiber/none-2,1.5e-07,1%
`))
	if err != nil {
		t.Fatal(err)
	}
	if ns, spread := m.ns("Request/gin/none/bearer"), m.spread["Request/gin/none/bearer"]; ns != 150 || spread != "2%" {
		t.Errorf("got %v ns ± %s, want 150 ns ± 2%%", ns, spread)
	}
	if allocs := m.allocs("Limit/rsa-2048-verify"); allocs != 9 {
		t.Errorf("got %v allocations, want 9", allocs)
	}
	if ns := m.ns("Sibling/fiber/none"); ns != 150 {
		t.Errorf("of another package, got %v ns, want 150", ns)
	}
	if m.ns("Request/gin/none/cookies"); len(m.wanted) != 1 {
		t.Errorf("got %q as not measured, want the one that is not there", m.wanted)
	}
}
