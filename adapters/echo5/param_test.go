package stytchecho_test

import (
	"net/http"
	"testing"

	"github.com/labstack/echo/v5"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo5"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

// Echo routes by the path as it was sent where that is not as net/url would write it, unless
// UseEscapedPathForMatching says otherwise, and hands over what UnescapePathParamValues says.
func TestAPathParameterIsDecodedOnce(t *testing.T) {
	adaptertest.RunPathParam(t, func(auth *stytchkit.Authenticator, rule stytchkit.Rule) map[string]adaptertest.Server {
		ways := map[string]adaptertest.Server{}
		for name, router := range map[string]echo.RouterConfig{
			"by default":         {},
			"raw, and decoded":   {UnescapePathParamValues: true},
			"decoded":            {UseEscapedPathForMatching: true},
			"decoded, and again": {UseEscapedPathForMatching: true, UnescapePathParamValues: true},
		} {
			e := echo.NewWithConfig(echo.Config{Router: echo.NewRouter(router)})
			e.GET("/orgs/:org/:page", func(c *echo.Context) error { return c.NoContent(http.StatusNoContent) }, stytchecho.Require(auth, rule))
			ways[name] = &http.Server{Handler: e}
		}
		return ways
	})
}
