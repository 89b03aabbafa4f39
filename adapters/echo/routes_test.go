package stytchecho_test

import (
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestRoutesAndWhichOfThemAreOpen(t *testing.T) {
	auth := stytchtest.Start(t).Authenticator(t)
	hello := func(c echo.Context) error { return c.String(http.StatusOK, "hello") }
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
	admin := e.Host("admin.example.com")
	admin.GET("/status", hello)
	admin.GET("/users", hello, stytchecho.Require(auth))

	adaptertest.Lists(t, stytchecho.Routes(e),
		"GET /", "GET /early/{id}", "GET /early/{id}/late", "GET /healthz", "GET /orgs/{org}/documents/{id}",
		"GET /orgs/{org}/files/{path...}", "GET /v1/items:batch", "GET admin.example.com/status", "GET admin.example.com/users",
		"HEAD /probe", "OPTIONS /probe", "POST /login", "POST /orgs/{org}/documents",
	)
	adaptertest.Opens(t, stytchtest.InProcess(e), stytchecho.Routes(e), "GET /", "GET /early/{id}", "GET /healthz", "GET admin.example.com/status", "GET /v1/items:batch")
}
