package stytchfiber

import (
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v3"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Routes lists the routes that are registered, those of mounted apps and of the static middleware too,
// in no particular order, for stytchtest.Unprotected. Call it when all are registered. Fiber adds HEAD
// beside each GET when it starts, behind everything else: a guard that is used after a GET stands before
// its HEAD. What else Use registers is no route, also where it answers by itself, as the proxy middleware
// does.
func Routes(app *fiber.App) []stytchkit.Route {
	app.Handler() // brings in the routes of mounted apps, and HEAD
	special := regexp.MustCompile(`\\(.)|:([^/\-.:?<>\\*+]+)(?:<(?:\\.|[^>\\])*>)?\??|[*+]()`)
	var routes []stytchkit.Route
	for _, route := range app.GetRoutes(true) {
		routes = append(routes, stytchkit.Route{Method: route.Method, Path: stytchkit.InBraces(route.Path, special)})
	}
	for _, used := range app.GetRoutes() {
		if !slices.ContainsFunc(used.Handlers, isStatic) || used.Method != fiber.MethodGet && used.Method != fiber.MethodHead {
			continue
		}
		route := stytchkit.Route{Method: used.Method, Path: stytchkit.InBraces(used.Path, special)}
		if !slices.Contains(routes, route) { // it may be one of Get
			routes = append(routes, route)
		}
	}
	return routes
}

// isStatic knows the static middleware, which is used and yet answers, by the package of its function:
// Fiber tells nothing else of a handler.
func isStatic(h fiber.Handler) bool {
	f := runtime.FuncForPC(reflect.ValueOf(h).Pointer())
	return f != nil && strings.HasPrefix(f.Name(), "github.com/gofiber/fiber/v3/middleware/static.")
}
