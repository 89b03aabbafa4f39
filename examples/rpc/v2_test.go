package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	v1 "connectrpc.com/connect"
	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	stytchrpc "github.com/stytchkit/stytchkit/adapters/rpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// endStreams ends streams of connect v2's handlers as stytchconnect.Streams ends those of v1's.
func endStreams(next connect.ServerFunc) connect.ServerFunc {
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
		if spec.StreamType == connect.StreamTypeUnary {
			return next(ctx, spec, stream)
		}
		live, stop := stytchkit.Live(ctx)
		defer stop()
		err := next(live, spec, stream)
		if denial := stytchrpc.Ended(live); denial != nil {
			return connect.NewError(connect.Code(stytchrpc.Code(denial)), denial.Title())
		}
		return err
	}
}

func TestHandlersOfConnectV2(t *testing.T) {
	standIn := stytchtest.Start(t)
	auth, err := stytchkit.New(standIn.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer auth.Close()
	server := connect.NewServer(endStreams)
	server.Register(
		connect.Method{Spec: connect.Spec{Procedure: owner}, Handler: func(ctx context.Context, _ connect.Spec, s connect.ServerStream) error {
			if err := s.Receive(new(empty)); err != nil {
				return err
			}
			return s.Send(whose(ctx))
		}},
		connect.Method{
			Spec: connect.Spec{Procedure: watch, StreamType: connect.StreamTypeServer},
			Handler: func(ctx context.Context, _ connect.Spec, s connect.ServerStream) error {
				if err := s.Receive(new(empty)); err != nil {
					return err
				}
				return follow(ctx, func(message *text) error { return s.Send(message) })
			},
		},
	)
	mux := http.NewServeMux()
	connecthttp.Mount(mux, server)
	calls := httptest.NewServer(stytchconnect.Require(auth)(mux))
	defer calls.Close()

	for name, protocol := range map[string]v1.ClientOption{"Connect": v1.WithProtoJSON(), "gRPC-Web": v1.WithGRPCWeb()} {
		member := standIn.AddMember(stytchtest.Member{})
		session := member.SignIn()
		request := v1.NewRequest(new(empty))
		unary := v1.NewClient[empty, text](calls.Client(), calls.URL+owner, protocol)
		if _, err := unary.CallUnary(t.Context(), request); reasonOf(err) != stytchkit.CodeSessionMissing {
			t.Errorf("%s: got %v", name, err)
		}
		request.Header().Set("Authorization", "Bearer "+session.JWT())
		if response, err := unary.CallUnary(t.Context(), request); err != nil || response.Msg.GetValue() != "documents of "+member.ID {
			t.Errorf("%s: got %v", name, err)
		}
		stream, err := v1.NewClient[empty, text](calls.Client(), calls.URL+watch, protocol).CallServerStream(t.Context(), requestBy(session))
		if err != nil || !stream.Receive() {
			t.Fatalf("%s: got %v, %v", name, err, stream.Err())
		}
		if _, err := auth.EndSession(t.Context(), stytchkit.HTTPRequest{R: session.BearerRequest(http.MethodPost, "/")}); err != nil {
			t.Fatal(err)
		}
		if stream.Receive() || v1.CodeOf(stream.Err()) != v1.CodeUnauthenticated {
			t.Errorf("%s: the stream ended with %v", name, stream.Err())
		}
	}
}

func requestBy(session *stytchtest.Session) *v1.Request[empty] {
	request := v1.NewRequest(new(empty))
	request.Header().Set("Authorization", "Bearer "+session.JWT())
	return request
}

func reasonOf(err error) string {
	reason, _ := stytchconnect.Reason(err)
	return reason
}
