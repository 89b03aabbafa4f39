package bustest_test

import (
	"sync"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/bustest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// engine is the buses of the stand-in, a log for each topic.
type engine struct {
	mu    sync.Mutex
	first map[string]*stytchtest.Bus
	all   []*stytchtest.Bus
	down  bool
}

func (e *engine) bus(topic string) *stytchtest.Bus {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.first[topic] == nil {
		e.first[topic] = stytchtest.NewBus()
	}
	bus := e.first[topic].Another()
	if e.down {
		bus.Cut()
	}
	e.all = append(e.all, bus)
	return bus
}

func (e *engine) each(down bool, do func(*stytchtest.Bus)) func(*testing.T) {
	return func(*testing.T) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.down = down
		for _, bus := range e.all {
			do(bus)
		}
	}
}

func TestTheStandInIsABus(t *testing.T) {
	e := &engine{first: map[string]*stytchtest.Bus{}}
	bustest.Run(t, bustest.Engine{
		New:  func(_ *testing.T, topic string) stytchkit.Bus { return e.bus(topic) },
		Stop: e.each(true, (*stytchtest.Bus).Cut), Start: e.each(false, (*stytchtest.Bus).Mend),
		Lose:   e.each(false, (*stytchtest.Bus).Lose),
		Inject: func(_ *testing.T, topic string) { e.bus(topic).Inject([]byte("no record of ours")) },
		Trim:   func(_ *testing.T, topic string) { e.bus(topic).Trim(1) },
		Cut:    func(_ *testing.T, bus stytchkit.Bus) { bus.(*stytchtest.Bus).Cut() },
		Mend:   func(_ *testing.T, bus stytchkit.Bus) { bus.(*stytchtest.Bus).Mend() },
	})
}
