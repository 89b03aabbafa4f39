package stytchkit

import "net/http"

// RouteAnswer is the ready answer of a whole route, the same on every framework.
type RouteAnswer struct {
	Status int
	Header http.Header // all headers of the response but cookies; see SetHeader
	Body   []byte      // nil where there is none
}

// SetHeader puts the answer's headers on the response.
func (r *RouteAnswer) SetHeader(h ResponseHeader) {
	for name, values := range r.Header {
		setHeader(h, name, values[0])
	}
}

// show makes it a page with HTML at its end.
func (r *RouteAnswer) show(title, detail, next string) {
	r.Header.Set("Content-Type", "text/html; charset=utf-8")
	r.Body = pageOf(title, detail, next)
}
