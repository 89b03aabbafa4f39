// Package watch looks again at what long-lived connections rest on: once for all of them.
package watch

import (
	"context"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// Subject is what connections rest on: a session, or an access token.
type Subject[C comparable] interface {
	// Look ends those of the connections that rest on nothing any more, and says when to look again at the
	// latest. It is never called twice at a time.
	Look(ctx context.Context, connections []C) time.Duration
	// Close ends them all: nobody looks any more.
	Close(connections []C)
}

// Watches are the subjects that are watched, each by one goroutine, for as long as it has connections. They
// are safe for concurrent use.
type Watches[C comparable] struct {
	clock  clock.Clock
	tasks  *tasks.Group
	atMost int

	mu sync.Mutex
	of map[endings.Key]*watched[C]
}

type watched[C comparable] struct {
	Subject[C]
	key         endings.Key
	connections map[C]struct{}
	woken       chan struct{}
}

// New watches at most so many subjects.
func New[C comparable](clock clock.Clock, tasks *tasks.Group, atMost int) *Watches[C] {
	return &Watches[C]{clock: clock, tasks: tasks, atMost: atMost, of: map[endings.Key]*watched[C]{}}
}

// Add lets a connection rest on what key names, which is begun where nothing else rests on it yet. It is
// looked at from now on; false where there is no room.
func (w *Watches[C]) Add(key endings.Key, c C, begin func() Subject[C]) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	x := w.of[key]
	if x == nil {
		if len(w.of) >= w.atMost {
			return false
		}
		x = &watched[C]{Subject: begin(), key: key, connections: map[C]struct{}{}, woken: make(chan struct{}, 1)}
		if !w.tasks.Run(func(ctx context.Context) { w.watch(ctx, x) }) {
			return false
		}
		w.of[key] = x
	}
	x.connections[c] = struct{}{}
	x.wake()
	return true
}

// Remove is for a connection that has ended.
func (w *Watches[C]) Remove(key endings.Key, c C) {
	w.mu.Lock()
	defer w.mu.Unlock()
	x := w.of[key]
	if x == nil {
		return
	}
	delete(x.connections, c)
	if len(x.connections) == 0 {
		delete(w.of, key)
		x.wake()
	}
}

// Of is what key names; nil where no connection rests on it.
func (w *Watches[C]) Of(key endings.Key) Subject[C] {
	w.mu.Lock()
	defer w.mu.Unlock()
	if x := w.of[key]; x != nil {
		return x.Subject
	}
	return nil
}

// Wake has what key names looked at now.
func (w *Watches[C]) Wake(key endings.Key) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if x := w.of[key]; x != nil {
		x.wake()
	}
}

// Size is how many subjects are watched.
func (w *Watches[C]) Size() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.of)
}

func (x *watched[C]) wake() {
	select {
	case x.woken <- struct{}{}:
	default:
	}
}

func (w *Watches[C]) watch(ctx context.Context, x *watched[C]) {
	for {
		connections := w.connections(x)
		if len(connections) == 0 {
			return
		}
		if ctx.Err() != nil {
			x.Close(connections)
			return
		}
		wait := x.Look(ctx, connections)
		select {
		case <-ctx.Done():
		case <-x.woken:
		case <-w.clock.After(wait):
		}
	}
}

func (w *Watches[C]) connections(x *watched[C]) []C {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]C, 0, len(x.connections))
	for c := range x.connections {
		all = append(all, c)
	}
	return all
}
