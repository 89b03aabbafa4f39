package stytchfasthttp

import (
	"unsafe"

	"github.com/valyala/fasthttp"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Header is a response's headers as the core writes them.
type Header struct{ H *fasthttp.ResponseHeader }

var _ stytchkit.ResponseHeader = Header{}

// Set takes names as the core writes them, in canonical form: fasthttp need not look. By itself it would
// set each of several lines to the value.
func (h Header) Set(name, value string) {
	if h.Values(name) != nil {
		h.H.Del(name)
	}
	h.H.SetCanonical(raw(name), raw(value))
}

// Add adds a line.
func (h Header) Add(name, value string) { h.H.Add(name, value) }

// Del deletes all lines of a name.
func (h Header) Del(name string) { h.H.Del(name) }

// Values copies: fasthttp reuses them. It goes through all headers, which are few, without writing the name
// in canonical form once more.
func (h Header) Values(name string) []string {
	return stytchkit.LinesOf(name, func(visit func(name, value []byte)) { h.H.VisitAll(visit) }) // a method value is allocated
}

// HasBody reports whether something has written a body, or begun to stream one.
func HasBody(r *fasthttp.Response) bool { return r.IsBodyStream() || len(r.Body()) > 0 }

// raw is s for fasthttp to copy.
func raw(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s)) //nolint:gosec // it is only read
}
