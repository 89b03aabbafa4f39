package stytchtest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// pageCall is what the browser SDK sends from a page, and the answer.
type pageCall struct {
	status    int
	header    http.Header
	ErrorType string `json:"error_type"`
	Data      struct {
		MemberSession map[string]any `json:"member_session"`
		Session       map[string]any `json:"session"`
		Token         string         `json:"session_token"`
		JWT           string         `json:"session_jwt"`
		Vertical      string         `json:"vertical"`
		Policy        map[string]any `json:"rbac_policy"`
	} `json:"data"`
}

func fromPage(t *testing.T, srv *stytchtest.Server, method, path, password, body string) pageCall {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, srv.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(srv.PublicToken(), password)
	r.Header.Set("Origin", "https://www.example.com")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	call := pageCall{status: res.StatusCode, header: res.Header}
	if res.StatusCode != http.StatusNoContent {
		if err := json.NewDecoder(res.Body).Decode(&call); err != nil {
			t.Fatal(err)
		}
	}
	return call
}

func TestTheBrowserSDKsEndpoints(t *testing.T) {
	srv := stytchtest.Start(t, stytchtest.Options{BrowserSDK: true})
	member := srv.AddMember(stytchtest.Member{Email: "ada@acme.example", Password: "a long password"})
	session := member.SignIn()

	preflight := fromPage(t, srv, http.MethodOptions, "/sdk/v1/b2b/sessions/authenticate", "", "")
	if got := preflight.header.Get("Access-Control-Allow-Origin"); preflight.status != http.StatusNoContent || got != "https://www.example.com" || preflight.header.Get("Access-Control-Allow-Credentials") != "true" {
		t.Errorf("a preflight: got %d and %v", preflight.status, preflight.header)
	}
	if boot := fromPage(t, srv, http.MethodGet, "/sdk/v1/projects/bootstrap/"+srv.PublicToken(), srv.PublicToken(), ""); boot.status != http.StatusOK || boot.Data.Vertical != "B2B" {
		t.Errorf("bootstrap: got %d and %+v", boot.status, boot.Data)
	}
	if boot := fromPage(t, srv, http.MethodGet, "/sdk/v1/projects/bootstrap/public-token-test-other", "x", ""); boot.status != http.StatusNotFound {
		t.Errorf("another project's bootstrap: got %d, want 404", boot.status)
	}
	fresh := fromPage(t, srv, http.MethodPost, "/sdk/v1/b2b/sessions/authenticate", session.Token, "{}")
	if fresh.status != http.StatusOK || fresh.Data.MemberSession["member_id"] != member.ID || fresh.Data.Token != session.Token || fresh.Data.JWT == "" || fresh.header.Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("a session: got %d and %+v", fresh.status, fresh)
	}
	if none := fromPage(t, srv, http.MethodPost, "/sdk/v1/b2b/sessions/authenticate", srv.PublicToken(), "{}"); none.status != http.StatusUnauthorized || none.ErrorType != "unauthorized_credentials" {
		t.Errorf("no session: got %d %s", none.status, none.ErrorType)
	}
	byPassword := fromPage(t, srv, http.MethodPost, "/sdk/v1/b2b/passwords/authenticate", srv.PublicToken(), `{"organization_id":"`+member.OrganizationID+`","email_address":"ada@acme.example","password":"a long password","session_duration_minutes":30}`)
	if byPassword.status != http.StatusOK || byPassword.Data.Token == "" {
		t.Errorf("a password: got %d %s", byPassword.status, byPassword.ErrorType)
	}

	srv.Fail(stytchtest.Authenticate.SDK(), stytchtest.Fault{Status: 503, Times: 1})
	if failed := fromPage(t, srv, http.MethodPost, "/sdk/v1/b2b/sessions/authenticate", session.Token, "{}"); failed.status != http.StatusServiceUnavailable {
		t.Errorf("a fault: got %d, want 503", failed.status)
	}
	if out := fromPage(t, srv, http.MethodPost, "/sdk/v1/b2b/sessions/revoke", session.Token, ""); out.status != http.StatusOK {
		t.Errorf("revoke: got %d %s", out.status, out.ErrorType)
	}
	if over := fromPage(t, srv, http.MethodPost, "/sdk/v1/b2b/sessions/authenticate", session.Token, "{}"); over.ErrorType != "session_not_found" {
		t.Errorf("after that: got %d %s, want session_not_found", over.status, over.ErrorType)
	}
	if n := srv.Calls(stytchtest.Authenticate); n != 0 {
		t.Errorf("%d of the SDK's calls are counted as the API's", n)
	}
}

func TestTheBrowserSDKsEndpointsOfAConsumerProject(t *testing.T) {
	srv := stytchtest.Start(t, stytchtest.Options{BrowserSDK: true, Vertical: stytchtest.Consumer})
	if boot := fromPage(t, srv, http.MethodGet, "/sdk/v1/projects/bootstrap/"+srv.PublicToken(), srv.PublicToken(), ""); boot.Data.Vertical != "CONSUMER" || boot.Data.Policy == nil {
		t.Errorf("bootstrap: got %d and %+v, want a policy", boot.status, boot.Data)
	}
	session := srv.AddUser(stytchtest.User{Email: "ada@example.com"}).SignIn()
	fresh := fromPage(t, srv, http.MethodPost, "/sdk/v1/sessions/authenticate", session.Token, "{}")
	if fresh.status != http.StatusOK || fresh.Data.Session == nil || srv.Calls(stytchtest.Authenticate.SDK()) != 1 {
		t.Errorf("a session: got %d and %+v", fresh.status, fresh)
	}
}

func TestTheBrowserSDKsEndpointsAreOffUnlessAskedFor(t *testing.T) {
	srv := start(t)
	off := fromPage(t, srv, http.MethodPost, "/sdk/v1/b2b/sessions/authenticate", srv.AddMember(stytchtest.Member{}).SignIn().Token, "{}")
	if off.status != http.StatusUnauthorized || off.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("got %d and %v, want 401 and no CORS", off.status, off.header)
	}
}
