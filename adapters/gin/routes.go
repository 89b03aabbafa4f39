package stytchgin

import (
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Routes lists the routes that are registered, for stytchtest.Unprotected. Handlers for no route and
// no method are none.
func Routes(r *gin.Engine) []stytchkit.Route {
	parameter := regexp.MustCompile(`\\:|:[^/]+|\*[^/]*`)
	var routes []stytchkit.Route
	for _, route := range r.Routes() {
		routes = append(routes, stytchkit.Route{
			Method: route.Method,
			Path:   parameter.ReplaceAllStringFunc(route.Path, inBraces),
		})
	}
	return routes
}

// inBraces writes :id as {id}, *path as {path...} and an escaped colon as itself.
func inBraces(parameter string) string {
	switch parameter[0] {
	case '\\':
		return parameter[1:]
	case '*':
		return "{" + strings.TrimPrefix(parameter, "*") + "...}"
	}
	return "{" + strings.TrimPrefix(parameter, ":") + "}"
}
