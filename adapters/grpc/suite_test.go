package stytchgrpc_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	stytchgrpc "github.com/stytchkit/stytchkit/adapters/grpc"
	"github.com/stytchkit/stytchkit/adapters/rpc/rpctest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestGRPC(t *testing.T) { rpctest.Run(t, build) }

// text is the request and the response of every method.
type text = wrapperspb.StringValue

func build(t *testing.T, app rpctest.App) rpctest.Client { return serve(t, app) }

// serve serves an application of grpc-go.
func serve(t *testing.T, app rpctest.App, around ...grpc.ServerOption) rpctest.Client {
	t.Helper()
	guard := stytchgrpc.Guard(app.Guard, stytchgrpc.Config{Methods: app.Rules, Public: app.Public})
	around = append(around, grpc.ChainUnaryInterceptor(guard.Unary), grpc.ChainStreamInterceptor(guard.Stream))
	if app.Inner != nil {
		inner := stytchgrpc.Guard(app.Inner, stytchgrpc.Config{})
		around = append(around, grpc.ChainUnaryInterceptor(inner.Unary), grpc.ChainStreamInterceptor(inner.Stream))
	}
	server := grpc.NewServer(around...)
	server.RegisterService(service(app), nil)
	if err := guard.Check(server); err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		server.Stop()
		if err := <-served; err != nil {
			t.Errorf("the application did not serve: %v", err)
		}
	})
	return client{conn}
}

// service is what generated code would register.
func service(app rpctest.App) *grpc.ServiceDesc {
	desc := &grpc.ServiceDesc{ServiceName: rpctest.Service, Streams: []grpc.StreamDesc{{
		StreamName: "Talk", ServerStreams: true, ClientStreams: true,
		Handler: func(_ any, s grpc.ServerStream) error { return app.Talk(s.Context(), serverStream{s}) },
	}}}
	for _, method := range []string{"Get", "Delete"} {
		handle := func(ctx context.Context, _ any) (any, error) {
			said, err := app.Unary(ctx)
			return wrapperspb.String(said), err
		}
		desc.Methods = append(desc.Methods, grpc.MethodDesc{
			MethodName: method,
			Handler: func(_ any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
				heard := new(text)
				if err := decode(heard); err != nil {
					return nil, err
				}
				return interceptor(ctx, heard, &grpc.UnaryServerInfo{FullMethod: "/" + rpctest.Service + "/" + method}, handle)
			},
		})
	}
	return desc
}

type client struct{ conn *grpc.ClientConn }

func outgoing(ctx context.Context, header http.Header) context.Context {
	return metadata.NewOutgoingContext(ctx, lower(header))
}

func lower(header http.Header) metadata.MD {
	md := metadata.MD{}
	for name, values := range header {
		md[strings.ToLower(name)] = values
	}
	return md
}

func (c client) Call(ctx context.Context, procedure string, header http.Header) rpctest.Answer {
	var got, trailer metadata.MD
	said := new(text)
	err := c.conn.Invoke(outgoing(ctx, header), procedure, &text{}, said, grpc.Header(&got), grpc.Trailer(&trailer))
	answer := rpctest.Answer{Text: said.GetValue()}
	if err != nil {
		answer = c.Answer(err)
	}
	answer.Header = canonical(got, trailer)
	return answer
}

func canonical(parts ...metadata.MD) http.Header {
	header := http.Header{}
	for name, values := range metadata.Join(parts...) {
		header[http.CanonicalHeaderKey(name)] = values
	}
	return header
}

func (c client) Open(ctx context.Context, procedure string, header http.Header) (rpctest.ClientStream, error) {
	ctx, leave := context.WithCancel(ctx)
	s, err := c.conn.NewStream(outgoing(ctx, header), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, procedure)
	return clientStream{s, leave}, err
}

func (client) Answer(err error) rpctest.Answer {
	said := status.Convert(err)
	answer := rpctest.Answer{Err: err, Code: uint32(said.Code()), Message: said.Message(), Header: http.Header{}}
	answer.Reason, _ = stytchgrpc.Reason(err)
	for _, detail := range said.Details() {
		if message, ok := detail.(proto.Message); ok {
			answer.Details = append(answer.Details, message)
		}
	}
	return answer
}

type serverStream struct{ s grpc.ServerStream }

func (s serverStream) Send(said string) error { return s.s.SendMsg(wrapperspb.String(said)) }

func (s serverStream) Receive() (string, error) {
	heard := new(text)
	err := s.s.RecvMsg(heard)
	if err != nil {
		return "", err
	}
	return heard.GetValue(), nil
}

type clientStream struct {
	s     grpc.ClientStream
	leave context.CancelFunc
}

func (s clientStream) Leave() { s.leave() }

func (s clientStream) Send(said string) error { return s.s.SendMsg(wrapperspb.String(said)) }

func (s clientStream) Receive() (string, error) {
	heard := new(text)
	err := s.s.RecvMsg(heard)
	return heard.GetValue(), err
}

func (s clientStream) Header() http.Header {
	header, _ := s.s.Header() // what went wrong, the stream's end says
	return canonical(header, s.s.Trailer())
}

func TestCheckKnowsWhatNoServiceHas(t *testing.T) {
	app := rpctest.App{Unary: func(context.Context) (string, error) { return "", errors.New("not called") }}
	server := grpc.NewServer()
	server.RegisterService(service(app), nil)
	auth := stytchtest.Start(t).Authenticator(t)
	for _, row := range []struct {
		public []string
		says   string
	}{
		{[]string{rpctest.Get, "/" + rpctest.Service + "/*", rpctest.Talk}, ""},
		{[]string{"/" + rpctest.Service + "/Gte"}, `["/` + rpctest.Service + `/Gte"]`},
		{[]string{"/grpc.health.v1.Health/*"}, `["/grpc.health.v1.Health/*"]`},
	} {
		err := stytchgrpc.OptionalWithConfig(auth, stytchgrpc.Config{Public: row.public}).Check(server)
		if (err == nil) != (row.says == "") || err != nil && !strings.Contains(err.Error(), row.says) {
			t.Errorf("%v: got %v, want %q", row.public, err, row.says)
		}
	}
}
