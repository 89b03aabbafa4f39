package stytchconnect_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	"github.com/stytchkit/stytchkit/adapters/rpc/rpctest"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// net/http cancels all that comes by a connection of HTTP/1.1 once a deadline has ended its reading.
func TestAStreamThatHasEndedSpoilsNoOtherCall(t *testing.T) {
	auth, standIn := started(t)
	mux := http.NewServeMux()
	mux.Handle(rpctest.Get, connect.NewUnaryHandler(rpctest.Get, func(ctx context.Context, _ *connect.Request[text]) (*connect.Response[text], error) {
		return connect.NewResponse(wrapperspb.String("hello")), ctx.Err()
	}))
	mux.Handle(rpctest.Talk, connect.NewServerStreamHandler(rpctest.Talk, func(ctx context.Context, _ *connect.Request[text], s *connect.ServerStream[text]) error {
		err := s.Send(wrapperspb.String("hello"))
		<-ctx.Done()
		return err
	}, stytchconnect.Streams()))
	server := serve(t, stytchconnect.Optional(auth)(mux))
	http1 := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(http1.CloseIdleConnections)

	alice, bob := standIn.AddMember(stytchtest.Member{}).SignIn(), standIn.AddMember(stytchtest.Member{}).SignIn()
	stream := post(t, http1, server.URL+rpctest.Talk, "application/connect+json", envelope, alice).Body
	if _, err := io.ReadFull(stream, make([]byte, len("\x00\x00\x00\x00\x07\"hello\""))); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.EndSession(t.Context(), stytchkit.HTTPRequest{R: alice.BearerRequest(http.MethodPost, "/")}); err != nil {
		t.Fatal(err)
	}
	if end, err := io.ReadAll(stream); err != nil || !strings.Contains(string(end), `"reason":"session_ended"`) {
		t.Errorf("the stream ends with %q, %v", end, err)
	}
	if said, err := io.ReadAll(post(t, http1, server.URL+rpctest.Get, "application/json", `""`, bob).Body); err != nil || string(said) != `"hello"` {
		t.Errorf("the next call got %s, %v", said, err)
	}
}

// Only what a deadline may end has a connection of its own.
func TestWhichStreamsCloseTheirConnection(t *testing.T) {
	auth, standIn := started(t)
	mux := http.NewServeMux()
	mux.Handle(rpctest.Talk, connect.NewServerStreamHandler(rpctest.Talk, func(context.Context, *connect.Request[text], *connect.ServerStream[text]) error {
		return nil
	}, stytchconnect.Streams()))
	server := serve(t, stytchconnect.Optional(auth)(mux))
	http1 := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(http1.CloseIdleConnections)
	alice := standIn.AddMember(stytchtest.Member{}).SignIn()
	for _, row := range []struct {
		name   string
		client *http.Client
		by     *stytchtest.Session
		closes bool
	}{
		{"HTTP/1.1", http1, alice, true},
		{"HTTP/1.1, anonymous", http1, nil, false},
		{"HTTP/2", server.Client(), alice, false},
	} {
		reused := false
		for range 2 {
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { reused = c.Reused }})
			if _, err := io.ReadAll(postWith(ctx, t, row.client, server.URL+rpctest.Talk, "application/connect+json", envelope, row.by).Body); err != nil {
				t.Fatal(err)
			}
		}
		if reused == row.closes {
			t.Errorf("%s: the connection is reused: %t", row.name, reused)
		}
	}
}

// envelope is the empty message of a stream of Connect's, as JSON.
const envelope = "\x00\x00\x00\x00\x02\"\""

func post(t *testing.T, client *http.Client, url, kind, body string, by *stytchtest.Session) *http.Response {
	t.Helper()
	return postWith(t.Context(), t, client, url, kind, body, by)
}

func postWith(ctx context.Context, t *testing.T, client *http.Client, url, kind, body string, by *stytchtest.Session) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	if by != nil {
		r.Header.Set("Authorization", "Bearer "+by.JWT())
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// authenticator is one of a stand-in for Stytch.
func authenticator(t *testing.T) *stytchkit.Authenticator {
	t.Helper()
	auth, _ := started(t)
	return auth
}

func started(t *testing.T) (*stytchkit.Authenticator, *stytchtest.Server) {
	t.Helper()
	standIn := stytchtest.Start(t)
	cfg := standIn.Config()
	cfg.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	return auth, standIn
}
