package stytchecho

import (
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Routes lists the routes that are registered, those of Host groups too, in no particular order, for
// stytchtest.Unprotected. RouteNotFound handlers are none.
func Routes(e *echo.Echo) []stytchkit.Route {
	routes := routesOf("", e.Routes())
	for host, router := range e.Routers() {
		routes = append(routes, routesOf(host, router.Routes())...)
	}
	return routes
}

func routesOf(host string, registered []*echo.Route) []stytchkit.Route {
	parameter := regexp.MustCompile(`\\:|:[^/]+|\*`)
	var routes []stytchkit.Route
	for _, route := range registered {
		if route.Method == echo.RouteNotFound {
			continue // each group with middleware has two
		}
		routes = append(routes, stytchkit.Route{
			Method: route.Method,
			Host:   host,
			Path:   parameter.ReplaceAllStringFunc(route.Path, inBraces),
		})
	}
	return routes
}

// inBraces writes :id as {id}, * as {path...} and an escaped colon as itself.
func inBraces(parameter string) string {
	switch parameter[0] {
	case '\\':
		return parameter[1:]
	case '*':
		return "{path...}"
	}
	return "{" + strings.TrimPrefix(parameter, ":") + "}"
}
