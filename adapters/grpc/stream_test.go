package stytchgrpc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	stytchgrpc "github.com/stytchkit/stytchkit/adapters/grpc"
	"github.com/stytchkit/stytchkit/adapters/rpc/rpctest"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// signedIn is an Authenticator, and somebody who is signed in.
func signedIn(t *testing.T) (*stytchkit.Authenticator, *stytchtest.Session) {
	t.Helper()
	srv := stytchtest.Start(t)
	return srv.Authenticator(t), srv.AddMember(stytchtest.Member{}).SignIn()
}

// receiver is a stream of another's interceptor, that stands around the guard.
type receiver struct {
	grpc.ServerStream
	receive func(message any) error
}

func (r receiver) RecvMsg(message any) error { return r.receive(message) }

// recovering answers panics, as go-grpc-middleware's recovery does.
func recovering(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = status.Error(codes.Internal, fmt.Sprint(p))
		}
	}()
	return next(srv, ss)
}

// talking is a client of an application whose stream is Talk, behind what else stands around the guard.
func talking(t *testing.T, auth *stytchkit.Authenticator, talk func(context.Context, rpctest.Stream) error, around ...grpc.StreamServerInterceptor) rpctest.Client {
	t.Helper()
	return serve(t, rpctest.App{Guard: auth.Require(), Talk: talk}, grpc.ChainStreamInterceptor(around...))
}

func TestAPanicOfWhatStandsAroundCanBeRecovered(t *testing.T) {
	auth, member := signedIn(t)
	talk := func(_ context.Context, s rpctest.Stream) error { _, err := s.Receive(); return err }
	client := talking(t, auth, talk, recovering, func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		return next(srv, receiver{ss, func(any) error { panic("a validator's") }})
	})
	stream, err := client.Open(t.Context(), rpctest.Talk, bearer(member))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Receive(); status.Code(err) != codes.Internal || status.Convert(err).Message() != "a validator's" {
		t.Errorf("got %v, want the panic", err)
	}
}

// grpc-go allows one RecvMsg of a stream at a time.
func TestAStreamThatIsOverIsNotReadTwiceAtATime(t *testing.T) {
	auth, member := signedIn(t)
	var mu sync.Mutex
	reading, most := 0, 0
	talk := func(ctx context.Context, s rpctest.Stream) error {
		if err := s.Send("hello"); err != nil {
			return err
		}
		for range 3 {
			if _, err := s.Receive(); err == nil || errors.Is(err, io.EOF) {
				t.Errorf("there is something to read: %v", err)
			}
		}
		return ctx.Err()
	}
	client := talking(t, auth, talk, func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		count := func(n int) {
			mu.Lock()
			defer mu.Unlock()
			reading += n
			most = max(most, reading)
		}
		return next(srv, receiver{ss, func(message any) error {
			count(1)
			defer count(-1)
			return ss.RecvMsg(message)
		}})
	})
	stream, err := client.Open(t.Context(), rpctest.Talk, bearer(member))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Receive(); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.EndSession(t.Context(), stytchkit.HTTPRequest{R: member.BearerRequest(http.MethodPost, "/")}); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Receive(); client.Answer(err).Reason != stytchkit.CodeSessionEnded {
		t.Errorf("got %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	if most > 1 {
		t.Errorf("%d read it at a time", most)
	}
}

// A handler may send its header before it returns, and past the stream.
func TestRefreshedCookiesComeWithAHeaderThatIsSentEarly(t *testing.T) {
	auth, member := signedIn(t)
	early := func(ctx context.Context) error { return grpc.SendHeader(ctx, metadata.Pairs("early", "yes")) }
	client := serve(t, rpctest.App{
		Guard: auth.Require(stytchkit.Fresh(0)),
		Unary: func(ctx context.Context) (string, error) { return "", early(ctx) },
		Talk:  func(ctx context.Context, _ rpctest.Stream) error { return early(ctx) },
	})
	presented := http.Header{"Cookie": {"stytch_session=" + member.Token}}
	header := map[string]http.Header{"unary": client.Call(t.Context(), rpctest.Get, presented).Header}
	stream, err := client.Open(t.Context(), rpctest.Talk, presented)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Receive(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
	header["stream"] = stream.Header()
	for kind, got := range header {
		if got.Get("Early") != "yes" || len(got.Values("Set-Cookie")) == 0 {
			t.Errorf("%s: got %v, want the handler's header and the cookies", kind, got)
		}
	}
}

// A guard within another that sees other credentials must not hand out their cookies.
func TestCookiesOfOtherCredentialsDoNotGoOut(t *testing.T) {
	auth, member := signedIn(t)
	outer, others := stytchgrpc.Require(auth), metadata.Pairs("cookie", "stytch_session="+member.Token)
	swap := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		return next(metadata.NewIncomingContext(ctx, others), req)
	}
	app := rpctest.App{Guard: auth.Require(stytchkit.Fresh(0)), Unary: func(context.Context) (string, error) { return "hello", nil }}
	answer := serve(t, app, grpc.ChainUnaryInterceptor(outer.Unary, swap)).Call(t.Context(), rpctest.Get, bearer(member))
	if cookies := answer.Header.Values("Set-Cookie"); answer.Text != "hello" || len(cookies) > 0 {
		t.Errorf("got %q, %v with the cookies %q", answer.Text, answer.Err, cookies)
	}
}

// What is anonymous has no end to wait for: it is read without a goroutine beside.
func TestAnAnonymousStreamIsReadAsWithoutAGuard(t *testing.T) {
	guard, allocations := stytchgrpc.Optional(stytchtest.Start(t).Authenticator(t)), -1.0
	nothing := receiver{bare{ctx: t.Context()}, func(any) error { return nil }}
	err := guard.Stream(nil, nothing, &grpc.StreamServerInfo{FullMethod: rpctest.Talk}, func(_ any, s grpc.ServerStream) error {
		allocations = testing.AllocsPerRun(100, func() { _ = s.RecvMsg(nil) })
		return nil
	})
	if err != nil || allocations != 0 {
		t.Errorf("%v, %v allocations for a message", err, allocations)
	}
}

// bare is a stream that nothing stands behind.
type bare struct {
	grpc.ServerStream
	ctx context.Context //nolint:containedctx // the stream's own
}

func (b bare) Context() context.Context { return b.ctx }

func bearer(s *stytchtest.Session) http.Header {
	return http.Header{"Authorization": {"Bearer " + s.JWT()}}
}
