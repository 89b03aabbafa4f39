package main

import (
	"encoding/json"
	"net"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// frameworks are the applications by name: each serves the same page until its listener ends.
// Without an Authenticator everybody is the member of one made-up session, so that the handlers do
// the same work.
func frameworks() map[string]func(*stytchkit.Authenticator, net.Listener) error {
	return map[string]func(*stytchkit.Authenticator, net.Listener) error{
		"nethttp": serveNetHTTP, "gin": serveGin, "echo": serveEcho, "fiber": serveFiber,
	}
}

func anybody() *stytchkit.Session {
	return stytchtest.NewSession(stytchtest.Member{Roles: []string{"editor"}})
}

// page is what a member sees.
type page struct {
	Member       string   `json:"member_id"`
	Organization string   `json:"organization_id"`
	Roles        []string `json:"roles"`
}

func pageOf(s *stytchkit.Session) page {
	return page{Member: s.MemberID(), Organization: s.OrganizationID(), Roles: s.Roles()}
}

func serveHandler(h http.Handler, on net.Listener) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	return server.Serve(on)
}

func serveNetHTTP(auth *stytchkit.Authenticator, on net.Listener) error {
	guard := func(next http.Handler) http.Handler { return next }
	session := stytchhttp.Session
	if auth != nil {
		guard = stytchhttp.Require(auth)
	} else {
		whose := anybody()
		session = func(*http.Request) *stytchkit.Session { return whose }
	}
	mux := http.NewServeMux()
	mux.Handle("GET /me", guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(pageOf(session(r))) // a client that is gone needs no answer
	})))
	return serveHandler(mux, on)
}

func serveGin(auth *stytchkit.Authenticator, on net.Listener) error {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	session := stytchgin.Session
	if auth != nil {
		r.Use(stytchgin.Require(auth))
	} else {
		whose := anybody()
		session = func(*gin.Context) *stytchkit.Session { return whose }
	}
	r.GET("/me", func(c *gin.Context) { c.JSON(http.StatusOK, pageOf(session(c))) })
	return serveHandler(r, on)
}

func serveEcho(auth *stytchkit.Authenticator, on net.Listener) error {
	e := echo.New()
	session := stytchecho.Session
	if auth != nil {
		e.Use(stytchecho.Require(auth))
	} else {
		whose := anybody()
		session = func(echo.Context) *stytchkit.Session { return whose }
	}
	e.GET("/me", func(c echo.Context) error { return c.JSON(http.StatusOK, pageOf(session(c))) })
	return serveHandler(e, on)
}

func serveFiber(auth *stytchkit.Authenticator, on net.Listener) error {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	session := stytchfiber.Session
	if auth != nil {
		app.Use(stytchfiber.Require(auth))
	} else {
		whose := anybody()
		session = func(*fiber.Ctx) *stytchkit.Session { return whose }
	}
	app.Get("/me", func(c *fiber.Ctx) error { return c.JSON(pageOf(session(c))) })
	return app.Listener(on)
}
