package stytchfiber_test

import (
	"testing"

	"github.com/gofiber/fiber/v2"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestMount(t *testing.T) {
	adaptertest.RunSignIn(t, func(auth *stytchkit.Authenticator, h stytchkit.Mountable) adaptertest.Server {
		app := fiber.New(fiber.Config{ReadBufferSize: 16 << 10, DisableStartupMessage: true})
		app.Use(stytchfiber.Optional(auth))
		stytchfiber.Mount(app, h)
		return server{app}
	})
}
