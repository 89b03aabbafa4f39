package main

import (
	"math"
	"strings"
	"testing"
)

func TestWhatIsMissedIsListedAndExplained(t *testing.T) {
	var v verdicts
	met := v.atMost("added", "gin, ns added", "%.0f", 650, 650)
	missed := v.atLeast("throughput", "fiber, requests/s", "%.2f", 0.9, 0.95)
	v.atMost("spread", "what was not measured", "%.1f", math.NaN(), 3)
	if met != "650 (≤ 650, met)" || missed != "0.90 (≥ 0.95, **not met**)" {
		t.Errorf("got %q and %q", met, missed)
	}
	text, err := v.missedAndWhy()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"- fiber, requests/s: 0.90 (≥ 0.95)\n", "- what was not measured: NaN (≤ 3.0)\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "gin, ns added") {
		t.Errorf("what is met is listed:\n%s", text)
	}
}

func TestNothingMissedNeedsNoExplanation(t *testing.T) {
	text, err := new(verdicts).missedAndWhy()
	if text != "Nothing.\n" || err != nil {
		t.Errorf("got %q (%v)", text, err)
	}
}
