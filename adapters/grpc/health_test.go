package stytchgrpc_test

import (
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	stytchgrpc "github.com/stytchkit/stytchkit/adapters/grpc"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Who asks a server for its health has no credentials, and often no TCP either.
func TestHealthIsPublicWhereItIsSaidToBe(t *testing.T) {
	auth := stytchtest.Start(t).Authenticator(t)
	for public, want := range map[string]codes.Code{"/grpc.health.v1.Health/*": codes.OK, "/grpc.health.v1.Health/List": codes.Unauthenticated} {
		guard := stytchgrpc.RequireWithConfig(auth, stytchgrpc.Config{Public: []string{public}})
		server := grpc.NewServer(grpc.ChainUnaryInterceptor(guard.Unary), grpc.ChainStreamInterceptor(guard.Stream))
		grpc_health_v1.RegisterHealthServer(server, health.NewServer())
		if err := guard.Check(server); err != nil {
			t.Fatal(err)
		}
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", t.TempDir()+"/health")
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = server.Serve(listener) }()
		conn, err := grpc.NewClient("unix://"+listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		client := grpc_health_v1.NewHealthClient(conn)
		_, unary := client.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{})
		watch, err := client.Watch(t.Context(), &grpc_health_v1.HealthCheckRequest{})
		if err == nil {
			_, err = watch.Recv()
		}
		if status.Code(unary) != want || status.Code(err) != want {
			t.Errorf("%s is public: got %v, and %v of its stream; want %v", public, unary, err, want)
		}
		_ = conn.Close()
		server.Stop()
	}
}
