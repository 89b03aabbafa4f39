package stytchkit

import "net/http"

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
	// Param is the value of a path parameter, empty when the route has none of that name.
	Param(name string) string
}

// header is the first value of a header, empty when there is none.
func header(r Request, name string) string {
	value, _ := r.Header(name, 0)
	return value
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
	path, _ := SplitTarget(r.R.RequestURI, "")
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

// Param implements [Request].
func (r HTTPRequest) Param(name string) string { return r.R.PathValue(name) }
