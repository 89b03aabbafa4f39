package stytchredis_test

import (
	"sync"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/bustest"
	stytchredis "github.com/stytchkit/stytchkit/replicas/redis"
)

func TestRedisIsABus(t *testing.T) {
	e := newEngine(t)
	fronts := map[stytchkit.Bus]*front{} // each connection's own
	var closing sync.WaitGroup           // which takes as long as a read waits
	defer closing.Wait()
	bustest.Run(t, bustest.Engine{
		New: func(t *testing.T, topic string) stytchkit.Bus {
			front := newFront(t, e.address)
			b, err := stytchredis.New("redis://"+front.address, stytchredis.Options{Stream: topic})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { closing.Go(b.Close) })
			fronts[b] = front
			return b
		},
		Stop: func(*testing.T) { e.stop() }, Start: func(*testing.T) { e.start() },
		Lose:   func(*testing.T) { e.lose() },
		Freeze: func(*testing.T) { e.freeze() }, Thaw: func(*testing.T) { e.thaw() },
		Inject: func(_ *testing.T, topic string) { e.inject(topic) },
		Trim:   func(_ *testing.T, topic string) { e.trim(topic) },
		Cut:    func(_ *testing.T, bus stytchkit.Bus) { fronts[bus].cut(true) },
		Mend:   func(_ *testing.T, bus stytchkit.Bus) { fronts[bus].cut(false) },
	})
}
