package stytchkit

import (
	"context"
	"sync"
	"sync/atomic"
)

// tasks are the goroutines of one Authenticator. They share a context that ends with Close.
type tasks struct {
	ctx    context.Context
	cancel context.CancelFunc
	mu     sync.Mutex
	wg     sync.WaitGroup

	running atomic.Int64
}

func newTasks() *tasks {
	ctx, cancel := context.WithCancel(context.Background())
	return &tasks{ctx: ctx, cancel: cancel}
}

// run starts f in a goroutine of its own; false after close.
func (t *tasks) run(f func(context.Context)) bool {
	if !t.enter() {
		return false
	}
	go func() {
		defer t.leave()
		f(t.ctx)
	}()
	return true
}

// enter counts a goroutine that somebody else started, until it leaves; false after close.
func (t *tasks) enter() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed() {
		return false
	}
	t.wg.Add(1)
	t.running.Add(1)
	return true
}

func (t *tasks) leave() {
	t.running.Add(-1)
	t.wg.Done()
}

func (t *tasks) closed() bool { return t.ctx.Err() != nil }

// close ends the context and waits for every goroutine.
func (t *tasks) close() {
	t.mu.Lock()
	t.cancel()
	t.mu.Unlock()
	t.wg.Wait()
}
