package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// patience is longer than any answer may take: the deadline of a call to Stytch is 3 seconds, and
// one request makes two at most.
const patience = 20 * time.Second

// site is a demo, a process, and a client of it. Safe for concurrent use.
type site struct {
	url, metrics string
	process      *process.Process
	client       *http.Client
}

func startSite(ctx context.Context, dir, name string, s *process.Sandbox, log *process.Journal) (*site, error) {
	demo, err := process.StartDemo(ctx, dir, name, s, log)
	if err != nil {
		return nil, err
	}
	return &site{
		url: demo.URL, metrics: demo.Metrics, process: demo.Process,
		client: &http.Client{
			Timeout:       patience,
			Transport:     &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

func (s *site) hangUp() { s.client.CloseIdleConnections() }

// header is one line of a request.
type header struct{ name, value string }

func bearer(token string) header { return header{"Authorization", "Bearer " + token} }

func cookies(pairs ...string) header { return header{"Cookie", strings.Join(pairs, "; ")} }

// get asks for a path. A request that has begun is answered, or it is a failure.
func (s *site) get(path string, h header) answer {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		return answer{err: err}
	}
	r.Header.Set(h.name, h.value)
	res, err := s.client.Do(r)
	if err != nil {
		return answer{err: err}
	}
	return read(res)
}

func read(res *http.Response) answer {
	defer res.Body.Close() //nolint:errcheck // it has been read
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{err: err}
	}
	a := answer{status: res.StatusCode, header: res.Header, cookies: res.Cookies(), body: body}
	if res.StatusCode >= http.StatusBadRequest {
		var problem struct{ Code string }
		if err := json.Unmarshal(body, &problem); err == nil {
			a.code = problem.Code
		}
	}
	return a
}

// ready waits until the demo has its keys.
func (s *site) ready(ctx context.Context) error {
	for range 200 {
		if s.get("/readyz", header{"Accept", "*/*"}).status == http.StatusOK {
			return nil
		}
		if err := wait(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	return errors.New("/readyz is not 200 after 10 seconds")
}

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
	res, err := s.client.Do(r)
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
		if err := wait(ctx, 100*time.Millisecond); err != nil {
			return v, err
		}
	}
}
