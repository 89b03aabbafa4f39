package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"

	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// startSandbox starts a stand-in for Stytch as a process of its own, until the test ends.
func (s *suite) startSandbox(t *testing.T) *process.Sandbox {
	t.Helper()
	stytch, err := process.StartSandbox(context.WithoutCancel(t.Context()), s.dir, filepath.Join(t.TempDir(), "state"), &process.Journal{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stytch.Kill)
	return stytch
}

// mint gives the visitor the cookies of a new session, with the fields of the sandbox's POST /sessions.
func (v *visitor) mint(stytch *process.Sandbox, fields ...string) {
	v.t.Helper()
	cookies, err := stytch.Ask(v.t.Context(), http.MethodPost, "/sessions", append(fields, "format=cookie")...)
	if err != nil {
		v.t.Fatal(err)
	}
	for pair := range strings.SplitSeq(strings.TrimSpace(cookies), "; ") {
		name, value, _ := strings.Cut(pair, "=")
		v.setCookie(network.SetCookieParams{Name: name, Value: value})
	}
}

// revoke ends a session by Stytch's API.
func revoke(t *testing.T, stytch *process.Sandbox, token string) {
	t.Helper()
	call(t, stytch, "/v1/b2b/sessions/revoke", map[string]string{"session_token": token})
}

// invite mails an invitation to the organization acme, as Stytch's dashboard does.
func invite(t *testing.T, stytch *process.Sandbox, email, redirect string) {
	t.Helper()
	call(t, stytch, "/v1/b2b/magic_links/email/invite", map[string]string{
		"organization_id": "acme", "email_address": email, "invite_redirect_url": redirect,
	})
}

func call(t *testing.T, stytch *process.Sandbox, endpoint string, fields map[string]string) {
	t.Helper()
	body, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, stytch.URL+endpoint, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(stytch.Project, stytch.Secret)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("POST %s answers %d", endpoint, res.StatusCode)
	}
}

// named is a URL of the demo under another name of this machine. Chromium resolves every name under
// localhost to a loopback address itself.
func named(t *testing.T, base, host string) string {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = host + ":" + u.Port()
	return u.String()
}
