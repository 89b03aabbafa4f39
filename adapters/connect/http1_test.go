package stytchconnect_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const (
	download = "/acme.Files/Download"
	upload   = "/acme.Files/Upload"
)

// files is a service of streams that go one way, as HTTP/1.1 has them: from the server, which waits for its end;
// and from the client, which the server waits for until it has all, and then for its end.
func files(waits chan<- struct{}) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(download, connect.NewServerStreamHandler(download, func(ctx context.Context, _ *connect.Request[text], s *connect.ServerStream[text]) error {
		if err := s.Send(wrapperspb.String("hello")); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	}, stytchconnect.Streams()))
	mux.Handle(upload, connect.NewClientStreamHandler(upload, func(ctx context.Context, s *connect.ClientStream[text]) (*connect.Response[text], error) {
		for s.Receive() {
			waits <- struct{}{}
		}
		if s.Err() == nil {
			select {
			case waits <- struct{}{}:
			case <-ctx.Done():
			}
			<-ctx.Done()
		}
		return connect.NewResponse(&text{}), ctx.Err()
	}, stytchconnect.Streams()))
	return mux
}

// A connection serves others when a stream on it has ended: those of later rounds have the first one's.
func TestStreamsOverHTTP1EndWithTheirSession(t *testing.T) {
	srv, auth := standIn(t)
	waits := make(chan struct{})
	server := httptest.NewServer(stytchconnect.Require(auth)(files(waits)))
	defer server.Close()
	for round, protocol := range []connect.ClientOption{connect.WithProtoJSON(), connect.WithGRPCWeb(), connect.WithProtoJSON()} {
		member := srv.AddMember(stytchtest.Member{}).SignIn()
		to := func(procedure string) *connect.Client[text, text] {
			return connect.NewClient[text, text](server.Client(), server.URL+procedure, protocol)
		}
		begin := func() *connect.ClientStreamForClient[text, text] {
			up := to(upload).CallClientStream(t.Context())
			up.RequestHeader().Set("Authorization", "Bearer "+member.JWT())
			if err := up.Send(&text{}); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			<-waits
			return up
		}
		request := connect.NewRequest(&text{})
		request.Header().Set("Authorization", "Bearer "+member.JWT())
		down, err := to(download).CallServerStream(t.Context(), request)
		if err != nil || !down.Receive() {
			t.Fatalf("round %d: got %v, %v", round, err, down.Err())
		}
		open, whole, ended := begin(), begin(), make(chan error)
		go func() { _, err := whole.CloseAndReceive(); ended <- err }()
		<-waits
		if _, err := auth.EndSession(t.Context(), stytchkit.HTTPRequest{R: member.BearerRequest(http.MethodPost, "/")}); err != nil {
			t.Fatal(err)
		}
		_, cut := open.CloseAndReceive()
		for name, err := range map[string]error{"that the client sends": cut, "that it has sent": <-ended, "of the server's": endOf(down)} {
			if reason, _ := stytchconnect.Reason(err); reason != stytchkit.CodeSessionEnded {
				t.Errorf("round %d: a stream %s ended with %v", round, name, err)
			}
		}
	}
}

func endOf(stream *connect.ServerStreamForClient[text]) error {
	for stream.Receive() {
	}
	return stream.Err()
}
