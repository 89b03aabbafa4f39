package main

import (
	"context"

	"google.golang.org/grpc"

	stytchgrpc "github.com/stytchkit/stytchkit/adapters/grpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// newGRPC serves the service by grpc-go.
func newGRPC(auth *stytchkit.Authenticator) (*grpc.Server, error) {
	guard := stytchgrpc.RequireWithConfig(auth, stytchgrpc.Config{
		Methods: map[string][]stytchkit.Rule{deleteAll: {stytchkit.Role("editor")}},
		Public:  []string{version},
	})
	server := grpc.NewServer(
		grpc.ChainUnaryInterceptor(guard.Unary),
		grpc.ChainStreamInterceptor(guard.Stream),
	)
	server.RegisterService(description(), nil)
	return server, guard.Check(server) // of names that no service has
}

// description is what protoc-gen-go-grpc writes.
func description() *grpc.ServiceDesc {
	desc := &grpc.ServiceDesc{ServiceName: service, Streams: []grpc.StreamDesc{{
		StreamName: "Watch", ServerStreams: true,
		Handler: func(_ any, stream grpc.ServerStream) error {
			if err := stream.RecvMsg(new(empty)); err != nil {
				return err
			}
			return follow(stream.Context(), func(message *text) error { return stream.SendMsg(message) })
		},
	}}}
	for _, method := range []string{"Owner", "Delete", "Version"} {
		info := &grpc.UnaryServerInfo{FullMethod: "/" + service + "/" + method}
		desc.Methods = append(desc.Methods, grpc.MethodDesc{
			MethodName: method,
			Handler: func(_ any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
				request := new(empty)
				if err := decode(request); err != nil {
					return nil, err
				}
				return intercept(ctx, request, info, func(ctx context.Context, _ any) (any, error) { return whose(ctx), nil })
			},
		})
	}
	return desc
}
