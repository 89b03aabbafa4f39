package stytchfiber

import (
	"github.com/gofiber/fiber/v3"

	stytchfasthttp "github.com/stytchkit/stytchkit/adapters/fasthttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// request is what the core sees of a Fiber request.
type request struct {
	stytchfasthttp.Request
	c fiber.Ctx
}

var _ stytchkit.Request = (*request)(nil)

func (r *request) of(c fiber.Ctx) *request {
	r.Of(c.RequestCtx())
	r.c = c
	return r
}

// Param decodes, which Fiber itself does only with UnescapePath.
func (r *request) Param(name string) string {
	value := r.c.Params(name)
	if r.c.App().Config().UnescapePath {
		return value
	}
	return stytchkit.DecodedParam(value)
}

func header(c fiber.Ctx) stytchfasthttp.Header {
	return stytchfasthttp.Header{H: &c.Response().Header}
}
