// Package stytchfasthttp is what the adapters over fasthttp share, Fiber 2's and Fiber 3's: the request
// as the core reads it, the response's headers as it writes them, and the way to handlers of net/http.
// Applications import the adapter of their framework. Whoever writes one for another framework over
// fasthttp embeds [Request], and adds what only a router knows: its path parameters.
//
// It works with fasthttp 1.51, which Fiber 2 has, and with the 1.72 of Fiber 3.
package stytchfasthttp

import (
	"sync"
	"unsafe"

	"github.com/valyala/fasthttp"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Request is what the core sees of a request, but for Param. Its strings point into fasthttp's buffers,
// which the next request reuses: the core copies what it keeps.
type Request struct {
	stytchkit.Destination
	C *fasthttp.RequestCtx

	name   string   // of the header that was last asked for
	values [][]byte // its values
}

// Of makes r the request of c.
func (r *Request) Of(c *fasthttp.RequestCtx) *Request {
	h := &c.Request.Header
	*r = Request{C: c, Destination: stytchkit.DestinationOf(text(h.RequestURI()), text(h.Host()))}
	return r
}

// Method is the one on the wire.
func (r *Request) Method() string { return text(r.C.Request.Header.Method()) }

// Header is the i-th line of that name.
func (r *Request) Header(name string, i int) (string, bool) {
	if r.name != name {
		r.name, r.values = name, r.C.Request.Header.PeekAll(name)
	}
	if i >= len(r.values) {
		return "", false
	}
	return text(r.values[i]), true
}

// RemoteAddr is the connection's address.
func (r *Request) RemoteAddr() string { return r.C.RemoteAddr().String() }

// Pool keeps an adapter's requests from being allocated for each Check. The zero Pool is ready.
type Pool[R any] struct{ pool sync.Pool }

// Get is a room for a request, to be filled.
func (p *Pool[R]) Get() *R {
	if r, ok := p.pool.Get().(*R); ok {
		return r
	}
	return new(R)
}

// Put takes it back once Check has returned.
func (p *Pool[R]) Put(r *R) {
	var none R
	*r = none
	p.pool.Put(r)
}

// text is b as a string, for as long as fasthttp leaves b as it is.
func text(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // a copy of each header would be allocated for each request
}
