// Package tasks runs what goes on in the background, until it is closed.
package tasks

import (
	"context"
	"sync"
	"sync/atomic"
)

// Group is the goroutines of one Authenticator. They share a context that ends with Close. It is safe
// for concurrent use.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc
	mu     sync.Mutex
	wg     sync.WaitGroup

	running atomic.Int64
}

// New is an open group.
func New() *Group {
	ctx, cancel := context.WithCancel(context.Background())
	return &Group{ctx: ctx, cancel: cancel}
}

// Context ends with Close.
func (g *Group) Context() context.Context { return g.ctx }

// Run starts f in a goroutine of its own; false after Close.
func (g *Group) Run(f func(context.Context)) bool {
	if !g.Enter() {
		return false
	}
	go func() {
		defer g.Leave()
		f(g.ctx)
	}()
	return true
}

// Enter counts a goroutine that somebody else started, until it leaves; false after Close.
func (g *Group) Enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.Closed() {
		return false
	}
	g.wg.Add(1)
	g.running.Add(1)
	return true
}

// Leave is for who has entered.
func (g *Group) Leave() {
	g.running.Add(-1)
	g.wg.Done()
}

// Running is how many goroutines there are.
func (g *Group) Running() int { return int(g.running.Load()) }

// Closed reports whether the group has been closed.
func (g *Group) Closed() bool { return g.ctx.Err() != nil }

// Close ends the context and waits for every goroutine. It may be called more than once.
func (g *Group) Close() {
	g.mu.Lock()
	g.cancel()
	g.mu.Unlock()
	g.wg.Wait()
}
