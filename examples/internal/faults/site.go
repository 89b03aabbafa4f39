package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/process"
	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// site is a demo, a process, and a client of it. Safe for concurrent use.
type site struct {
	*visit.Client

	metrics string
	process *process.Process
}

func startSite(ctx context.Context, dir, name string, s *process.Sandbox, log *process.Journal) (*site, error) {
	demo, err := process.StartDemo(ctx, dir, name, s, log)
	if err != nil {
		return nil, err
	}
	return &site{Client: visit.New(demo.URL), metrics: demo.Metrics, process: demo.Process}, nil
}

func (s *site) hangUp() { s.HTTP.CloseIdleConnections() }

// vitals are what the demo's process tells of itself.
type vitals struct {
	Goroutines int    `json:"goroutines"`
	Heap       uint64 `json:"heap_bytes"` // after garbage was collected
}

func (s *site) vitals(ctx context.Context) (v vitals, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.metrics+"/?gc=1", http.NoBody)
	if err != nil {
		return v, err
	}
	res, err := s.HTTP.Do(r)
	if err != nil {
		return v, err
	}
	defer res.Body.Close() //nolint:errcheck // it has been read
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil {
		return v, fmt.Errorf("the metrics: %w", err)
	}
	return v, nil
}

// settled are the vitals once no more goroutines run than given, or as they are when that took too
// long. The heap is the least of some, as pools are emptied by the second collection.
func (s *site) settled(ctx context.Context, goroutines int, within time.Duration) (vitals, error) {
	s.hangUp()
	deadline := time.Now().Add(within)
	least := vitals{}
	for n := 0; ; n++ {
		v, err := s.vitals(ctx)
		if err != nil {
			return v, err
		}
		if n == 0 || v.Heap < least.Heap {
			least.Heap = v.Heap
		}
		least.Goroutines = v.Goroutines
		if n >= 3 && (v.Goroutines <= goroutines || time.Now().After(deadline)) {
			return least, nil
		}
		if err := visit.Wait(ctx, 100*time.Millisecond); err != nil {
			return v, err
		}
	}
}
