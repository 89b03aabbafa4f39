package stytchconnect_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"connectrpc.com/connect"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	"github.com/stytchkit/stytchkit/adapters/rpc/rpctest"
)

func TestTheHandlersOptionsSayWhatIsACall(t *testing.T) {
	_, auth := standIn(t)
	guard := stytchconnect.RequireWithConfig(auth, stytchconnect.Config{Options: []connect.HandlerOption{connect.WithRequireConnectProtocolHeader()}})
	server := httptest.NewServer(guard(http.NotFoundHandler()))
	defer server.Close()
	header := http.Header{"Content-Type": {"application/json"}}
	for _, want := range []string{"application/problem+json", "application/json"} {
		res, body := send(t, server, http.MethodPost, rpctest.Get, header)
		if got := res.Header.Get("Content-Type"); got != want {
			t.Errorf("%v: got %s: %s, want %s", header, got, body, want)
		}
		header.Set("Connect-Protocol-Version", "1")
	}
}
