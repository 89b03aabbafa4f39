package stytchotel

import (
	"slices"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// mostKinds bounds the table of decisions: the codes are the kit's own, some 15 for each of some 5 sources.
const mostKinds = 256

// kind is what decisions are counted by.
type kind struct {
	code    string
	source  stytchkit.Source
	allowed bool
}

// other is for what the table has no room for.
func (k kind) other() kind { return kind{code: "_OTHER", allowed: k.allowed} }

type count struct {
	atomic.Int64
	of         kind
	attributes metric.ObserveOption
}

// decisions are counted here and read by the meter, as adding to a counter of the SDK's for each request
// would cost several times as much. A table in use never changes: a new kind makes a new one. It is searched
// from the front, as an application sees a handful of kinds, and those of most requests first.
type decisions struct {
	counter metric.Int64ObservableCounter
	table   atomic.Pointer[[]*count]
	mu      sync.Mutex // of who makes a new table
}

func newCounter(meter metric.Meter) (metric.Int64ObservableCounter, error) {
	return meter.Int64ObservableCounter("stytchkit.decisions", metric.WithUnit("{decision}"), metric.WithDescription("Decisions of guards"))
}

func (d *decisions) count(made stytchkit.DecisionMade) {
	d.of(kind{made.Code, made.Source, made.Allowed}).Add(1)
}

func (d *decisions) of(k kind) *count {
	if c := find(d.counts(), k); c != nil {
		return c
	}
	return d.add(k)
}

func (d *decisions) add(k kind) *count {
	d.mu.Lock()
	defer d.mu.Unlock()
	counts := d.counts()
	if len(counts) >= mostKinds && find(counts, k) == nil {
		k = k.other()
	}
	if c := find(counts, k); c != nil {
		return c
	}
	c := &count{of: k, attributes: metric.WithAttributeSet(attributesOf(k))}
	counts = append(slices.Clip(counts), c)
	d.table.Store(&counts)
	return c
}

func (d *decisions) counts() []*count {
	if table := d.table.Load(); table != nil {
		return *table
	}
	return nil
}

func find(counts []*count, k kind) *count {
	for _, c := range counts {
		if c.of == k {
			return c
		}
	}
	return nil
}

func attributesOf(k kind) attribute.Set {
	code := k.code
	if code == "" {
		code = "ok"
	}
	return attribute.NewSet(
		attribute.String("stytchkit.code", code),
		attribute.String("stytchkit.source", string(k.source)),
		attribute.Bool("stytchkit.allowed", k.allowed),
	)
}

func (d *decisions) observe(to metric.Observer) {
	for _, c := range d.counts() {
		to.ObserveInt64(d.counter, c.Load(), c.attributes)
	}
}
