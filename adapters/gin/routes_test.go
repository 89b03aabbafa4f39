package stytchgin_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"testing"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
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
	hello := func(c *gin.Context) { c.String(http.StatusOK, "hello") }
	gin.SetMode(gin.TestMode)
	r := gin.New()
	r.GET("/healthz", hello)
	r.Use(stytchgin.Optional(auth))
	r.GET("/", hello)
	r.POST("/login", hello)
	r.GET(`/v1/items\:batch`, hello)
	r.GET("/early/:id", hello)
	early := r.Group("/early")
	early.Use(stytchgin.Require(auth))
	early.GET("/:id/late", hello)
	orgs := r.Group("/orgs/:org", stytchgin.Require(auth))
	orgs.GET("/documents/:id", hello)
	orgs.POST("/documents", hello)
	orgs.GET("/files/*path", hello)
	r.Match([]string{http.MethodHead, http.MethodOptions}, "/probe", stytchgin.Require(auth), hello)

	var routes []string
	for _, route := range stytchgin.Routes(r) {
		routes = append(routes, route.String())
	}
	slices.Sort(routes)
	want := []string{
		"GET /", "GET /early/{id}", "GET /early/{id}/late", "GET /healthz", "GET /orgs/{org}/documents/{id}",
		"GET /orgs/{org}/files/{path...}", "GET /v1/items:batch", "HEAD /probe", "OPTIONS /probe", "POST /login", "POST /orgs/{org}/documents",
	}
	if !slices.Equal(routes, want) {
		t.Errorf("routes are\n%q, want\n%q", routes, want)
	}

	open, err := stytchtest.Unprotected(stytchtest.InProcess(r), stytchgin.Routes(r))
	if got := fmt.Sprint(open); err != nil || got != "[GET / GET /early/{id} GET /healthz GET /v1/items:batch]" {
		t.Errorf("open to anybody are %s (%v)", got, err)
	}
}
