package stytchgrpc

import (
	"context"
	"net/http"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// request is what the core sees of a call. It remembers the header that was asked for last, as grpc-go hands
// out copies.
type request struct {
	ctx    context.Context //nolint:containedctx // the call's, for as long as a decision takes
	method string
	name   string
	values []string
}

var _ stytchkit.Request = (*request)(nil)

func (r *request) Method() string { return http.MethodPost }
func (r *request) Target() string { return r.method }

func (r *request) Host() string {
	host, _ := r.Header(":authority", 0)
	return host
}

func (r *request) Header(name string, i int) (string, bool) {
	if r.name != name {
		r.name, r.values = name, metadata.ValueFromIncomingContext(r.ctx, lower(name))
	}
	if i >= len(r.values) {
		return "", false
	}
	return r.values[i], true
}

// lower is a name as metadata has it: what every call is asked for allocates nothing.
func lower(name string) string {
	switch name {
	case "Authorization":
		return "authorization"
	case "Cookie":
		return "cookie"
	case "Origin":
		return "origin"
	case "Sec-Fetch-Site":
		return "sec-fetch-site"
	}
	return strings.ToLower(name)
}

// Param is empty: a call has no path parameters.
func (r *request) Param(string) string { return "" }

func (r *request) RemoteAddr() string {
	if p, ok := peer.FromContext(r.ctx); ok && p.Addr != nil {
		return p.Addr.String()
	}
	return ""
}

// enter lets a call in, or says why not.
func (i *Interceptors) enter(ctx context.Context, method string) (context.Context, error) {
	d := i.guards.Of(method).Check(ctx, &request{ctx: ctx, method: method})
	in := stytchkit.Enter[struct{}](ctx, d)
	cookies := d.Cookies
	if in.IsOutermost() && in.IsNested() {
		cookies = nil // a call within another, whose client is not to get them
	}
	tell(ctx, d.Denial, cookies)
	if d.Denial != nil {
		return nil, Error(d.Denial)
	}
	return in, nil
}

// tell sets header metadata, as a handler may send that before it returns. Of a call that is let in, caches
// are told nothing: they keep no answer to a POST like these (RFC 9110 section 9.3.3).
func tell(ctx context.Context, denial *stytchkit.Denial, cookies []*http.Cookie) {
	if denial == nil && len(cookies) == 0 {
		return
	}
	md := header{}
	if denial != nil {
		denial.SetHeader(md)
	}
	stytchkit.SetCookies(md, cookies)
	_ = grpc.SetHeader(ctx, metadata.MD(md)) // the header is sent already: nobody is left to tell
}

// header is metadata, as the core writes the headers of a response.
type header metadata.MD

var _ stytchkit.ResponseHeader = header(nil)

func (h header) Values(name string) []string { return metadata.MD(h).Get(name) }
func (h header) Set(name, value string)      { metadata.MD(h).Set(name, value) }
func (h header) Add(name, value string)      { metadata.MD(h).Append(name, value) }
func (h header) Del(name string)             { metadata.MD(h).Delete(name) }
