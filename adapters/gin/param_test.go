package stytchgin_test

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

// Gin routes by the path as it was sent where UseRawPath says so, and hands over what UnescapePathValues says.
func TestAPathParameterIsDecodedOnce(t *testing.T) {
	gin.SetMode(gin.TestMode)
	adaptertest.RunPathParam(t, func(auth *stytchkit.Authenticator, rule stytchkit.Rule) map[string]adaptertest.Server {
		ways := map[string]adaptertest.Server{}
		for name, configure := range map[string]func(*gin.Engine){
			"by default":        func(*gin.Engine) {},
			"raw, and decoded":  func(r *gin.Engine) { r.UseRawPath = true },
			"raw, as it is":     func(r *gin.Engine) { r.UseRawPath, r.UnescapePathValues = true, false },
			"decoded, as it is": func(r *gin.Engine) { r.UnescapePathValues = false },
		} {
			r := gin.New()
			configure(r)
			r.GET("/orgs/:org/:page", stytchgin.Require(auth, rule), func(c *gin.Context) { c.Status(http.StatusNoContent) })
			ways[name] = &http.Server{Handler: r}
		}
		return ways
	})
}
