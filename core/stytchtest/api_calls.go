package stytchtest

import "sync"

// Calls is how many requests an endpoint has got since the start or ResetCalls, failed and
// unfinished ones included. Calls(All) is TotalCalls.
func (s *Server) Calls(endpoint Endpoint) int { return s.calls.of(endpoint) }

// TotalCalls is how many requests all endpoints have got, Other included.
func (s *Server) TotalCalls() int { return s.calls.of(All) }

// ResetCalls sets every count back to 0.
func (s *Server) ResetCalls() { s.calls.reset() }

// calls counts requests by endpoint. The zero value is ready.
type calls struct {
	mu    sync.Mutex
	count map[Endpoint]int
}

func (c *calls) add(endpoint Endpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil {
		c.count = map[Endpoint]int{}
	}
	c.count[endpoint]++
	c.count[All]++
}

func (c *calls) of(endpoint Endpoint) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count[endpoint]
}

func (c *calls) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.count)
}
