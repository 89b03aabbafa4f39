package stytchconnect_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	"github.com/stytchkit/stytchkit/adapters/rpc/rpctest"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// standIn is one for Stytch, and an Authenticator of its project.
func standIn(t *testing.T) (*stytchtest.Server, *stytchkit.Authenticator) {
	t.Helper()
	srv := stytchtest.Start(t)
	auth := srv.Authenticator(t, func(c *stytchkit.Config) { c.LoginURL = "/login" })
	return srv, auth
}

// site is a service that everybody may call, one that members may call by GET, and a page beside them.
func site(auth *stytchkit.Authenticator) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(rpctest.Get, connect.NewUnaryHandler(rpctest.Get, func(ctx context.Context, _ *connect.Request[text]) (*connect.Response[text], error) {
		return connect.NewResponse(wrapperspb.String(stytchconnect.Session(ctx).MemberID())), nil
	}, connect.WithIdempotency(connect.IdempotencyNoSideEffects)))
	mux.HandleFunc("/{page}", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.PathValue("page")) })
	return stytchconnect.RequireWithConfig(auth, stytchconnect.Config{Public: []string{"/acme.Open/*"}})(mux)
}

// send sends a request by HTTP/1.1, and follows no redirect.
func send(t *testing.T, server *httptest.Server, method, target string, header http.Header) (*http.Response, string) {
	t.Helper()
	var said io.Reader = http.NoBody
	if method == http.MethodPost {
		said = strings.NewReader("{}")
	}
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+target, said)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestWhatIsNoCallGetsTheDefaultDenial(t *testing.T) {
	_, auth := standIn(t)
	server := httptest.NewServer(site(auth))
	defer server.Close()
	for name, row := range map[string]struct {
		method, target string
		header         http.Header
		status         int
		contentType    string
	}{
		"a page, fetched":                    {"GET", "/page", http.Header{}, 401, "application/problem+json"},
		"a page, navigated to":               {"GET", "/page", http.Header{"Sec-Fetch-Mode": {"navigate"}}, 303, ""},
		"a GET of a procedure, without call": {"GET", rpctest.Get, http.Header{}, 401, "application/problem+json"},
		"a GET with a message":               {"GET", rpctest.Get + "?message=a", http.Header{}, 401, "application/problem+json"},
		"a GET with an encoding":             {"GET", rpctest.Get + "?encoding=json", http.Header{}, 401, "application/problem+json"},
		"a form":                             {"POST", "/page", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, 401, "application/problem+json"},
		"a form, navigated to":               {"POST", "/page", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Sec-Fetch-Mode": {"navigate"}}, 303, ""},
		"an upload":                          {"POST", "/page", http.Header{"Content-Type": {"text/csv"}}, 401, "application/problem+json"},
		"a call":                             {"POST", rpctest.Get, http.Header{"Content-Type": {"application/json"}}, 401, "application/json"},
		"a call, compressed":                 {"POST", rpctest.Get, http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, 401, "application/json"},
		"a call by GET":                      {"GET", rpctest.Get + "?encoding=json&message=%22%22", http.Header{}, 401, "application/json"},
	} {
		res, body := send(t, server, row.method, row.target, row.header)
		if got := res.Header.Get("Content-Type"); res.StatusCode != row.status || got != row.contentType || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %d, %q, %q; want %d, %q, kept out of caches", name, res.StatusCode, got, body, row.status, row.contentType)
		}
		var answer struct{ Code string }
		if row.contentType == "application/json" && (json.Unmarshal([]byte(body), &answer) != nil || answer.Code != "unauthenticated") {
			t.Errorf("%s: got %q, want Connect's error", name, body)
		}
	}
}

// Where handlers want the protocol's header, JSON without it is no call.
func TestTheOptionsOfHandlersHoldForDenials(t *testing.T) {
	_, auth := standIn(t)
	guard := stytchconnect.RequireWithConfig(auth, stytchconnect.Config{Options: []connect.HandlerOption{connect.WithRequireConnectProtocolHeader()}})
	server := httptest.NewServer(guard(http.NotFoundHandler()))
	defer server.Close()
	for want, header := range map[string]http.Header{
		"application/problem+json": {"Content-Type": {"application/json"}},
		"application/json":         {"Content-Type": {"application/json"}, "Connect-Protocol-Version": {"1"}},
	} {
		if res, body := send(t, server, http.MethodPost, rpctest.Get, header); res.Header.Get("Content-Type") != want {
			t.Errorf("got %s: %s, want %s", res.Header.Get("Content-Type"), body, want)
		}
	}
}

// Connect calls what has no side effects by GET, for caches: none may keep a member's answer for others.
func TestACallByGETIsItsMembersOwn(t *testing.T) {
	srv, auth := standIn(t)
	server := httptest.NewServer(site(auth))
	defer server.Close()
	query := url.Values{"encoding": {"json"}, "message": {`""`}, "connect": {"v1"}}.Encode()
	res, body := send(t, server, http.MethodGet, rpctest.Get+"?"+query, http.Header{"Cookie": {"stytch_session_jwt=" + srv.AddMember(stytchtest.Member{}).SignIn().JWT()}})
	if res.StatusCode != http.StatusOK || !strings.Contains(body, "member-") {
		t.Fatalf("got %d, %q", res.StatusCode, body)
	}
	if control, vary := res.Header.Get("Cache-Control"), res.Header.Values("Vary"); control != "private" || !strings.Contains(strings.Join(vary, ", "), "Cookie, Authorization") {
		t.Errorf("it says Cache-Control: %q and Vary: %q", control, vary)
	}
}

// What a name makes public is a procedure's path and no other's, however that is written.
func TestNoOtherPathIsPublic(t *testing.T) {
	_, auth := standIn(t)
	server := httptest.NewServer(site(auth))
	defer server.Close()
	for target, want := range map[string]int{
		"/acme.Open/Teaser":         http.StatusNotFound, // everybody's, and nobody has registered it
		"/acme.Open%2FTeaser":       http.StatusUnauthorized,
		"/%61cme.Open%2fTeaser":     http.StatusUnauthorized,
		"/page":                     http.StatusUnauthorized,
		"/files/acme.Open/Teaser":   http.StatusUnauthorized,
		"/acme.Open/Teaser%2F..%2F": http.StatusUnauthorized,
	} {
		if res, body := send(t, server, http.MethodGet, target, http.Header{}); res.StatusCode != want {
			t.Errorf("%s: got %d, %q; want %d", target, res.StatusCode, body, want)
		}
	}
}
