package stytchkit

import (
	"net/http"

	"github.com/stytchkit/stytchkit/core/internal/wire"
)

// Request is what the core may ask of one HTTP request. An adapter implements it on its
// framework's own type.
//
// It and its strings are valid only until the call they were given to returns: the core copies
// what it keeps, so an adapter may pool requests and hand out strings in reused buffers.
type Request interface {
	// Method is the method on the wire, not one that a method-override middleware put there.
	Method() string
	// Host is the raw Host, never a forwarded one.
	Host() string
	// Target is the path and query in origin form, as on the wire.
	Target() string
	// Header is the i-th value of the header with this canonical name. It allocates nothing.
	Header(name string, i int) (value string, ok bool)
	// Param is the value of a path parameter, decoded once, empty when the route has none of that name;
	// a rule that needs it then answers route_misconfigured.
	Param(name string) string
	// RemoteAddr is the address of the connection, IP:port as net/http writes it, never a forwarded
	// one; empty where it has none.
	RemoteAddr() string
}

// HTTPRequest is the [Request] of net/http. Param is the path value of http.ServeMux, which chi
// fills too; an adapter of another router passes everything else on.
type HTTPRequest struct{ R *http.Request }

var _ Request = HTTPRequest{}

// Method implements [Request].
func (r HTTPRequest) Method() string { return r.R.Method }

// Host implements [Request].
func (r HTTPRequest) Host() string { return r.R.Host }

// Target implements [Request]. A request in absolute form, as proxies send, is brought into origin form.
func (r HTTPRequest) Target() string {
	if r.R.RequestURI == "" { // nobody sent it
		return r.R.URL.RequestURI()
	}
	path, _ := wire.Split(r.R.RequestURI, "")
	return path
}

// Header implements [Request].
func (r HTTPRequest) Header(name string, i int) (string, bool) {
	values := r.R.Header[name]
	if i >= len(values) {
		return "", false
	}
	return values[i], true
}

// Param implements [Request]. http.ServeMux hands over decoded segments, chi those of the wire.
func (r HTTPRequest) Param(name string) string { return r.Decoded(r.R.PathValue(name)) }

// Decoded is a path value decoded once, of a router that hands some over as they were sent and some
// decoded; where both may be, the value stays as it is.
func (r HTTPRequest) Decoded(value string) string { return wire.DecodedOnce(value, r.Target()) }

// RemoteAddr implements [Request].
func (r HTTPRequest) RemoteAddr() string { return r.R.RemoteAddr }

// unreadable stands in for a request that panicked when it was read: it is asked nothing more.
type unreadable struct{}

var _ Request = unreadable{}

func (unreadable) Method() string                    { return "" }
func (unreadable) Host() string                      { return "" }
func (unreadable) Target() string                    { return "" }
func (unreadable) Header(string, int) (string, bool) { return "", false }
func (unreadable) Param(string) string               { return "" }
func (unreadable) RemoteAddr() string                { return "" }
