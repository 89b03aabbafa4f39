package stytchfasthttp

import (
	"context"
	"net/http"

	"github.com/valyala/fasthttp"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Serve has a handler of net/http answer. ctx is its request's context: the one that has the session.
// fasthttp's own adaptor keeps one value of each header, and re-serializes cookies. Of a body that
// is streamed no more is read than the handler reads; then the connection closes. It fails, and has
// answered nothing, where the target is none: answer 400.
func Serve(ctx context.Context, c *fasthttp.RequestCtx, h http.Handler) error {
	r, header := &Request{C: c}, Header{&c.Response.Header}
	answer := http.Header{fasthttp.HeaderVary: header.Values(fasthttp.HeaderVary)} // what stands before
	bridge := stytchkit.Bridge{
		Context: ctx, Method: r.Method(), Target: r.Target(), Host: r.Host(),
		RemoteAddr: r.RemoteAddr(), TLS: c.TLSConnectionState(),
		RequestHeader: r.headers, StreamLength: int64(c.Request.Header.ContentLength()), Header: answer,
	}
	if bridge.Stream = c.Request.BodyStream(); bridge.Stream == nil {
		bridge.Body = c.Request.Body()
	}
	status, body, err := bridge.Serve(h)
	if err != nil {
		return err
	}
	for name, values := range answer {
		header.Del(name)
		for _, value := range values {
			header.Add(name, value)
		}
	}
	c.Response.SetStatusCode(status)
	c.Response.SetBodyRaw(body)
	return nil
}

// headers are all but Host. Cookies come first: VisitAll re-serializes them.
func (r *Request) headers(yield func(name, value string) bool) {
	h := &r.C.Request.Header
	for _, line := range h.PeekAll(fasthttp.HeaderCookie) {
		yield(fasthttp.HeaderCookie, text(line))
	}
	h.VisitAll(func(name, value []byte) {
		if n := text(name); n != fasthttp.HeaderCookie && n != fasthttp.HeaderHost {
			yield(n, text(value))
		}
	})
}
