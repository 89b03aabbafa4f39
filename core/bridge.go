package stytchkit

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"

	"github.com/stytchkit/stytchkit/core/internal/bridge"
)

// Bridge is a request of a framework without net/http and its response, for a handler of net/http such as
// what Mount takes. What the framework reuses is copied where it is said so.
type Bridge struct {
	Context context.Context //nolint:containedctx // the request's own
	Request Request         // copied; Param is not asked for
	// VisitHeader goes through the request's headers, with names in canonical form; copied. Cookies are those
	// of Request.
	VisitHeader  func(visit func(name, value []byte))
	TLS          *tls.ConnectionState
	Body         []byte         // read until the handler returns
	Stream       io.Reader      // in the place of Body: still to come from the client, read as far as the handler does
	StreamLength int64          // what the client says; -1: not known
	Header       ResponseHeader // of the response; its Vary is added to
}

// Serve has the handler answer: it writes the answer's headers, and returns status and body. Where the
// handler left some of Stream unread, the headers say that the connection closes. A Target that is none,
// which no server hands on, is answered 400.
func (b *Bridge) Serve(h http.Handler) (status int, body []byte) {
	r, err := bridge.Request(b.Context, b.Request, b.VisitHeader, b.TLS)
	if err != nil {
		return http.StatusBadRequest, nil
	}
	answer := http.Header{"Vary": b.Header.Values("Vary")}
	status, body = bridge.Serve(h, r, b.body(), answer)
	for name, values := range answer {
		b.Header.Del(name)
		for _, value := range values {
			b.Header.Add(name, value)
		}
	}
	return status, body
}

func (b *Bridge) body() *bridge.Body {
	if b.Stream != nil {
		return bridge.Coming(b.Stream, b.StreamLength)
	}
	return bridge.Whole(b.Body)
}
