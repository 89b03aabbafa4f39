package stytchfiber_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/static"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestRoutesAndWhichOfThemAreOpen(t *testing.T) {
	auth := stytchtest.Start(t).Authenticator(t)
	hello := func(c fiber.Ctx) error { return c.SendString("hello") }
	app := fiber.New()
	app.Get("/healthz", hello)
	app.Use(stytchfiber.Optional(auth))
	app.Get("/", hello)
	app.Post("/login", hello)
	app.Get(`/v1/items\:batch`, hello)
	app.Get("/early/:id", hello)
	early := app.Group("/early", stytchfiber.Require(auth))
	early.Get("/:id/late", hello)
	orgs := app.Group("/orgs/:org", stytchfiber.Require(auth))
	orgs.Get("/documents/:id<int;max(9)>", hello)
	orgs.Post("/documents", hello)
	orgs.Get("/files/*", hello)
	orgs.Get("/:from-:to?", hello)
	app.Options("/probe", stytchfiber.Require(auth), hello)
	mounted := fiber.New()
	mounted.Get("/open", hello)
	mounted.Get("/closed", stytchfiber.Require(auth), hello)
	app.Use("/mounted", mounted)
	app.Use("/assets", static.New(t.TempDir()))
	app.Use("/assets", hello)
	app.Use("/private", stytchfiber.Require(auth))
	app.Use("/private", static.New(t.TempDir()))

	isHead := func(r stytchkit.Route) bool { return r.Method == http.MethodHead }
	adaptertest.Lists(t, slices.DeleteFunc(stytchfiber.Routes(app), isHead),
		"GET /", "GET /assets", "GET /early/{id}", "GET /early/{id}/late", "GET /healthz", "GET /mounted/closed", "GET /mounted/open",
		"GET /orgs/{org}/documents/{id}", "GET /orgs/{org}/files/{path...}", "GET /orgs/{org}/{from}-{to}", "GET /private",
		"GET /v1/items:batch", "OPTIONS /probe", "POST /login", "POST /orgs/{org}/documents",
	)
	do := func(r *http.Request) (*http.Response, error) { return app.Test(r, fiber.TestConfig{Timeout: 0}) }
	adaptertest.Opens(t, do, stytchfiber.Routes(app), "GET /", "GET /assets", "GET /early/{id}", "GET /healthz", "GET /mounted/open", "GET /v1/items:batch")
}
