package stytchecho_test

import (
	"net/http"
	"testing"

	"github.com/labstack/echo/v5"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo5"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestARememberedSessionAddsOneAllocation(t *testing.T) {
	const limit = 1 // the context that carries the decision, with the request that carries the context in it
	m := adaptertest.Remember(t)
	bare, guarded := echo.New(), echo.New()
	bare.GET("/me", func(c *echo.Context) error { return c.NoContent(http.StatusOK) })
	guarded.GET("/me", func(c *echo.Context) error { return c.NoContent(m.Status(stytchecho.Session(c))) }, stytchecho.Require(m.Auth))
	m.AddsAtMost(t, limit, adaptertest.HTTP(bare), adaptertest.HTTP(guarded))
}
