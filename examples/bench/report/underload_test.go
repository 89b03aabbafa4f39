package main

import (
	"testing"

	"github.com/stytchkit/stytchkit/examples/bench/internal/figures"
)

func TestRatiosAreThoseWithinARound(t *testing.T) {
	load := &figures.Load{}
	for round, rate := range [][2]float64{{100, 90}, {50, 49}, {80, 40}} {
		for i, side := range []figures.Side{figures.Without, figures.WithAuth} {
			load.Turns = append(load.Turns, figures.Turn{Round: round, Framework: "gin", Side: side, Full: figures.Phase{PerSecond: rate[i]}})
		}
	}
	got := newRatios(load, "gin", figures.Without, fullRate)
	if median(got) != 0.9 || got.String() != "[0.50–0.98]" {
		t.Errorf("got %v %s, want a median of 0.9 [0.50–0.98]", []float64(got), got)
	}
}
