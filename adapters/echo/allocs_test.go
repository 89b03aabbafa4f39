package stytchecho_test

import (
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestARememberedSessionAddsTwoAllocations(t *testing.T) {
	// The context that carries the decision, with the request that carries the context in it, and the
	// handler that Echo has every middleware make for each request.
	const limit = 2
	m := adaptertest.Remember(t)
	bare, guarded := echo.New(), echo.New()
	bare.GET("/me", func(c echo.Context) error { return c.NoContent(http.StatusOK) })
	guarded.GET("/me", func(c echo.Context) error { return c.NoContent(m.Status(stytchecho.Session(c))) }, stytchecho.Require(m.Auth))
	m.AddsAtMost(t, limit, adaptertest.HTTP(bare), adaptertest.HTTP(guarded))
}
