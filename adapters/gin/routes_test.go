package stytchgin_test

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestRoutesAndWhichOfThemAreOpen(t *testing.T) {
	auth := stytchtest.Start(t).Authenticator(t)
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

	adaptertest.Lists(t, stytchgin.Routes(r),
		"GET /", "GET /early/{id}", "GET /early/{id}/late", "GET /healthz", "GET /orgs/{org}/documents/{id}",
		"GET /orgs/{org}/files/{path...}", "GET /v1/items:batch", "HEAD /probe", "OPTIONS /probe", "POST /login", "POST /orgs/{org}/documents",
	)
	adaptertest.Opens(t, stytchtest.InProcess(r), stytchgin.Routes(r), "GET /", "GET /early/{id}", "GET /healthz", "GET /v1/items:batch")
}
