package stytchfiber

import (
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

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

// Handler is a handler of net/http as one of Fiber's, whose request's context has the session. Fiber's
// own adaptor keeps one value of each header, and re-serializes cookies. With StreamRequestBody no more
// of a body is read than the handler reads; then the connection closes. A multipart one Fiber reads
// first, unless DisablePreParseMultipartForm is set.
func Handler(h http.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		r := &request{c: c}
		answer := http.Header{fiber.HeaderVary: header{c}.Values(fiber.HeaderVary)} // what stands before
		bridge := stytchkit.Bridge{
			Context: c.UserContext(), Method: r.Method(), Target: r.Target(), Host: r.Host(),
			RemoteAddr: c.Context().RemoteAddr().String(), TLS: c.Context().TLSConnectionState(),
			RequestHeader: r.headers, StreamLength: int64(c.Request().Header.ContentLength()), Header: answer,
		}
		if bridge.Stream = c.Request().BodyStream(); bridge.Stream == nil {
			bridge.Body = c.Request().Body()
		}
		status, body, err := bridge.Serve(h)
		if err != nil {
			return fiber.ErrBadRequest
		}
		for name, values := range answer {
			header{c}.Del(name)
			for _, value := range values {
				header{c}.Add(name, value)
			}
		}
		return c.Status(status).Send(body)
	}
}

// headers are all but Host. Cookies come first: VisitAll re-serializes them.
func (r *request) headers(yield func(name, value string) bool) {
	h := &r.c.Request().Header
	for _, line := range h.PeekAll(fiber.HeaderCookie) {
		yield(fiber.HeaderCookie, utils.UnsafeString(line))
	}
	h.VisitAll(func(name, value []byte) {
		if n := utils.UnsafeString(name); n != fiber.HeaderCookie && n != fiber.HeaderHost {
			yield(n, utils.UnsafeString(value))
		}
	})
}
