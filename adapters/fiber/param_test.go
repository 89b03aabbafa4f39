package stytchfiber_test

import (
	"testing"

	"github.com/gofiber/fiber/v2"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

// Fiber hands over a path's segments as they were sent, or decoded with UnescapePath.
func TestAPathParameterIsDecodedOnce(t *testing.T) {
	adaptertest.RunPathParam(t, func(auth *stytchkit.Authenticator, rule stytchkit.Rule) map[string]adaptertest.Server {
		ways := map[string]adaptertest.Server{}
		for name, unescapes := range map[string]bool{"as sent": false, "unescaped": true} {
			app := fiber.New(fiber.Config{UnescapePath: unescapes, DisableStartupMessage: true})
			app.Get("/orgs/:org/:page", stytchfiber.Require(auth, rule), func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusNoContent) })
			ways[name] = server{app}
		}
		return ways
	})
}
