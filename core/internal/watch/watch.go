// Package watch looks again at what long-lived connections rest on: once for all of them.
package watch

import (
	"context"
	"maps"
	"slices"
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

	mu    sync.Mutex
	of    map[endings.Key]*watched[C]
	also  map[endings.Key]*watched[C]              // by what else stands for them
	whose map[endings.Key]map[*watched[C]]struct{} // by whom they are of
}

// Names are how a subject is found.
type Names struct {
	Key   endings.Key
	Also  []endings.Key // stand for it as well, such as the names of a session's token
	Whose []endings.Key // it is of these, as are others
}

type watched[C comparable] struct {
	Subject[C]
	Names
	also        map[endings.Key]struct{}
	connections map[C]struct{}
	woken       chan struct{}
}

// New watches at most so many subjects.
func New[C comparable](clock clock.Clock, tasks *tasks.Group, atMost int) *Watches[C] {
	return &Watches[C]{clock: clock, tasks: tasks, atMost: atMost, of: map[endings.Key]*watched[C]{}, also: map[endings.Key]*watched[C]{}, whose: map[endings.Key]map[*watched[C]]struct{}{}}
}

// Add lets a connection rest on what names say, which is begun where nothing else rests on it yet. It is
// looked at from now on; false where there is no room.
func (w *Watches[C]) Add(names Names, c C, begin func() Subject[C]) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	x := w.of[names.Key]
	if x != nil {
		x.wake()
	} else if x = w.begin(names, begin); x == nil {
		return false
	}
	for _, key := range names.Also {
		x.also[key], w.also[key] = struct{}{}, x
	}
	x.connections[c] = struct{}{}
	return true
}

// begin watches something new; nil where there is no room. The caller holds the lock, so that its first
// connection is there when it is looked at.
func (w *Watches[C]) begin(names Names, begin func() Subject[C]) *watched[C] {
	if len(w.of) >= w.atMost {
		return nil
	}
	x := &watched[C]{Subject: begin(), Names: names, also: map[endings.Key]struct{}{}, connections: map[C]struct{}{}, woken: make(chan struct{}, 1)}
	if !w.tasks.Run(func(ctx context.Context) { w.watch(ctx, x) }) {
		return nil
	}
	w.of[names.Key] = x
	for _, key := range names.Whose {
		if w.whose[key] == nil {
			w.whose[key] = map[*watched[C]]struct{}{}
		}
		w.whose[key][x] = struct{}{}
	}
	return x
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
		w.forget(x)
		x.wake()
	}
}

// forget lets no other connection join; the caller holds the lock.
func (w *Watches[C]) forget(x *watched[C]) {
	delete(w.of, x.Key)
	for key := range x.also {
		delete(w.also, key)
	}
	for _, key := range x.Whose {
		if delete(w.whose[key], x); len(w.whose[key]) == 0 {
			delete(w.whose, key)
		}
	}
}

// Of is what key names; nil where no connection rests on it.
func (w *Watches[C]) Of(key endings.Key) Subject[C] {
	w.mu.Lock()
	defer w.mu.Unlock()
	if x := w.find(key); x != nil {
		return x.Subject
	}
	return nil
}

// Wake has what key names looked at now.
func (w *Watches[C]) Wake(key endings.Key) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if x := w.find(key); x != nil {
		x.wake()
	}
}

// WakeAll has what key names, or what is of it, looked at now.
func (w *Watches[C]) WakeAll(key endings.Key) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if x := w.find(key); x != nil {
		x.wake()
	}
	for x := range w.whose[key] {
		x.wake()
	}
}

// find is what key names or stands for; the caller holds the lock.
func (w *Watches[C]) find(key endings.Key) *watched[C] {
	if x := w.of[key]; x != nil {
		return x
	}
	return w.also[key]
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
		if ctx.Err() != nil {
			x.Close(w.leave(x))
			return
		}
		connections := w.connections(x)
		if len(connections) == 0 {
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
	return slices.Collect(maps.Keys(x.connections))
}

// leave is the connections of what nobody looks at from now on: no other joins them.
func (w *Watches[C]) leave(x *watched[C]) []C {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of[x.Key] == x {
		w.forget(x)
	}
	return slices.Collect(maps.Keys(x.connections))
}
