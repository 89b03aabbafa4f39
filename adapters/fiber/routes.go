package stytchfiber

import (
	"regexp"

	"github.com/gofiber/fiber/v2"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Routes lists the routes that are registered, those of mounted apps and of Static too, in no
// particular order, for stytchtest.Unprotected. Fiber registers HEAD beside each GET. What Use
// registers is no route, also where it answers by itself, as the filesystem and proxy middlewares do.
func Routes(app *fiber.App) []stytchkit.Route {
	app.Handler() // brings in the routes of mounted apps
	special := regexp.MustCompile(`\\(.)|:([^/\-.:?<>\\*+]+)(?:<(?:\\.|[^>\\])*>)?\??|[*+]()`)
	var routes []stytchkit.Route
	for _, route := range app.GetRoutes(true) {
		routes = append(routes, stytchkit.Route{Method: route.Method, Path: stytchkit.InBraces(route.Path, special)})
	}
	for _, prefix := range statics(app) {
		routes = append(routes,
			stytchkit.Route{Method: fiber.MethodGet, Path: prefix},
			stytchkit.Route{Method: fiber.MethodHead, Path: prefix})
	}
	return routes
}

// statics are the prefixes of Static. Fiber files them under what Use registers, but for GET and
// HEAD alone, where Use has as many handlers for every method.
func statics(app *fiber.App) []string {
	type place struct{ method, path string }
	handlers := map[place]int{}
	for i, stack := range app.Stack() {
		for _, route := range stack {
			handlers[place{app.Config().RequestMethods[i], route.Path}] += len(route.Handlers)
		}
	}
	for _, route := range app.GetRoutes(true) {
		handlers[place{route.Method, route.Path}] -= len(route.Handlers)
	}
	var prefixes []string
	for at, n := range handlers {
		if at.method == fiber.MethodGet && n > handlers[place{fiber.MethodPost, at.path}] {
			prefixes = append(prefixes, at.path)
		}
	}
	return prefixes
}
