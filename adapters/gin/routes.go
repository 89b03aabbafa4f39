package stytchgin

import (
	"regexp"

	"github.com/gin-gonic/gin"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Routes lists the routes that are registered, for stytchtest.Unprotected. Handlers for no route and
// no method are none.
func Routes(r *gin.Engine) []stytchkit.Route {
	special := regexp.MustCompile(`\\(:)|:([^/]+)|\*([^/]*)`)
	var routes []stytchkit.Route
	for _, route := range r.Routes() {
		routes = append(routes, stytchkit.Route{Method: route.Method, Path: stytchkit.InBraces(route.Path, special)})
	}
	return routes
}
