package stytchfiber_test

import (
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/stytchkit/stytchkit/adapters/fasthttp/fasthttptest"
	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestARememberedSessionAddsOneAllocation(t *testing.T) {
	const limit = 1 // the context that carries the decision
	m := adaptertest.Remember(t)
	bare, guarded := apps(m)
	m.AddsAtMost(t, limit, bare, guarded)
}

// The adapters of Fiber 2 and of Fiber 3 have this benchmark alike: what is added to "none" is compared.
func BenchmarkSibling(b *testing.B) {
	m := adaptertest.Remember(b)
	bare, guarded := apps(m)
	m.Benchmark(b, "fiber", bare, guarded)
}

// apps are an application without a guard and one with it.
func apps(m *adaptertest.Remembered) (bare, guarded adaptertest.Asks) {
	without, with := fiber.New(), fiber.New()
	without.Get("/me", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusOK) })
	with.Get("/me", stytchfiber.Require(m.Auth), func(c *fiber.Ctx) error { return c.SendStatus(m.Status(stytchfiber.Session(c))) })
	return fasthttptest.Asks(without.Handler()), fasthttptest.Asks(with.Handler())
}
