package stytchtest

import (
	"context"
	"sync"
)

// Hold keeps the answers of an endpoint back. A request has had its effect, and its answer stands,
// when it is held: what changes before Release, such as a revocation, is not in it.
type Hold struct {
	waiting  gauge
	released chan struct{}
	release  sync.Once
}

// Hold holds an endpoint's answers (or All) from now until Release. A later Hold of the same
// endpoint takes over new requests; those that wait stay with the earlier one. What is no endpoint
// fails the test, as with Fail.
func (s *Server) Hold(endpoint Endpoint) *Hold {
	s.wantEndpoint("Hold", endpoint)
	h := &Hold{released: make(chan struct{})}
	s.holds.set(endpoint, h)
	return h
}

// Waiting returns once at least n requests wait; callers that hung up do not count. The error is
// the context's.
func (h *Hold) Waiting(ctx context.Context, n int) error { return h.waiting.await(ctx, n) }

// Release sends the held answers and holds no more. It may be called more than once.
func (h *Hold) Release() { h.release.Do(func() { close(h.released) }) }

func (h *Hold) wait(ctx context.Context) {
	select {
	case <-h.released:
		return
	default:
	}
	h.waiting.add(1)
	defer h.waiting.add(-1)
	select {
	case <-h.released:
	case <-ctx.Done():
	}
}

// holds are those in force. The zero value has none.
type holds struct {
	mu     sync.Mutex
	active map[Endpoint]*Hold
}

func (h *holds) set(endpoint Endpoint, hold *Hold) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.active == nil {
		h.active = map[Endpoint]*Hold{}
	}
	h.active[endpoint] = hold
}

func (h *holds) wait(ctx context.Context, endpoint Endpoint) {
	for _, hold := range h.of(endpoint) {
		hold.wait(ctx)
	}
}

func (h *holds) of(endpoint Endpoint) []*Hold {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []*Hold
	for _, e := range []Endpoint{endpoint, All} {
		if hold, ok := h.active[e]; ok {
			found = append(found, hold)
		}
	}
	return found
}
