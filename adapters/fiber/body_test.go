package stytchfiber_test

import (
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/stytchkit/stytchkit/adapters/fasthttp/fasthttptest"
	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestBodies(t *testing.T) {
	fasthttptest.RunBodies(t, func(h http.HandlerFunc, streams bool) adaptertest.Server {
		app := fiber.New(fiber.Config{ReadBufferSize: fasthttptest.ReadBuffer, StreamRequestBody: streams, DisableStartupMessage: true})
		app.Post("/auth", stytchfiber.Handler(h))
		return server{app}
	})
}
