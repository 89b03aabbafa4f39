package stytchconnect_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"connectrpc.com/connect"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	"github.com/stytchkit/stytchkit/adapters/rpc/rpctest"
)

// What is no call is denied as by every adapter; what is one, in its own protocol.
func TestWhatIsACall(t *testing.T) {
	const problem, call = "application/problem+json", "application/json"
	for _, row := range []struct {
		name, method, query, kind string
		options                   []connect.HandlerOption
		want                      string
	}{
		{"a page's GET", http.MethodGet, "", "", nil, problem},
		{"a GET with a message", http.MethodGet, "?message=a", "", nil, problem},
		{"a GET with an encoding", http.MethodGet, "?encoding=json", "", nil, problem},
		{"Connect's GET", http.MethodGet, "?message=%22%22&encoding=json", "", nil, call},
		{"a form", http.MethodPost, "", "application/x-www-form-urlencoded", nil, problem},
		{"Connect's POST", http.MethodPost, "", "application/json", nil, call},
		{"a POST of JSON, where handlers want the protocol's header", http.MethodPost, "", "application/json", []connect.HandlerOption{connect.WithRequireConnectProtocolHeader()}, problem},
	} {
		guard := stytchconnect.RequireWithConfig(authenticator(t), stytchconnect.Config{Options: row.options})
		server := httptest.NewServer(guard(http.NotFoundHandler()))
		r, err := http.NewRequestWithContext(t.Context(), row.method, server.URL+rpctest.Get+row.query, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", row.kind)
		response, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		server.Close()
		if err != nil || response.StatusCode != http.StatusUnauthorized || response.Header.Get("Content-Type") != row.want || !strings.Contains(string(body), "session_missing") {
			t.Errorf("%s: got %s %s: %s, want %s", row.name, response.Status, response.Header.Get("Content-Type"), body, row.want)
		}
	}
}
