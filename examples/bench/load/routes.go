package main

import (
	"encoding/json"
	"net"
	"net/http"
	"strconv"
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
	"github.com/stytchkit/stytchkit/examples/bench/internal/crowd"
)

// frameworks are the applications by name: each serves the same page until its listener ends, behind
// a guard, or to everybody where there is no Authenticator.
func frameworks() map[string]func(net.Listener, *stytchkit.Authenticator, sessions) error {
	return map[string]func(net.Listener, *stytchkit.Authenticator, sessions) error{
		"nethttp": serveNetHTTP, "gin": serveGin, "echo": serveEcho, "fiber": serveFiber,
	}
}

// believed names who asks, to an application without authentication; the other ignores it.
const believed = "X-Member"

// sessions are what an application without authentication takes for who asks, so that its handler
// reads as much of as many members.
type sessions []*stytchkit.Session

func newSessions(members int) sessions {
	all := make(sessions, members)
	for i := range all {
		all[i] = stytchtest.NewSession(stytchtest.Member{ID: crowd.MemberID(i), Roles: []string{"editor"}})
	}
	return all
}

// of is nil for a header that names nobody.
func (s sessions) of(header string) *stytchkit.Session {
	i, err := strconv.Atoi(header)
	if err != nil || i < 0 || i >= len(s) {
		return nil
	}
	return s[i]
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

func serveNetHTTP(on net.Listener, auth *stytchkit.Authenticator, everybody sessions) error {
	guard := func(next http.Handler) http.Handler { return next }
	session := stytchhttp.Session
	if auth != nil {
		guard = stytchhttp.Require(auth)
	} else {
		session = func(r *http.Request) *stytchkit.Session { return everybody.of(r.Header.Get(believed)) }
	}
	mux := http.NewServeMux()
	mux.Handle("GET /me", guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(pageOf(session(r))) // a client that is gone needs no answer
	})))
	return serveHandler(mux, on)
}

func serveGin(on net.Listener, auth *stytchkit.Authenticator, everybody sessions) error {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	session := stytchgin.Session
	if auth != nil {
		r.Use(stytchgin.Require(auth))
	} else {
		session = func(c *gin.Context) *stytchkit.Session { return everybody.of(c.GetHeader(believed)) }
	}
	r.GET("/me", func(c *gin.Context) { c.JSON(http.StatusOK, pageOf(session(c))) })
	return serveHandler(r, on)
}

func serveEcho(on net.Listener, auth *stytchkit.Authenticator, everybody sessions) error {
	e := echo.New()
	session := stytchecho.Session
	if auth != nil {
		e.Use(stytchecho.Require(auth))
	} else {
		session = func(c echo.Context) *stytchkit.Session { return everybody.of(c.Request().Header.Get(believed)) }
	}
	e.GET("/me", func(c echo.Context) error { return c.JSON(http.StatusOK, pageOf(session(c))) })
	return serveHandler(e, on)
}

func serveFiber(on net.Listener, auth *stytchkit.Authenticator, everybody sessions) error {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	session := stytchfiber.Session
	if auth != nil {
		app.Use(stytchfiber.Require(auth))
	} else {
		session = func(c *fiber.Ctx) *stytchkit.Session { return everybody.of(c.Get(believed)) }
	}
	app.Get("/me", func(c *fiber.Ctx) error { return c.JSON(pageOf(session(c))) })
	return app.Listener(on)
}
