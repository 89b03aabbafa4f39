package stytchecho_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"testing"

	"github.com/labstack/echo/v5"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo5"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestRoutesAndWhichOfThemAreOpen(t *testing.T) {
	config := stytchtest.Start(t).Config()
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	hello := func(c *echo.Context) error { return c.String(http.StatusOK, "hello") }
	e := echo.New()
	e.Use(stytchecho.Optional(auth))
	e.GET("/healthz", hello)
	e.GET("/", hello)
	e.POST("/login", hello)
	e.GET(`/v1/items\:batch`, hello)
	early := e.Group("/early")
	early.GET("/:id", hello)
	early.Use(stytchecho.Require(auth))
	early.GET("/:id/late", hello)
	orgs := e.Group("/orgs/:org", stytchecho.Require(auth))
	orgs.GET("/documents/:id", hello)
	orgs.POST("/documents", hello)
	orgs.GET("/files/*", hello)
	e.Match([]string{http.MethodHead, http.MethodOptions}, "/probe", hello, stytchecho.Require(auth))
	e.Any("/hook", hello)
	e.RouteNotFound("/*", hello)

	var routes []string
	for _, route := range stytchecho.Routes(e) {
		routes = append(routes, route.String())
	}
	slices.Sort(routes)
	want := []string{
		"/hook", "GET /", "GET /early/{id}", "GET /early/{id}/late", "GET /healthz", "GET /orgs/{org}/documents/{id}",
		"GET /orgs/{org}/files/{path...}", "GET /v1/items:batch",
		"HEAD /probe", "OPTIONS /probe", "POST /login", "POST /orgs/{org}/documents",
	}
	if !slices.Equal(routes, want) {
		t.Errorf("routes are\n%q, want\n%q", routes, want)
	}

	open, err := stytchtest.Unprotected(stytchtest.InProcess(e), stytchecho.Routes(e))
	if got := fmt.Sprint(open); err != nil || got != "[GET / GET /early/{id} GET /healthz /hook GET /v1/items:batch]" {
		t.Errorf("open to anybody are %s (%v)", got, err)
	}
}
