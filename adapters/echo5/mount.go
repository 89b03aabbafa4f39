package stytchecho

import (
	"strings"

	"github.com/labstack/echo/v5"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Router is what *echo.Echo and *echo.Group are.
type Router interface {
	Any(path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) echo.RouteInfo
}

var (
	_ Router = (*echo.Echo)(nil)
	_ Router = (*echo.Group)(nil)
)

// Mount serves core/signin's handler under its prefix. Call it on the Echo, or on a group without a
// path of its own: the handler sees whole paths. On any other group it panics.
func Mount(r Router, h stytchkit.Mountable) {
	path := h.Prefix() + "/*"
	route := r.Any(path, echo.WrapHandler(h))
	stytchkit.MountsWhole(h, strings.TrimSuffix(route.Path, path))
}
