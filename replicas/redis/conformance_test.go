package stytchredis_test

import (
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/bustest"
	stytchredis "github.com/stytchkit/stytchkit/replicas/redis"
)

func TestRedisIsABus(t *testing.T) {
	e := newEngine(t)
	bustest.Run(t, bustest.Engine{
		New: func(t *testing.T, topic string) stytchkit.Bus {
			b, err := stytchredis.New(e.url(), stytchredis.Options{Stream: topic})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(b.Close)
			return b
		},
		Stop: func(*testing.T) { e.stop() }, Start: func(*testing.T) { e.start() },
		Lose:   func(*testing.T) { e.lose() },
		Freeze: func(*testing.T) { e.freeze() }, Thaw: func(*testing.T) { e.thaw() },
		Inject: func(_ *testing.T, topic string) { e.inject(topic) },
	})
}
