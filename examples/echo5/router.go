package main

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo5"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
)

func newRouter(auth *stytchkit.Authenticator, login *signin.Handler, app *demo.App) *echo.Echo {
	e := echo.New()
	e.Use(middleware.Recover(), headers)
	if origin := app.Frontend(); origin != "" {
		e.Use(middleware.CORSWithConfig(middleware.CORSConfig{AllowOrigins: []string{origin}, AllowCredentials: true}))
	}

	e.GET("/healthz", func(c *echo.Context) error { return c.String(http.StatusOK, "ok") })
	e.GET("/readyz", func(c *echo.Context) error {
		if err := auth.Ready(c.Request().Context()); err != nil {
			return c.String(http.StatusServiceUnavailable, "not ready: the project's signing keys could not be fetched yet")
		}
		return c.String(http.StatusOK, "ready")
	})
	e.GET("/static/demo.css", func(c *echo.Context) error {
		c.Response().Header().Set("Cache-Control", "public, max-age=300")
		return c.Blob(http.StatusOK, "text/css; charset=utf-8", demo.Stylesheet())
	})

	e.GET("/static/demo.js", func(c *echo.Context) error {
		c.Response().Header().Set("Cache-Control", "public, max-age=300")
		return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", demo.Script())
	})

	e.GET("/", func(c *echo.Context) error {
		return c.HTMLBlob(http.StatusOK, app.HomePage(c.Request().Context()))
	}, stytchecho.Optional(auth))
	e.GET("/login", func(c *echo.Context) error {
		return c.HTMLBlob(http.StatusOK, app.LoginPage(c.QueryParam))
	})
	e.GET("/profile", func(c *echo.Context) error {
		return c.HTMLBlob(http.StatusOK, app.ProfilePage(stytchecho.State(c, auth)))
	}, stytchecho.Require(auth))

	e.GET("/settings", func(c *echo.Context) error {
		return c.HTMLBlob(http.StatusOK, app.SettingsPage(c.Request().Context()))
	}, stytchecho.Require(auth, stytchkit.AuthenticatedWithin(10*time.Minute)))

	e.GET("/seed", func(c *echo.Context) error {
		return c.HTMLBlob(http.StatusOK, app.SeedPage(c.Request().Context()))
	}, stytchecho.Optional(auth))

	e.GET("/api/session", stytchecho.ServeState(auth))
	scope := stytchkit.Scopes("read:documents")
	e.GET("/api/machine", func(c *echo.Context) error {
		return c.JSON(http.StatusOK, demo.Machine(c.Request().Context()))
	}, stytchecho.RequireToken(auth, scope))
	either := auth.Either(auth.Require(), auth.RequireToken(scope))
	e.GET("/api/either", func(c *echo.Context) error {
		return c.JSON(http.StatusOK, demo.Either(c.Request().Context()))
	}, stytchecho.Guard(either, stytchecho.Config{}))

	api := e.Group("/api", stytchecho.Require(auth))
	api.GET("/me", me)
	api.GET("/fresh", me, stytchecho.Require(auth, stytchkit.Fresh(0)))
	api.GET("/admin", me, stytchecho.Require(auth, stytchkit.Role("stytch_admin")))
	api.GET("/secure", me, stytchecho.Require(auth, stytchkit.AuthenticatedWithin(10*time.Minute)))
	api.GET("/events", func(c *echo.Context) error {
		live, stop := stytchkit.Live(c.Request().Context())
		defer stop()
		c.Response().Header().Set("Content-Type", "text/event-stream")
		app.Events(live, c.Response(), http.NewResponseController(c.Response()).Flush)
		return nil
	})

	list := func(c *echo.Context) error { return c.JSON(http.StatusOK, app.Documents(c.Request().Context())) }
	add := func(c *echo.Context) error {
		document, err := app.AddDocument(c.Request().Context(), c.Request().Body)
		if err != nil {
			return c.JSON(http.StatusBadRequest, map[string]string{"error": err.Error()})
		}
		return c.JSON(http.StatusCreated, document)
	}
	read, create := stytchkit.Permission("documents", "read"), stytchkit.Permission("documents", "create")
	if app.Vertical() == stytchkit.Consumer { // without organizations
		api.GET("/documents", list, stytchecho.Require(auth, read))
		api.POST("/documents", add, stytchecho.Require(auth, create))
	} else {
		inOrg := stytchkit.Organization(stytchkit.PathParam("org"))
		api.GET("/orgs/:org/documents", list, stytchecho.Require(auth, inOrg, read))
		api.POST("/orgs/:org/documents", add, stytchecho.Require(auth, inOrg, create))
	}

	if app.Webhooks != nil {
		stytchecho.Mount(e, app.Webhooks)
	}
	if login != nil {
		stytchecho.Mount(e, login)
	} else {
		e.Any("/api/logout", stytchecho.ServeSignOut(auth))
	}

	if app.Sandbox != nil {
		addSandbox(e.Group("/sandbox"), auth, app)
	}
	e.RouteNotFound("/*", func(c *echo.Context) error {
		return c.HTMLBlob(http.StatusNotFound, app.NotFoundPage())
	})
	return e
}

// addSandbox adds what exists only in the sandbox: anybody may sign in as anybody.
func addSandbox(g *echo.Group, auth *stytchkit.Authenticator, app *demo.App) {
	g.GET("", func(c *echo.Context) error { return c.HTMLBlob(http.StatusOK, app.SandboxPage()) })
	g.GET("/calls", func(c *echo.Context) error { return c.JSON(http.StatusOK, app.Sandbox.CountCalls()) })
	g.POST("/action", func(c *echo.Context) error {
		if err := app.Sandbox.Do(c.FormValue("action")); err != nil {
			return c.String(http.StatusBadRequest, err.Error())
		}
		return c.Redirect(http.StatusSeeOther, app.At("/sandbox"))
	}, sameOrigin)
	g.POST("/sign-in", func(c *echo.Context) error {
		s, err := app.Sandbox.SignIn(c.FormValue("member"), c.FormValue("jwt"))
		if err != nil {
			return c.String(http.StatusBadRequest, err.Error())
		}
		if err := stytchecho.SaveSession(c, auth, s.Token, s.JWT, s.ExpiresAt); err != nil {
			return c.String(http.StatusInternalServerError, "the session cannot be saved: "+err.Error())
		}
		return c.Redirect(http.StatusSeeOther, app.ReturnTo(c.FormValue("return_to")))
	}, sameOrigin)
}

func me(c *echo.Context) error { return c.JSON(http.StatusOK, demo.Me(c.Request().Context())) }

// headers sets the headers of every response.
func headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		for name, value := range demo.Headers() {
			c.Response().Header().Set(name, value)
		}
		return next(c)
	}
}

// sameOrigin refuses forms that another origin's page sends. Guards do so themselves; this is for
// the routes without one.
func sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		if err := http.NewCrossOriginProtection().Check(c.Request()); err != nil {
			return c.NoContent(http.StatusForbidden)
		}
		return next(c)
	}
}
