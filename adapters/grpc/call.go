package stytchgrpc

import (
	"context"
	"net/http"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// request is what the core sees of a call.
type request struct {
	ctx    context.Context //nolint:containedctx // the call's, for as long as a decision takes
	method string
	md     metadata.MD
}

var _ stytchkit.Request = (*request)(nil)

func (r *request) Method() string { return http.MethodPost }
func (r *request) Target() string { return r.method }

func (r *request) Host() string {
	host, _ := r.Header(":authority", 0)
	return host
}

// Header finds a name in lower case, as metadata has it, without an allocation.
func (r *request) Header(name string, i int) (string, bool) {
	var room [32]byte
	lower := room[:0]
	for _, c := range []byte(name) {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower = append(lower, c)
	}
	values := r.md[string(lower)]
	if i >= len(values) {
		return "", false
	}
	return values[i], true
}

// Param is empty: a call has no path parameters.
func (r *request) Param(string) string { return "" }

func (r *request) RemoteAddr() string {
	if p, ok := peer.FromContext(r.ctx); ok && p.Addr != nil {
		return p.Addr.String()
	}
	return ""
}

// enter lets a call in, or says why not. What is owed to the response is header metadata from here on, as a
// handler may send that before it returns.
func (i *Interceptors) enter(ctx context.Context, method string) (context.Context, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	d := i.guards.Of(method).Check(ctx, &request{ctx, method, md})
	in := stytchkit.Enter[struct{}](ctx, d)
	owed := header{}
	if d.Denial != nil {
		d.Denial.SetHeader(owed)
	}
	switch {
	case !in.IsOutermost():
		stytchkit.SetCookies(owed, d.Cookies) // all else, the outermost guard has said
	case !in.IsNested():
		in.Response().Leave(owed)
	}
	if len(owed) > 0 {
		_ = grpc.SetHeader(ctx, metadata.MD(owed)) // the header is sent already: nobody is left to tell
	}
	if d.Denial != nil {
		return nil, Error(d.Denial)
	}
	return in, nil
}

// header is metadata, as the core writes the headers of a response.
type header metadata.MD

var _ stytchkit.ResponseHeader = header(nil)

func (h header) Values(name string) []string { return metadata.MD(h).Get(name) }
func (h header) Set(name, value string)      { metadata.MD(h).Set(name, value) }
func (h header) Add(name, value string)      { metadata.MD(h).Append(name, value) }
func (h header) Del(name string)             { metadata.MD(h).Delete(name) }
