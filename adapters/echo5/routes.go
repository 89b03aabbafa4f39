package stytchecho

import (
	"regexp"

	"github.com/labstack/echo/v5"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Routes lists the routes that are registered, in no particular order, for stytchtest.Unprotected.
// RouteNotFound handlers are none. Of echo.NewVirtualHostHandler, each Echo lists its own.
func Routes(e *echo.Echo) []stytchkit.Route {
	special := regexp.MustCompile(`\\(:)|:([^/]+)|\*()`)
	var routes []stytchkit.Route
	for _, route := range e.Router().Routes() {
		switch route.Method {
		case echo.RouteNotFound:
			continue
		case echo.RouteAny:
			route.Method = ""
		}
		routes = append(routes, stytchkit.Route{Method: route.Method, Path: stytchkit.InBraces(route.Path, special)})
	}
	return routes
}
