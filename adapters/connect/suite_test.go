package stytchconnect_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	"github.com/stytchkit/stytchkit/adapters/rpc/rpctest"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

func TestConnect(t *testing.T) {
	rpctest.Run(t, build(connect.WithClientOptions()))
}

func TestConnectJSON(t *testing.T) {
	rpctest.Run(t, build(connect.WithProtoJSON()))
}

func TestGRPC(t *testing.T) {
	rpctest.Run(t, build(connect.WithGRPC()))
}

func TestGRPCWeb(t *testing.T) {
	rpctest.Run(t, build(connect.WithGRPCWeb()))
}

// text is the request and the response of every procedure.
type text = wrapperspb.StringValue

// build builds applications of connect v1's handlers, for a client of one protocol.
func build(protocol connect.ClientOption) rpctest.Build {
	return func(t *testing.T, app rpctest.App) rpctest.Client {
		mux := http.NewServeMux()
		for _, procedure := range []string{rpctest.Get, rpctest.Delete} {
			mux.Handle(procedure, connect.NewUnaryHandler(procedure, unary(app)))
		}
		mux.Handle(rpctest.Talk, connect.NewBidiStreamHandler(rpctest.Talk, talk(app), stytchconnect.Streams()))
		guard := stytchconnect.Guard(app.Guard, stytchconnect.Config{Procedures: app.Rules, Public: app.Public})
		return client{serve(t, guard(within(app.Inner, mux))), protocol}
	}
}

// within is what stands inside of another guard, where there is one.
func within(inner *stytchkit.Guard, next http.Handler) http.Handler {
	if inner == nil {
		return next
	}
	return stytchconnect.Guard(inner, stytchconnect.Config{})(next)
}

func unary(app rpctest.App) func(context.Context, *connect.Request[text]) (*connect.Response[text], error) {
	return func(ctx context.Context, _ *connect.Request[text]) (*connect.Response[text], error) {
		said, err := app.Unary(ctx)
		if err != nil {
			return nil, err
		}
		return connect.NewResponse(wrapperspb.String(said)), nil
	}
}

func talk(app rpctest.App) func(context.Context, *connect.BidiStream[text, text]) error {
	return func(ctx context.Context, s *connect.BidiStream[text, text]) error {
		return app.Talk(ctx, serverStream{s})
	}
}

// serve serves HTTP/1.1, and HTTP/2 without TLS.
func serve(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	server.Client().Transport = transport
	return server
}

type client struct {
	server   *httptest.Server
	protocol connect.ClientOption
}

func (c client) to(procedure string) *connect.Client[text, text] {
	return connect.NewClient[text, text](c.server.Client(), c.server.URL+procedure, c.protocol)
}

func (c client) Call(ctx context.Context, procedure string, header http.Header) rpctest.Answer {
	request := connect.NewRequest(&text{})
	maps.Copy(request.Header(), header)
	response, err := c.to(procedure).CallUnary(ctx, request)
	if err != nil {
		return c.Answer(err)
	}
	return rpctest.Answer{Text: response.Msg.GetValue(), Header: response.Header()}
}

func (c client) Open(ctx context.Context, procedure string, header http.Header) (rpctest.ClientStream, error) {
	s := c.to(procedure).CallBidiStream(ctx)
	maps.Copy(s.RequestHeader(), header)
	return clientStream{s}, s.Send(nil) // which sends the headers
}

func (client) Answer(err error) rpctest.Answer {
	answer := rpctest.Answer{Err: err, Code: uint32(connect.CodeOf(err)), Header: http.Header{}}
	answer.Reason, _ = stytchconnect.Reason(err)
	if said := new(connect.Error); errors.As(err, &said) {
		answer.Message = said.Message()
		maps.Copy(answer.Header, said.Meta())
		for _, detail := range said.Details() {
			if message, unreadable := detail.Value(); unreadable == nil {
				answer.Details = append(answer.Details, message)
			}
		}
	}
	return answer
}

type serverStream struct {
	s *connect.BidiStream[text, text]
}

func (s serverStream) Send(said string) error { return s.s.Send(wrapperspb.String(said)) }

func (s serverStream) Receive() (string, error) {
	heard, err := s.s.Receive()
	return heard.GetValue(), err
}

type clientStream struct {
	s *connect.BidiStreamForClient[text, text]
}

func (s clientStream) Send(said string) error { return s.s.Send(wrapperspb.String(said)) }

func (s clientStream) Receive() (string, error) {
	heard, err := s.s.Receive()
	return heard.GetValue(), err
}

func (s clientStream) Leave() { _ = s.s.CloseResponse() } // which is how it ends

func (s clientStream) Header() http.Header {
	header := s.s.ResponseHeader().Clone()
	maps.Copy(header, s.s.ResponseTrailer())
	return header
}
