package stytchgrpc_test

import (
	"context"
	"net/http"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	stytchgrpc "github.com/stytchkit/stytchkit/adapters/grpc"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestARememberedSessionAddsThreeAllocations(t *testing.T) {
	const limit = 3 // what the core sees of the call, a copy of the header that is read, and the context
	m := adaptertest.Remember(t)
	bare := func(context.Context, any, *grpc.UnaryServerInfo, grpc.UnaryHandler) (any, error) { return nil, nil }
	guarded := stytchgrpc.Require(m.Auth).Unary
	m.AddsAtMost(t, limit, calls(m, bare), calls(m, guarded))
}

// calls has an interceptor look at a call.
func calls(m *adaptertest.Remembered, intercept grpc.UnaryServerInterceptor) adaptertest.Asks {
	info := &grpc.UnaryServerInfo{FullMethod: "/acme.v1.Documents/Get"}
	return func(tb testing.TB, r *http.Request) func() {
		handler := func(ctx context.Context, _ any) (any, error) {
			if m.Status(stytchgrpc.Session(ctx)) != http.StatusOK {
				tb.Error("the handler saw another session")
			}
			return ctx, nil
		}
		md := lower(r.Header)
		md.Set(":authority", "example.com")
		md.Set("content-type", "application/grpc")
		md.Set("user-agent", "grpc-go")
		ctx := grpc.NewContextWithServerTransportStream(metadata.NewIncomingContext(tb.Context(), md), thrownAway{})
		return func() {
			if _, err := intercept(ctx, nil, info, handler); err != nil {
				tb.Fatal(err)
			}
		}
	}
}

// thrownAway is a call whose metadata nobody gets.
type thrownAway struct{}

var _ grpc.ServerTransportStream = thrownAway{}

func (thrownAway) Method() string               { return "" }
func (thrownAway) SetHeader(metadata.MD) error  { return nil }
func (thrownAway) SendHeader(metadata.MD) error { return nil }
func (thrownAway) SetTrailer(metadata.MD) error { return nil }
