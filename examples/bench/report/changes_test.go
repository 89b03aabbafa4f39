package main

import (
	"strings"
	"testing"
)

func TestChangesAreReadFromBenchstatsCSV(t *testing.T) {
	changes, err := parseChanges(strings.NewReader(`goos: linux
cpu: Some Processor @ 2.80GHz, twice
,before.txt,,after.txt,,,
,sec/op,CI,sec/op,CI,vs base,P
Check/jwt-2,7e-07,2%,7.1e-07,3%,~,p=0.421 n=8
Check/opaque-bearer-2,0.0001,9%,8e-07,2%,-99.20%,p=0.000 n=8
Read/State-2,,,1e-06,2%
geomean,1e-06,,1e-06,,+0.00%

,before.txt,,after.txt,,,
,allocs/op,CI,allocs/op,CI,vs base,P
Check/jwt-2,0,0%,0,0%,~,p=1.000 n=8
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []change{
		{name: "Check/jwt", before: 7e-07, after: 7.1e-07, spread: [2]string{"2%", "3%"}},
		{name: "Check/opaque-bearer", before: 0.0001, after: 8e-07, spread: [2]string{"9%", "2%"}, known: true},
	}
	if len(changes) != len(want) {
		t.Fatalf("got %+v, want %+v", changes, want)
	}
	for i := range want {
		if changes[i] != want[i] {
			t.Errorf("got %+v, want %+v", changes[i], want[i])
		}
	}
}
