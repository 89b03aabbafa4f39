// Package fasthttptest is what the adapters over fasthttp, Fiber 2's and Fiber 3's, have to do beside the suite
// of core/adaptertest: with bodies that are streamed, and with read buffers that are too small.
package fasthttptest

import (
	"bufio"
	"net/http"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/stytchkit/stytchkit/core/adaptertest"
)

// ReadBuffer is the Config.ReadBufferSize that Fiber's applications are told to set.
const ReadBuffer = 16 << 10

// Asks asks a handler.
func Asks(h fasthttp.RequestHandler) adaptertest.Asks {
	return func(tb testing.TB, r *http.Request) func() {
		tb.Helper()
		ctx := received(tb, r)
		return func() {
			h(ctx)
			if status := ctx.Response.StatusCode(); status != http.StatusOK {
				tb.Fatalf("got status %d, want 200 from a handler that saw the session", status)
			}
			ctx.ResetUserValues()
			ctx.Response.Reset()
		}
	}
}

// received is a request, without a body, as it is read from the wire: there, fasthttp leaves the Cookie header
// as it is.
func received(tb testing.TB, r *http.Request) *fasthttp.RequestCtx {
	tb.Helper()
	var raw strings.Builder
	raw.WriteString(r.Method + " " + r.URL.RequestURI() + " HTTP/1.1\r\nHost: " + r.Host + "\r\n")
	_ = r.Header.Write(&raw) // a strings.Builder takes everything
	raw.WriteString("\r\n")
	ctx := new(fasthttp.RequestCtx)
	ctx.Init(&fasthttp.Request{}, nil, nil)
	if err := ctx.Request.Read(bufio.NewReader(strings.NewReader(raw.String()))); err != nil {
		tb.Fatal(err)
	}
	return ctx
}
