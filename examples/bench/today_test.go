package bench_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"connectrpc.com/connect"
	"github.com/labstack/echo/v5"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/wrapperspb"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	stytchecho5 "github.com/stytchkit/stytchkit/adapters/echo5"
	stytchgrpc "github.com/stytchkit/stytchkit/adapters/grpc"
	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

func echo5Client(auth *stytchkit.Authenticator, x *experiment, c credential, seen *int) client {
	e := echo.New()
	if auth == nil {
		e.GET("/me", func(c *echo.Context) error {
			x.saw(seen, x.member.ID)
			return c.NoContent(http.StatusOK)
		})
		return newClient(e, c)
	}
	e.GET("/me", func(c *echo.Context) error {
		x.saw(seen, stytchecho5.Session(c).MemberID())
		return c.NoContent(http.StatusOK)
	}, stytchecho5.Require(auth))
	return newClient(e, c)
}

const procedure = "/bench.v1.Members/Me"

// text is the request and the response of the procedure.
type text = wrapperspb.StringValue

func connectClient(auth *stytchkit.Authenticator, x *experiment, c credential, seen *int) client {
	return callsOf(stytchconnect.Require, auth, x, c, seen)
}

// connectByElder is a Connect service behind the adapter of net/http.
func connectByElder(auth *stytchkit.Authenticator, x *experiment, c credential, seen *int) client {
	return callsOf(stytchhttp.Require, auth, x, c, seen)
}

func callsOf(require func(*stytchkit.Authenticator, ...stytchkit.Rule) func(http.Handler) http.Handler,
	auth *stytchkit.Authenticator, x *experiment, c credential, seen *int,
) client {
	var handler http.Handler = connect.NewUnaryHandler(procedure, func(ctx context.Context, _ *connect.Request[text]) (*connect.Response[text], error) {
		x.saw(seen, callers(ctx, auth, x))
		return connect.NewResponse(&text{Value: "hello"}), nil
	})
	if auth != nil {
		handler = require(auth)(handler)
	}
	r := httptest.NewRequest(http.MethodPost, procedure, http.NoBody)
	r.Header.Set("Content-Type", "application/proto")
	r.Header.Set("Connect-Protocol-Version", "1")
	return newClientOf(handler, r, c)
}

// grpcClient calls the interceptor with what grpc-go hands to it; without an Authenticator, the handler.
func grpcClient(auth *stytchkit.Authenticator, x *experiment, c credential, seen *int) client {
	answer := &text{Value: "hello"}
	handler := func(ctx context.Context, _ any) (any, error) {
		x.saw(seen, callers(ctx, auth, x))
		return answer, nil
	}
	unary := func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		return next(ctx, request)
	}
	if auth != nil {
		unary = stytchgrpc.Require(auth).Unary
	}
	md := metadata.Pairs(":authority", "example.com", "content-type", "application/grpc", "user-agent", "grpc-go/1.80.0", c.header, c.value)
	ctx := grpc.NewContextWithServerTransportStream(metadata.NewIncomingContext(context.Background(), md), call{})
	info, oks, request := &grpc.UnaryServerInfo{FullMethod: procedure}, 0, &text{}
	return client{
		send: func() {
			if _, err := unary(ctx, request, info, handler); err == nil {
				oks++
			}
		},
		set:     func(to string) { md.Set(c.header, to) },
		answers: func(int) int { return oks },
	}
}

// callers is whose a call is found to be.
func callers(ctx context.Context, auth *stytchkit.Authenticator, x *experiment) string {
	if auth == nil {
		return x.member.ID
	}
	return stytchkit.SessionFrom(ctx).MemberID()
}

// call throws a call's metadata away.
type call struct{}

var _ grpc.ServerTransportStream = call{}

func (call) Method() string               { return procedure }
func (call) SetHeader(metadata.MD) error  { return nil }
func (call) SendHeader(metadata.MD) error { return nil }
func (call) SetTrailer(metadata.MD) error { return nil }

// The figures are worth nothing where the application does not see the member.
func TestTheFrameworksOfTodaySeeTheMember(t *testing.T) {
	x := newExperiment(t, 1)
	auth := newKit(t, x, 0)
	for name, of := range map[string]func(*stytchkit.Authenticator, *experiment, credential, *int) client{"echo5": echo5Client, "connect": connectClient, "grpc": grpcClient} {
		seen := 0
		c := of(auth, x, x.cookies(), &seen)
		if c.send(); seen != 1 || c.answers(http.StatusOK) != 1 {
			t.Errorf("%s: %d members seen, %d answers", name, seen, c.answers(http.StatusOK))
		}
		c.set("theme=dark")
		if c.send(); seen != 1 || c.answers(http.StatusOK) != 1 {
			t.Errorf("%s: without a session, %d members seen, %d answers", name, seen, c.answers(http.StatusOK))
		}
	}
}
