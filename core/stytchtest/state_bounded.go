package stytchtest

import (
	"container/list"
	"iter"
)

// bounded holds at most max values by key; when it is full, the oldest goes.
type bounded[V any] struct {
	max   int
	order *list.List // of entry[V], oldest first
	byKey map[string]*list.Element
	gone  func(V) // told of every value that was dropped or replaced; may be nil
}

type entry[V any] struct {
	key   string
	value V
}

func newBounded[V any](limit int, gone func(V)) *bounded[V] {
	return &bounded[V]{max: limit, order: list.New(), byKey: map[string]*list.Element{}, gone: gone}
}

// put adds value, or replaces the one with its key without making it younger.
func (b *bounded[V]) put(key string, value V) {
	if e, ok := b.byKey[key]; ok {
		b.left(e)
		e.Value = entry[V]{key, value}
		return
	}
	b.byKey[key] = b.order.PushBack(entry[V]{key, value})
	for b.order.Len() > b.max {
		b.remove(b.entry(b.order.Front()).key)
	}
}

func (b *bounded[V]) get(key string) (V, bool) {
	e, ok := b.byKey[key]
	if !ok {
		var none V
		return none, false
	}
	return b.entry(e).value, true
}

func (b *bounded[V]) remove(key string) {
	e, ok := b.byKey[key]
	if !ok {
		return
	}
	delete(b.byKey, key)
	b.order.Remove(e)
	b.left(e)
}

// all yields the values, oldest first.
func (b *bounded[V]) all() iter.Seq[V] {
	return func(yield func(V) bool) {
		for e := b.order.Front(); e != nil; e = e.Next() {
			if !yield(b.entry(e).value) {
				return
			}
		}
	}
}

func (b *bounded[V]) left(e *list.Element) {
	if b.gone != nil {
		b.gone(b.entry(e).value)
	}
}

func (b *bounded[V]) entry(e *list.Element) entry[V] {
	v, _ := e.Value.(entry[V]) // nothing else is ever put in
	return v
}
