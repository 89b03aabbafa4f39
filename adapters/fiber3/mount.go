package stytchfiber

import (
	"net/http"

	"github.com/gofiber/fiber/v3"

	stytchfasthttp "github.com/stytchkit/stytchkit/adapters/fasthttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Mount serves core/signin's handler under its prefix. Call it on the App, or on a group without a
// path of its own: the handler sees whole paths. On any other group it panics.
func Mount(r fiber.Router, h stytchkit.Mountable) {
	if group, ok := r.(*fiber.Group); ok {
		stytchkit.MountsWhole(h, group.Prefix)
	}
	r.All(h.Prefix()+"/*", Handler(h))
}

// Handler is a handler of net/http as one of Fiber's, whose request's context has the session. Routes take
// a handler of net/http as it is too, but Fiber's own adaptor gives it another context, keeps one value of
// each header, and re-serializes cookies. With StreamRequestBody no more of a body is read than the handler
// reads; then the connection closes. A multipart one Fiber reads first, unless DisablePreParseMultipartForm
// is set.
func Handler(h http.Handler) fiber.Handler {
	return func(c fiber.Ctx) error {
		stytchfasthttp.Serve(c.Context(), c.RequestCtx(), h)
		return nil
	}
}
