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
	if p, ok := peer.FromContext(r.ctx); ok {
		return p.Addr.String()
	}
	return ""
}

// entered is a call inside a guard.
type entered struct {
	*stytchkit.Entered[struct{}]
	call   context.Context //nolint:containedctx // as it was outside, where grpc-go finds what it answers
	denied http.Header     // what clients are to know of a denial
}

// enter lets a call in, or says why not.
func (i *Interceptors) enter(ctx context.Context, method string) (entered, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	d := i.guards.Of(method).Check(ctx, &request{ctx, method, md})
	in := entered{stytchkit.Enter[struct{}](ctx, d), ctx, nil}
	if d.Denial == nil {
		return in, nil
	}
	in.denied = http.Header{}
	d.Denial.SetHeader(in.denied)
	return in, Error(d.Denial)
}

// leave puts what is owed to the response into its header metadata. It may be called again, and does nothing
// where that has been sent.
func (in entered) leave() {
	header := in.denied
	if header == nil {
		header = http.Header{}
	}
	if in.IsOutermost() && !in.IsNested() {
		in.Response().Leave(header)
	}
	if len(header) == 0 {
		return
	}
	md := make(metadata.MD, len(header))
	for name, values := range header {
		md[strings.ToLower(name)] = values
	}
	_ = grpc.SetHeader(in.call, md) // the header is sent already: nobody is left to tell
}
