package stytchfiber_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/gofiber/fiber/v3"
	fiberrecover "github.com/gofiber/fiber/v3/middleware/recover"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func Example() {
	auth, err := stytchkit.New(stytchkit.Config{
		ProjectID: "project-test-11111111-1111-1111-1111-111111111111",
		Secret:    "secret-test-…",
		Cookies:   stytchkit.Cookies{Owner: stytchkit.Backend},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer auth.Close()

	app := fiber.New(fiber.Config{ReadBufferSize: 16 << 10}) // Fiber's 4 KB are too few for session cookies
	app.Use(fiberrecover.New(), stytchfiber.Optional(auth))  // a session if there is one
	api := app.Group("/api", stytchfiber.Require(auth))      // 401 without
	api.Get("/me", func(c fiber.Ctx) error {
		return c.JSON(stytchfiber.Session(c))
	})
	// app.Listen(":8080")
}

func ExampleForward() {
	auth, stop := standIn()
	defer stop()

	app := fiber.New(fiber.Config{ErrorHandler: func(c fiber.Ctx, err error) error { // the application's own
		var denial *stytchkit.Denial
		if errors.As(err, &denial) {
			return c.Status(denial.Status).JSON(fiber.Map{"error": denial.Title()})
		}
		return fiber.DefaultErrorHandler(c, err)
	}})
	app.Use(stytchfiber.RequireWithConfig(auth, stytchfiber.Config{ErrorHandler: stytchfiber.Forward}))
	app.Get("/me", func(c fiber.Ctx) error { return c.JSON(stytchfiber.Session(c)) })

	res, err := app.Test(httptest.NewRequest(http.MethodGet, "/me", http.NoBody), fiber.TestConfig{Timeout: 0})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	fmt.Println(res.StatusCode, string(body), res.Header.Get("WWW-Authenticate"), err)
	// Output: 401 {"error":"Sign in to continue"} Bearer <nil>
}

func ExampleRoutes() {
	auth, stop := standIn()
	defer stop()

	app := fiber.New()
	app.Get("/healthz", func(c fiber.Ctx) error { return c.SendStatus(http.StatusOK) })
	api := app.Group("/api", stytchfiber.Require(auth))
	api.Get("/orgs/:org", func(c fiber.Ctx) error { return c.SendStatus(http.StatusOK) })

	do := func(r *http.Request) (*http.Response, error) { return app.Test(r, fiber.TestConfig{Timeout: 0}) }
	public, err := stytchtest.Unprotected(do, stytchfiber.Routes(app))
	fmt.Println(public, err)
	// Output: [GET /healthz] <nil>
}

// standIn is an Authenticator of a stand-in for Stytch.
func standIn() (auth *stytchkit.Authenticator, stop func()) {
	srv, err := stytchtest.New(stytchtest.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		log.Fatal(err)
	}
	auth, err = stytchkit.New(srv.Config())
	if err != nil {
		log.Fatal(err)
	}
	return auth, func() { auth.Close(); srv.Close() }
}
