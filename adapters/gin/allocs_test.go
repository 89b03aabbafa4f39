package stytchgin_test

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestARememberedSessionAddsOneAllocation(t *testing.T) {
	const limit = 1 // the context that carries the decision, with the request that carries the context in it
	m := adaptertest.Remember(t)
	gin.SetMode(gin.TestMode)
	bare, guarded := gin.New(), gin.New()
	bare.GET("/me", func(c *gin.Context) { c.Status(http.StatusOK) })
	guarded.GET("/me", stytchgin.Require(m.Auth), func(c *gin.Context) { c.Status(m.Status(stytchgin.Session(c))) })
	m.AddsAtMost(t, limit, adaptertest.HTTP(bare), adaptertest.HTTP(guarded))
}
