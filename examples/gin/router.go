package main

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
)

func newRouter(auth *stytchkit.Authenticator, login *signin.Handler, app *demo.App) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	// Not gin.Recovery, which may print a request's cookies.
	r.Use(gin.CustomRecoveryWithWriter(nil, recovered), headers)

	r.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok") })
	r.GET("/readyz", func(c *gin.Context) {
		if err := auth.Ready(c.Request.Context()); err != nil {
			c.String(http.StatusServiceUnavailable, "not ready: the project's signing keys could not be fetched yet")
			return
		}
		c.String(http.StatusOK, "ready")
	})
	r.GET("/static/demo.css", func(c *gin.Context) {
		c.Header("Cache-Control", "public, max-age=300")
		c.Data(http.StatusOK, "text/css; charset=utf-8", demo.Stylesheet())
	})

	r.GET("/static/demo.js", func(c *gin.Context) {
		c.Header("Cache-Control", "public, max-age=300")
		c.Data(http.StatusOK, "text/javascript; charset=utf-8", demo.Script())
	})

	r.GET("/", stytchgin.Optional(auth), func(c *gin.Context) {
		page(c, app.HomePage(c.Request.Context()))
	})
	r.GET("/login", func(c *gin.Context) {
		page(c, app.LoginPage(c.Query))
	})
	r.GET("/profile", stytchgin.Require(auth), func(c *gin.Context) {
		page(c, app.ProfilePage(stytchgin.State(c, auth)))
	})

	r.GET("/settings", stytchgin.Require(auth, stytchkit.AuthenticatedWithin(10*time.Minute)), func(c *gin.Context) {
		page(c, app.SettingsPage(c.Request.Context()))
	})

	r.GET("/seed", stytchgin.Optional(auth), func(c *gin.Context) {
		page(c, app.SeedPage(c.Request.Context()))
	})

	r.GET("/api/session", stytchgin.ServeState(auth))
	scope := stytchkit.Scopes("read:documents")
	r.GET("/api/machine", stytchgin.RequireToken(auth, scope), func(c *gin.Context) {
		c.JSON(http.StatusOK, demo.Machine(c.Request.Context()))
	})
	either := auth.Either(auth.Require(), auth.RequireToken(scope))
	r.GET("/api/either", stytchgin.Guard(either, stytchgin.Config{}), func(c *gin.Context) {
		c.JSON(http.StatusOK, demo.Either(c.Request.Context()))
	})

	api := r.Group("/api", stytchgin.Require(auth))
	api.GET("/me", me)
	api.GET("/fresh", stytchgin.Require(auth, stytchkit.Fresh(0)), me)
	api.GET("/admin", stytchgin.Require(auth, stytchkit.Role("stytch_admin")), me)
	api.GET("/secure", stytchgin.Require(auth, stytchkit.AuthenticatedWithin(10*time.Minute)), me)
	api.GET("/events", func(c *gin.Context) {
		live, stop := stytchkit.Live(c.Request.Context())
		defer stop()
		c.Header("Content-Type", "text/event-stream")
		app.Events(live, c.Writer, http.NewResponseController(c.Writer).Flush)
	})

	list := func(c *gin.Context) { c.JSON(http.StatusOK, app.Documents(c.Request.Context())) }
	add := func(c *gin.Context) {
		document, err := app.AddDocument(c.Request.Context(), c.Request.Body)
		if err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		c.JSON(http.StatusCreated, document)
	}
	read, create := stytchkit.Permission("documents", "read"), stytchkit.Permission("documents", "create")
	if app.Vertical() == stytchkit.Consumer { // without organizations
		api.GET("/documents", stytchgin.Require(auth, read), list)
		api.POST("/documents", stytchgin.Require(auth, create), add)
	} else {
		inOrg := stytchkit.Organization(stytchkit.PathParam("org"))
		api.GET("/orgs/:org/documents", stytchgin.Require(auth, inOrg, read), list)
		api.POST("/orgs/:org/documents", stytchgin.Require(auth, inOrg, create), add)
	}

	if app.Webhooks != nil {
		stytchgin.Mount(r, app.Webhooks)
	}
	if login != nil {
		stytchgin.Mount(r, login)
	} else {
		r.Any("/api/logout", stytchgin.ServeSignOut(auth))
	}

	if app.Sandbox != nil {
		addSandbox(r.Group("/sandbox"), auth, app)
	}
	r.NoRoute(func(c *gin.Context) {
		c.Data(http.StatusNotFound, "text/html; charset=utf-8", app.NotFoundPage())
	})
	return r
}

// addSandbox adds what exists only in the sandbox: anybody may sign in as anybody.
func addSandbox(r *gin.RouterGroup, auth *stytchkit.Authenticator, app *demo.App) {
	r.GET("", func(c *gin.Context) { page(c, app.SandboxPage()) })
	r.GET("/calls", func(c *gin.Context) { c.JSON(http.StatusOK, app.Sandbox.CountCalls()) })
	r.POST("/action", sameOrigin, func(c *gin.Context) {
		if err := app.Sandbox.Do(c.PostForm("action")); err != nil {
			c.String(http.StatusBadRequest, "%v", err)
			return
		}
		c.Redirect(http.StatusSeeOther, app.At("/sandbox"))
	})
	r.POST("/sign-in", sameOrigin, func(c *gin.Context) {
		s, err := app.Sandbox.SignIn(c.PostForm("member"), c.PostForm("jwt"))
		if err != nil {
			c.String(http.StatusBadRequest, "%v", err)
			return
		}
		if err := stytchgin.SaveSession(c, auth, s.Token, s.JWT, s.ExpiresAt); err != nil {
			c.String(http.StatusInternalServerError, "the session cannot be saved: %v", err)
			return
		}
		c.Redirect(http.StatusSeeOther, app.ReturnTo(c.PostForm("return_to")))
	})
}

func me(c *gin.Context) { c.JSON(http.StatusOK, demo.Me(c.Request.Context())) }

func page(c *gin.Context, html []byte) {
	c.Data(http.StatusOK, "text/html; charset=utf-8", html)
}

// headers sets the headers of every response.
func headers(c *gin.Context) {
	for name, value := range demo.Headers() {
		c.Header(name, value)
	}
}

// sameOrigin refuses forms that another origin's page sends. Guards do so themselves; this is for
// the routes without one.
func sameOrigin(c *gin.Context) {
	if err := http.NewCrossOriginProtection().Check(c.Request); err != nil {
		c.AbortWithStatus(http.StatusForbidden)
	}
}

func recovered(c *gin.Context, p any) {
	slog.Error("a handler panicked", "panic", p)
	c.AbortWithStatus(http.StatusInternalServerError)
}
