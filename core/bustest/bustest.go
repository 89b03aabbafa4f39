// Package bustest holds a stytchkit.Bus to what its interface says: over an engine that a test can stop, empty
// and freeze.
package bustest

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Engine is what the buses under test go over. What an engine cannot do is nil, and the cases that need it
// are left out.
type Engine struct {
	// New is one more replica's connection to a topic, which ends with the test.
	New func(t *testing.T, topic string) stytchkit.Bus
	// Stop ends the engine, and Start begins it again, which may have lost all.
	Stop, Start func(t *testing.T)
	// Lose empties the engine.
	Lose func(t *testing.T)
	// Freeze makes the engine take connections and answer nothing, until Thaw.
	Freeze, Thaw func(t *testing.T)
	// Inject puts into a topic what is no record of any replica's.
	Inject func(t *testing.T, topic string)
	// Trim leaves a topic nothing but its newest record.
	Trim func(t *testing.T, topic string)
	// Cut is a replica's connection that breaks, and nobody else's, until Mend.
	Cut, Mend func(t *testing.T, bus stytchkit.Bus)
}

// How long things take at the most.
const (
	soon        = 10 * time.Second
	returnsIn   = 3 * time.Second
	publishFor  = time.Second
	publishOver = 100 * time.Millisecond
)

// Run runs every case.
func Run(t *testing.T, e Engine) {
	t.Run("every follower gets every record once it has caught up, its own too", e.everyFollower)
	t.Run("records of any bytes, up to 512, arrive as they are", e.anyBytes)
	t.Run("what several publish at a time arrives whole", e.severalPublishers)
	t.Run("topics do not mix", e.topics)
	t.Run("Follow ends with its context", e.followEnds)
	t.Run("what has ended leaves no goroutine", e.goroutines)
	if e.Inject != nil {
		t.Run("foreign records stop nothing", e.foreign)
	}
	if e.Lose != nil {
		t.Run("a log that is lost under load ends Follow", e.lost)
	}
	if e.Stop != nil {
		t.Run("an engine that is down fails, and works when it is back", func(t *testing.T) { e.gone(t, e.Stop, e.Start) })
	}
	if e.Freeze != nil {
		t.Run("an engine that is frozen fails, and works when it is thawed", func(t *testing.T) { e.gone(t, e.Freeze, e.Thaw) })
	}
	if e.Trim != nil {
		t.Run("a log that is cut short stops nobody", e.trimmed)
	}
	if e.Cut != nil {
		t.Run("a connection that breaks fails alone, and works when it is mended", e.cutOff)
	}
	t.Run("three replicas", e.clusters)
}

// topic is one of a test's own.
func topic(t *testing.T) string { return fmt.Sprintf("bustest-%x-%s", time.Now().UnixNano(), t.Name()) }

func publish(t *testing.T, bus stytchkit.Bus, records ...[]byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	if err := bus.Publish(ctx, records...); err != nil {
		t.Fatal(err)
	}
}

func (e Engine) everyFollower(t *testing.T) {
	name := topic(t)
	a, b := e.New(t, name), e.New(t, name)
	publish(t, a, []byte("before"))
	fa, fb := follow(t, a), follow(t, b)
	fa.holds(t, "before")
	fb.holds(t, "before")
	publish(t, a, []byte("one"), []byte("two"))
	publish(t, b, []byte("three"))
	for _, f := range []*follower{fa, fb, follow(t, e.New(t, name))} {
		f.holds(t, "before", "one", "two", "three")
		if n := f.caughtUpTimes(); n != 1 {
			t.Errorf("caughtUp was called %d times, want once", n)
		}
	}
}

func (e Engine) anyBytes(t *testing.T) {
	bus := e.New(t, topic(t))
	var records [][]byte
	var want []string
	for length := 1; length <= 512; length++ {
		record := make([]byte, length)
		for i := range record {
			record[i] = byte((i + length) % 256)
		}
		records, want = append(records, record), append(want, string(record))
	}
	publish(t, bus, records...)
	follow(t, bus).holds(t, want...)
}

func (e Engine) severalPublishers(t *testing.T) {
	const publishers, each = 8, 1000
	name := topic(t)
	f := follow(t, e.New(t, name))
	var all sync.WaitGroup
	var want []string
	for i := range publishers {
		bus := e.New(t, name)
		var records [][]byte
		for k := range each {
			record := binary.BigEndian.AppendUint32([]byte{byte(i)}, uint32(k))
			records, want = append(records, record), append(want, string(record))
		}
		all.Go(func() {
			for batch := range each / 50 {
				ctx, cancel := context.WithTimeout(t.Context(), soon)
				if err := bus.Publish(ctx, records[batch*50:(batch+1)*50]...); err != nil {
					t.Error(err)
				}
				cancel()
			}
		})
	}
	all.Wait()
	f.holds(t, want...)
}

func (e Engine) topics(t *testing.T) {
	a, b := e.New(t, topic(t)), e.New(t, topic(t)+"-another")
	publish(t, a, []byte("of a"))
	publish(t, b, []byte("of b"))
	f := follow(t, b)
	f.holds(t, "of b")
	if f.has("of a") {
		t.Error("a follower has heard of another topic's record")
	}
}

func (e Engine) followEnds(t *testing.T) {
	f := follow(t, e.New(t, topic(t)))
	f.holds(t)
	f.cancel()
	_ = f.returns(t)
}

// goroutines counts those of a connection that has published, followed and ended.
func (e Engine) goroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("a connection", func(t *testing.T) {
		bus := e.New(t, topic(t))
		publish(t, bus, []byte("record"))
		follow(t, bus).holds(t, "record")
	})
	if !until(returnsIn, func() bool { return runtime.NumGoroutine() <= before }) {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
	}
}

func (e Engine) foreign(t *testing.T) {
	name := topic(t)
	bus := e.New(t, name)
	f := follow(t, bus)
	e.Inject(t, name)
	publish(t, bus, []byte("after it"))
	f.holds(t, "after it")
}

func (e Engine) lost(t *testing.T) {
	name := topic(t)
	bus := e.New(t, name)
	f := follow(t, bus)
	publish(t, bus, []byte("before"))
	f.holds(t, "before")
	load, stop := context.WithCancel(t.Context())
	defer stop()
	var loading sync.WaitGroup
	loading.Go(func() {
		for load.Err() == nil {
			_ = bus.Publish(load, bytes.Repeat([]byte{1}, 8))
		}
	})
	e.Lose(t)
	_ = f.returns(t)
	stop()
	loading.Wait()
	again := follow(t, bus)
	publish(t, bus, []byte("after"))
	again.holds(t, "after")
	if again.has("before") {
		t.Error("what was lost is there")
	}
}

// gone has the engine away for a while.
func (e Engine) gone(t *testing.T, away, back func(*testing.T)) {
	name := topic(t)
	bus := e.New(t, name)
	f := follow(t, bus)
	publish(t, bus, []byte("before"))
	f.holds(t, "before")
	away(t)
	func() {
		defer back(t)
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), publishFor)
		defer cancel()
		if err := bus.Publish(ctx, []byte("meanwhile")); err == nil {
			t.Error("Publish claims that the record is in the log")
		}
		if took := time.Since(began); took > publishFor+publishOver {
			t.Errorf("Publish took %v, want an error within %v", took, publishFor+publishOver)
		}
		_ = f.returns(t)
		late := e.New(t, name)
		if err := follow(t, late).returns(t); err == nil {
			t.Error("a follower that begins meanwhile ends without an error")
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	for bus.Publish(ctx, []byte("after")) != nil && ctx.Err() == nil { //nolint:revive // until it is back
	}
	f = follow(t, bus)
	f.holds(t, "after")
}

// trimmed is who follows a log whose beginning goes, and who begins then. Follow may end: it is another log.
func (e Engine) trimmed(t *testing.T) {
	name := topic(t)
	bus := e.New(t, name)
	f := follow(t, bus)
	f.holds(t) // by now it has written what it may write itself
	publish(t, bus, []byte("one"), []byte("two"), []byte("three"))
	f.holds(t, "one", "two", "three")
	e.Trim(t, name)
	publish(t, bus, []byte("four"))
	late := follow(t, e.New(t, name))
	late.holds(t, "three", "four")
	if late.has("one") || late.has("two") {
		t.Error("what was cut away is there")
	}
	if !until(soon, func() bool { return f.has("four") || f.hasReturned() }) {
		t.Error("a follower neither ends nor hears of what comes after")
	}
}

func (e Engine) cutOff(t *testing.T) {
	name := topic(t)
	bus, other := e.New(t, name), e.New(t, name)
	f, of := follow(t, bus), follow(t, other)
	f.holds(t)
	of.holds(t)
	e.Cut(t, bus)
	ctx, cancel := context.WithTimeout(t.Context(), publishFor)
	defer cancel()
	if err := bus.Publish(ctx, []byte("in vain")); err == nil {
		t.Error("Publish claims that the record is in the log")
	}
	_ = f.returns(t)
	publish(t, other, []byte("meanwhile"))
	of.holds(t, "meanwhile")
	e.Mend(t, bus)
	ctx, cancel = context.WithTimeout(t.Context(), soon)
	defer cancel()
	for bus.Publish(ctx, []byte("after")) != nil && ctx.Err() == nil { //nolint:revive // until it is mended
	}
	follow(t, bus).holds(t, "meanwhile", "after")
	of.holds(t, "after")
}
