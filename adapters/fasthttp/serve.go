package stytchfasthttp

import (
	"context"
	"net/http"

	"github.com/valyala/fasthttp"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Serve has a handler of net/http answer. ctx is its request's context: the one that has the session.
// fasthttp's own adaptor keeps one value of each header, and re-serializes cookies. Of a body that
// is streamed no more is read than the handler reads; then the connection closes.
func Serve(ctx context.Context, c *fasthttp.RequestCtx, h http.Handler) {
	bridge := stytchkit.Bridge{
		Context: ctx, Request: unrouted{new(Request).Of(c)}, VisitHeader: c.Request.Header.VisitAll,
		TLS: c.TLSConnectionState(), StreamLength: int64(c.Request.Header.ContentLength()), Header: Header{&c.Response.Header},
	}
	if bridge.Stream = c.Request.BodyStream(); bridge.Stream == nil {
		bridge.Body = c.Request.Body()
	}
	status, body := bridge.Serve(h)
	c.Response.SetStatusCode(status)
	c.Response.SetBodyRaw(body)
}

// unrouted is a request for whom path parameters do not matter.
type unrouted struct{ *Request }

var _ stytchkit.Request = unrouted{}

// Param implements [stytchkit.Request].
func (unrouted) Param(string) string { return "" }
