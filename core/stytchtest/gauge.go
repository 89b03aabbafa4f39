package stytchtest

import (
	"context"
	"fmt"
	"sync"
)

// gauge is a number that can be waited for. The zero value shows 0.
type gauge struct {
	mu      sync.Mutex
	value   int
	changed chan struct{} // closed at the next change; nil while nobody waits
}

func (g *gauge) add(delta int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.change(g.value + delta)
}

func (g *gauge) set(value int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.change(value)
}

func (g *gauge) change(value int) {
	g.value = value
	if g.changed != nil {
		close(g.changed)
		g.changed = nil
	}
}

// await returns once the gauge shows at least n.
func (g *gauge) await(ctx context.Context, n int) error {
	for {
		value, changed := g.read()
		if value >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("stytchtest: %d of %d wait: %w", value, n, ctx.Err())
		}
	}
}

func (g *gauge) read() (int, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.changed == nil {
		g.changed = make(chan struct{})
	}
	return g.value, g.changed
}
