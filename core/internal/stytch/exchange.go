package stytch

import (
	"context"
	"net/http"
	"strings"
)

// Exchange is the last request that a call sent, and its answer, for metrics and traces.
type Exchange struct {
	Method string // GET, POST, …; empty: nothing was sent
	Server string // a host, without its port
	Route  string // the path, with {id} in the place of what names somebody
	Status int    // 0: no answer came
}

type exchangeKey struct{}

// Watched is a context whose calls are noted in the exchange.
func Watched(ctx context.Context) (context.Context, *Exchange) {
	x := new(Exchange)
	return context.WithValue(ctx, exchangeKey{}, x), x
}

// exchangeOf is where a request is to be noted; without a [Watched] context, where nobody looks.
func exchangeOf(req *http.Request) *Exchange {
	x, ok := req.Context().Value(exchangeKey{}).(*Exchange)
	if !ok {
		x = new(Exchange)
	}
	*x = Exchange{Method: req.Method, Server: req.URL.Hostname(), Route: routeOf(req.URL.Path)}
	return x
}

// routeOf leaves out what is not one of the API's own words, which are all of small letters, digits and _.
func routeOf(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if strings.Trim(segment, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}
