// Package memory remembers what was found out about exact credentials: what they stand for, that Stytch
// refused them, that they are not made up. Every bound is a size; nothing here needs a timer.
package memory

import (
	"crypto/sha256"
	"math"
	"sync/atomic"

	"github.com/maypok86/otter/v2"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// Entry is what one credential stands for.
type Entry[V any] struct {
	Value V
	Turn  tasks.Turn // of asking again

	credential string
	epoch      atomic.Uint64 // of the memory, when this was last looked at
}

// NewEntry is to be remembered under a credential, which must not point into a reused buffer.
func NewEntry[V any](credential string, v V) *Entry[V] {
	return &Entry[V]{credential: credential, Value: v}
}

// digest names a credential in a few bytes, whatever its length.
func digest(cred stytch.Credential) [16]byte {
	sum := sha256.Sum256(append([]byte{byte(cred.Kind)}, cred.Value...))
	return [16]byte(sum[:16])
}

// Finding is what a memory is worth that was looked at again.
type Finding uint8

// What can be found.
const (
	Gone    Finding = iota // it is not to be used
	Serving                // it may be used, and is looked at again each time, until something newer is remembered
	Holding                // it may be used
)

// Memory remembers what credentials stand for. Safe for concurrent use.
type Memory[V any] struct {
	cache *otter.Cache[string, *Entry[V]] // nil: remember none
	look  func(*Entry[V]) Finding

	// epoch moves when what was remembered before has to be looked at again.
	epoch atomic.Uint64
}

// New remembers credentials up to a weight, none when that is not positive. look finds what one
// is worth after [Memory.Doubt].
func New[V any](atMost int, weigh func(*V) int, look func(*Entry[V]) Finding) *Memory[V] {
	m := &Memory[V]{look: look}
	if atMost > 0 {
		m.cache = otter.Must(&otter.Options[string, *Entry[V]]{
			MaximumWeight: uint64(atMost),
			Weigher:       func(_ string, e *Entry[V]) uint32 { return uint32(weigh(&e.Value)) }, //nolint:gosec // a credential is of 16 KB at most
		})
	}
	return m
}

func newCache[K comparable, V any](size int) *otter.Cache[K, V] {
	return otter.Must(&otter.Options[K, V]{MaximumSize: size})
}

// Remembers reports whether anything is remembered at all.
func (m *Memory[V]) Remembers() bool { return m.cache != nil }

// Doubt makes every memory be looked at again, once, before it is used.
func (m *Memory[V]) Doubt() { m.epoch.Add(1) }

// Epoch changes with every [Memory.Doubt].
func (m *Memory[V]) Epoch() uint64 { return m.epoch.Load() }

// keyLength is how much of a credential it is found by: the end, which of a JWT is the signature's and
// as good as random, so that a hit hashes little. That it is the whole is seen by comparing.
const keyLength = 64

func keyOf(credential string) string { return credential[max(0, len(credential)-keyLength):] }

// Recall is what is remembered of a credential and still holds; nil for nothing. How old it may be is
// the caller's to judge. It allocates nothing.
func (m *Memory[V]) Recall(credential string) *Entry[V] {
	if m.cache == nil {
		return nil
	}
	known, ok := m.cache.GetIfPresent(keyOf(credential))
	if !ok || known.credential != credential || known.epoch.Load() != m.epoch.Load() && !m.confirm(known) {
		return nil
	}
	return known
}

// confirm looks at a memory again.
func (m *Memory[V]) confirm(known *Entry[V]) bool {
	epoch := m.epoch.Load()
	found := m.look(known)
	if found == Holding {
		known.epoch.Store(epoch)
	}
	return found != Gone
}

// Past is what a credential stood for, whether that still holds or not; nil for nothing.
func (m *Memory[V]) Past(credential string) *Entry[V] {
	if m.cache == nil {
		return nil
	}
	known, ok := m.cache.GetIfPresent(keyOf(credential))
	if !ok || known.credential != credential {
		return nil
	}
	return known
}

// Unsettled is the epoch of what is looked at each time before it is used.
const Unsettled = math.MaxUint64

// Remember keeps what was found out since the epoch began.
func (m *Memory[V]) Remember(known *Entry[V], epoch uint64) {
	if m.cache == nil {
		return
	}
	known.epoch.Store(epoch)
	m.cache.Set(keyOf(known.credential), known)
}

// Forget drops a credential.
func (m *Memory[V]) Forget(credential string) {
	if m.cache != nil {
		m.cache.Invalidate(keyOf(credential))
	}
}

// Size is how many are remembered, about.
func (m *Memory[V]) Size() int {
	if m.cache == nil {
		return 0
	}
	return m.cache.EstimatedSize()
}

// CleanUp makes the memory keep to its bound now.
func (m *Memory[V]) CleanUp() {
	if m.cache != nil {
		m.cache.CleanUp()
	}
}
