package stytchotel

import (
	"maps"
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
	attributes metric.ObserveOption
}

// decisions are counted here and read by the meter, as adding to a counter of the SDK's for each request
// would cost several times as much. A table in use never changes: a new kind makes a new one.
type decisions struct {
	counter metric.Int64ObservableCounter
	table   atomic.Pointer[map[kind]*count]
	mu      sync.Mutex // of who makes a new table
}

func newCounter(meter metric.Meter) (metric.Int64ObservableCounter, error) {
	return meter.Int64ObservableCounter("stytchkit.decisions", metric.WithUnit("{decision}"), metric.WithDescription("Decisions of guards"))
}

func (d *decisions) count(made stytchkit.DecisionMade) {
	d.of(kind{made.Code, made.Source, made.Allowed}).Add(1)
}

func (d *decisions) of(k kind) *count {
	if table := d.table.Load(); table != nil {
		if c := (*table)[k]; c != nil {
			return c
		}
	}
	return d.add(k)
}

func (d *decisions) add(k kind) *count {
	d.mu.Lock()
	defer d.mu.Unlock()
	table := map[kind]*count{}
	if old := d.table.Load(); old != nil {
		table = maps.Clone(*old)
	}
	if len(table) >= mostKinds && table[k] == nil {
		k = k.other()
	}
	if table[k] == nil {
		table[k] = &count{attributes: metric.WithAttributeSet(attributesOf(k))}
		d.table.Store(&table)
	}
	return table[k]
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
	table := d.table.Load()
	if table == nil {
		return
	}
	for _, c := range *table {
		to.ObserveInt64(d.counter, c.Load(), c.attributes)
	}
}
