package stytchgrpc_test

import (
	"context"
	"net/http"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	stytchgrpc "github.com/stytchkit/stytchkit/adapters/grpc"
)

func TestARememberedSessionAddsThreeAllocations(t *testing.T) {
	const limit = 3 // what the core sees of the call, a copy of the header that is read, and the context
	auth, member := signedIn(t)
	guard := stytchgrpc.Require(auth)
	handler := func(ctx context.Context, _ any) (any, error) {
		if stytchgrpc.Session(ctx).ID() != member.ID {
			t.Error("the handler saw another session")
		}
		return ctx, nil
	}
	info := &grpc.UnaryServerInfo{FullMethod: "/acme.v1.Documents/Get"}
	for name, r := range map[string]*http.Request{
		"both cookies": member.Request(http.MethodPost, "/"),
		"bearer":       member.BearerRequest(http.MethodPost, "/"),
	} {
		md := lower(r.Header)
		md.Set(":authority", "example.com")
		md.Set("content-type", "application/grpc")
		md.Set("user-agent", "grpc-go")
		ctx := grpc.NewContextWithServerTransportStream(metadata.NewIncomingContext(t.Context(), md), thrownAway{})
		added := testing.AllocsPerRun(1000, func() {
			if _, err := guard.Unary(ctx, nil, info, handler); err != nil {
				t.Fatal(err)
			}
		})
		if added > limit+0.5 {
			t.Errorf("%s: the interceptor adds %.2f allocations, want at most %d", name, added, limit)
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
