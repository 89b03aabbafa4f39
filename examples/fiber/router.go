package main

import (
	"bufio"
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/cors"
	recovery "github.com/gofiber/fiber/v2/middleware/recover"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
)

func newRouter(auth *stytchkit.Authenticator, login *signin.Handler, app *demo.App) *fiber.App {
	r := fiber.New(fiber.Config{
		ReadBufferSize:        16 << 10, // Fiber's 4 KB lock out whoever has more cookies than that
		ReadTimeout:           30 * time.Second,
		ErrorHandler:          failed,
		DisableStartupMessage: true,
	})
	// Without it, a panic in a handler ends the process.
	r.Use(recovery.New(), headers)
	if origin := app.Frontend(); origin != "" {
		r.Use(cors.New(cors.Config{AllowOrigins: origin, AllowCredentials: true}))
	}

	r.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok") })
	r.Get("/readyz", func(c *fiber.Ctx) error {
		if err := auth.Ready(c.UserContext()); err != nil {
			return c.Status(http.StatusServiceUnavailable).SendString("not ready: the project's signing keys could not be fetched yet")
		}
		return c.SendString("ready")
	})
	r.Get("/static/demo.css", func(c *fiber.Ctx) error {
		c.Set("Cache-Control", "public, max-age=300")
		return c.Type("css", "utf-8").Send(demo.Stylesheet())
	})

	r.Get("/static/demo.js", func(c *fiber.Ctx) error {
		c.Set("Cache-Control", "public, max-age=300")
		return c.Type("js", "utf-8").Send(demo.Script())
	})

	r.Get("/", stytchfiber.Optional(auth), func(c *fiber.Ctx) error {
		return page(c, app.HomePage(c.UserContext()))
	})
	r.Get("/login", func(c *fiber.Ctx) error {
		return page(c, app.LoginPage(func(name string) string { return c.Query(name) }))
	})
	r.Get("/profile", stytchfiber.Require(auth), func(c *fiber.Ctx) error {
		return page(c, app.ProfilePage(stytchfiber.State(c, auth)))
	})

	r.Get("/settings", stytchfiber.Require(auth, stytchkit.AuthenticatedWithin(10*time.Minute)), func(c *fiber.Ctx) error {
		return page(c, app.SettingsPage(c.UserContext()))
	})

	r.Get("/seed", stytchfiber.Optional(auth), func(c *fiber.Ctx) error {
		return page(c, app.SeedPage(c.UserContext()))
	})

	// Before the group: its middleware is for every path under /api that is registered after it.
	r.Get("/api/session", stytchfiber.ServeState(auth))
	if app.Webhooks != nil {
		stytchfiber.Mount(r, app.Webhooks)
	}
	if login != nil {
		stytchfiber.Mount(r, login)
	} else {
		r.All("/api/logout", stytchfiber.ServeSignOut(auth))
	}
	scope := stytchkit.Scopes("read:documents")
	r.Get("/api/machine", stytchfiber.RequireToken(auth, scope), func(c *fiber.Ctx) error {
		return c.JSON(demo.Machine(c.UserContext()))
	})
	either := auth.Either(auth.Require(), auth.RequireToken(scope))
	r.Get("/api/either", stytchfiber.Guard(either, stytchfiber.Config{}), func(c *fiber.Ctx) error {
		return c.JSON(demo.Either(c.UserContext()))
	})

	api := r.Group("/api", stytchfiber.Require(auth))
	api.Get("/me", me)
	api.Get("/fresh", stytchfiber.Require(auth, stytchkit.Fresh(0)), me)
	api.Get("/admin", stytchfiber.Require(auth, stytchkit.Role("stytch_admin")), me)
	api.Get("/secure", stytchfiber.Require(auth, stytchkit.AuthenticatedWithin(10*time.Minute)), me)
	api.Get("/events", func(c *fiber.Ctx) error {
		c.Set("Content-Type", "text/event-stream")
		if c.Method() == fiber.MethodHead {
			return nil // fasthttp ends a stream that it does not send, too, and breaks the connection by that
		}
		live, stop := stytchkit.Live(c.UserContext()) // now: the stream is written when c is another request's
		c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
			defer stop()
			app.Events(live, w, w.Flush)
		})
		return nil
	})

	list := func(c *fiber.Ctx) error { return c.JSON(app.Documents(c.UserContext())) }
	add := func(c *fiber.Ctx) error {
		document, err := app.AddDocument(c.UserContext(), bytes.NewReader(c.BodyRaw()))
		if err != nil {
			return c.Status(http.StatusBadRequest).JSON(fiber.Map{"error": err.Error()})
		}
		return c.Status(http.StatusCreated).JSON(document)
	}
	read, create := stytchkit.Permission("documents", "read"), stytchkit.Permission("documents", "create")
	if app.Vertical() == stytchkit.Consumer { // without organizations
		api.Get("/documents", stytchfiber.Require(auth, read), list)
		api.Post("/documents", stytchfiber.Require(auth, create), add)
	} else {
		// On the routes, not on the group: path parameters are empty in Fiber's group middleware.
		inOrg := stytchkit.Organization(stytchkit.PathParam("org"))
		api.Get("/orgs/:org/documents", stytchfiber.Require(auth, inOrg, read), list)
		api.Post("/orgs/:org/documents", stytchfiber.Require(auth, inOrg, create), add)
	}

	if app.Sandbox != nil {
		addSandbox(r.Group("/sandbox"), auth, app)
	}
	r.Use(func(c *fiber.Ctx) error { return page(c.Status(http.StatusNotFound), app.NotFoundPage()) })
	return r
}

// addSandbox adds what exists only in the sandbox: anybody may sign in as anybody.
func addSandbox(r fiber.Router, auth *stytchkit.Authenticator, app *demo.App) {
	r.Get("", func(c *fiber.Ctx) error { return page(c, app.SandboxPage()) })
	r.Get("/calls", func(c *fiber.Ctx) error { return c.JSON(app.Sandbox.CountCalls()) })
	r.Post("/action", sameOrigin, func(c *fiber.Ctx) error {
		if err := app.Sandbox.Do(c.FormValue("action")); err != nil {
			return c.Status(http.StatusBadRequest).SendString(err.Error())
		}
		return c.Redirect(app.At("/sandbox"), http.StatusSeeOther)
	})
	r.Post("/sign-in", sameOrigin, func(c *fiber.Ctx) error {
		s, err := app.Sandbox.SignIn(c.FormValue("member"), c.FormValue("jwt"))
		if err != nil {
			return c.Status(http.StatusBadRequest).SendString(err.Error())
		}
		if err := stytchfiber.SaveSession(c, auth, s.Token, s.JWT, s.ExpiresAt); err != nil {
			return c.Status(http.StatusInternalServerError).SendString("the session cannot be saved: " + err.Error())
		}
		return c.Redirect(app.ReturnTo(c.FormValue("return_to")), http.StatusSeeOther)
	})
}

func me(c *fiber.Ctx) error { return c.JSON(demo.Me(c.UserContext())) }

func page(c *fiber.Ctx, html []byte) error { return c.Type("html", "utf-8").Send(html) }

// headers sets the headers of every response.
func headers(c *fiber.Ctx) error {
	for name, value := range demo.Headers() {
		c.Set(name, value)
	}
	return c.Next()
}

// sameOrigin refuses forms that another origin's page sends. Guards do so themselves; this is for
// the routes without one. c.Hostname would trust X-Forwarded-Host.
func sameOrigin(c *fiber.Ctx) error {
	r := http.Request{Method: c.Method(), Host: string(c.Request().Host()), Header: http.Header{}}
	for _, name := range []string{"Origin", "Sec-Fetch-Site"} {
		r.Header.Set(name, c.Get(name))
	}
	if err := http.NewCrossOriginProtection().Check(&r); err != nil {
		return c.SendStatus(http.StatusForbidden)
	}
	return c.Next()
}

// failed answers what a handler could not. Fiber's own would send a client the error's text.
func failed(c *fiber.Ctx, err error) error {
	var known *fiber.Error
	if errors.As(err, &known) {
		return c.Status(known.Code).SendString(known.Message)
	}
	slog.Error("a handler failed or panicked", "error", err)
	return c.SendStatus(http.StatusInternalServerError)
}
