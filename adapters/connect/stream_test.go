package stytchconnect_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
	standIn := stytchtest.Start(t)
	cfg := standIn.Config()
	cfg.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	mux := http.NewServeMux()
	mux.Handle(rpctest.Get, connect.NewUnaryHandler(rpctest.Get, func(ctx context.Context, _ *connect.Request[text]) (*connect.Response[text], error) {
		return connect.NewResponse(wrapperspb.String("hello")), ctx.Err()
	}))
	mux.Handle(rpctest.Talk, connect.NewServerStreamHandler(rpctest.Talk, func(ctx context.Context, _ *connect.Request[text], s *connect.ServerStream[text]) error {
		err := s.Send(wrapperspb.String("hello"))
		<-ctx.Done()
		return err
	}, stytchconnect.Streams()))
	server := httptest.NewServer(stytchconnect.Require(auth)(mux))
	t.Cleanup(server.Close)

	alice, bob := standIn.AddMember(stytchtest.Member{}).SignIn(), standIn.AddMember(stytchtest.Member{}).SignIn()
	stream := post(t, server, rpctest.Talk, "application/connect+json", "\x00\x00\x00\x00\x02\"\"", alice)
	if _, err := io.ReadFull(stream, make([]byte, len("\x00\x00\x00\x00\x07\"hello\""))); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.EndSession(t.Context(), stytchkit.HTTPRequest{R: alice.BearerRequest(http.MethodPost, "/")}); err != nil {
		t.Fatal(err)
	}
	if end, err := io.ReadAll(stream); err != nil || !strings.Contains(string(end), `"reason":"session_ended"`) {
		t.Errorf("the stream ends with %q, %v", end, err)
	}
	if said, err := io.ReadAll(post(t, server, rpctest.Get, "application/json", `""`, bob)); err != nil || string(said) != `"hello"` {
		t.Errorf("the next call got %s, %v", said, err)
	}
}

// post is the body of the response to a call by HTTP/1.1.
func post(t *testing.T, server *httptest.Server, procedure, kind, body string, by *stytchtest.Session) io.Reader {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+procedure, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Authorization", "Bearer "+by.JWT())
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response.Body
}
