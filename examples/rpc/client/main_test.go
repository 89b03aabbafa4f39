package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	stytchgrpc "github.com/stytchkit/stytchkit/adapters/grpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestClientsMatchTheReason(t *testing.T) {
	standIn := stytchtest.Start(t)
	auth, err := stytchkit.New(standIn.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer auth.Close()
	session := standIn.AddMember(stytchtest.Member{}).SignIn()

	calls := httptest.NewServer(stytchconnect.Require(auth)(connect.NewUnaryHandler(owner,
		func(context.Context, *connect.Request[emptypb.Empty]) (*connect.Response[wrapperspb.StringValue], error) {
			return connect.NewResponse(wrapperspb.String("hello")), nil
		})))
	defer calls.Close()
	conn := dial(t, auth)
	for _, want := range []string{"hello", "sign in again (session_ended)"} {
		if got := byConnect(t.Context(), http.DefaultClient, calls.URL, session.Token); got != want {
			t.Errorf("Connect: got %q, want %q", got, want)
		}
		if got := byGRPC(t.Context(), conn, session.Token); got != want {
			t.Errorf("gRPC: got %q, want %q", got, want)
		}
		if got := byHand(t, calls.URL, session.Token); got != want {
			t.Errorf("by hand: got %q, want %q", got, want)
		}
		end(t, auth, session)
	}
}

// byHand asks as curl would: Connect's protocol is a POST of JSON.
func byHand(t *testing.T, baseURL, session string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, baseURL+owner, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+session)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		var said string
		if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
			t.Fatal(err)
		}
		return said
	}
	var denied struct {
		Details []struct{ Debug struct{ Reason string } }
	}
	if err := json.NewDecoder(response.Body).Decode(&denied); err != nil || len(denied.Details) != 1 {
		t.Fatalf("%v, %v", denied, err)
	}
	return advice(denied.Details[0].Debug.Reason)
}

func end(t *testing.T, auth *stytchkit.Authenticator, session *stytchtest.Session) {
	t.Helper()
	r := session.BearerRequest(http.MethodPost, "/logout")
	if _, err := auth.EndSession(t.Context(), stytchkit.HTTPRequest{R: r}); err != nil {
		t.Fatal(err)
	}
}

// dial is a connection to a server whose only service answers hello to everything.
func dial(t *testing.T, auth *stytchkit.Authenticator) *grpc.ClientConn {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(
		grpc.ChainStreamInterceptor(stytchgrpc.Require(auth).Stream),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			return stream.SendMsg(wrapperspb.String("hello"))
		}))
	go func() { _ = server.Serve(listener) }() // until Stop
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
