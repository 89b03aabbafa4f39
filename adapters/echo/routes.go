package stytchecho

import (
	"regexp"

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
	special := regexp.MustCompile(`\\(:)|:([^/]+)|\*()`)
	var routes []stytchkit.Route
	for _, route := range registered {
		if route.Method != echo.RouteNotFound { // each group with middleware has two
			routes = append(routes, stytchkit.Route{Method: route.Method, Host: host, Path: stytchkit.InBraces(route.Path, special)})
		}
	}
	return routes
}
