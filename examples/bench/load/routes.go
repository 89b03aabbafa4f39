package main

import (
	"encoding/json"
	"net/http"

	"github.com/gofiber/fiber/v2"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// netHTTP is the application on net/http; open to everybody without an Authenticator.
func netHTTP(auth *stytchkit.Authenticator) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(profileOf(stytchhttp.Session(r))) // a client that is gone needs no answer
	})
	if auth == nil {
		return mux
	}
	return stytchhttp.Require(auth)(mux)
}

// newFiber is the same on Fiber.
func newFiber(auth *stytchkit.Authenticator) *fiber.App {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	if auth != nil {
		app.Use(stytchfiber.Require(auth))
	}
	app.Get("/me", func(c *fiber.Ctx) error { return c.JSON(profileOf(stytchfiber.Session(c))) })
	return app
}
