package stytchtest_test

import (
	"net/http"
	"testing"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/stytchapi"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// startConsumer starts a consumer project whose clock shows noon, with the real SDK pointed at it.
func startConsumer(t *testing.T) (*stytchtest.Server, *stytchtest.Clock, *stytchapi.API) {
	t.Helper()
	srv, clock := startAt(t, stytchtest.Options{Vertical: stytchtest.Consumer})
	return srv, clock, consumerSDK(t, srv)
}

func consumerSDK(t *testing.T, srv *stytchtest.Server) *stytchapi.API {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	t.Cleanup(transport.CloseIdleConnections)
	client, err := stytchapi.NewClient(srv.ProjectID(), srv.Secret(),
		stytchapi.WithBaseURI(srv.URL()),
		stytchapi.WithHTTPClient(&http.Client{Transport: transport}),
		stytchapi.WithInitializationContext(t.Context()),
	)
	if err != nil {
		t.Fatalf("the SDK can't start: %v", err)
	}
	return client
}
