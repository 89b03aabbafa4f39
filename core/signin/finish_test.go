package signin_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// A session that no cookie can store signs nobody in, and does not stay behind at Stytch.
func TestASessionThatCannotBeStoredIsRevoked(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	session := alice.SignIn()
	b := w.browser()
	page := b.opens(w.foreignLink(alice))
	w.stytch.ResetCalls()
	w.stytch.Fail(stytchtest.AuthenticateMagicLink, stytchtest.Fault{Times: 1, Body: fmt.Sprintf(
		`{"status_code":200,"member_id":%q,"member_authenticated":true,"session_token":%q,"session_jwt":%q,
		"organization":{"organization_id":%q,"organization_slug":"acme"},
		"member_session":{"member_session_id":%q,"expires_at":%q}}`,
		alice.ID, session.Token, session.JWT(), alice.OrganizationID, session.ID, w.clock.Now().Add(-time.Minute).Format(time.RFC3339))})
	got := b.posts(page)
	got.says(t, http.StatusServiceUnavailable, "Try again shortly")
	if set := got.Cookies(); len(set) > 0 {
		t.Errorf("cookies %v", set)
	}
	if n := w.stytch.Calls(stytchtest.Revoke); n != 1 {
		t.Errorf("%d revocations, want 1", n)
	}
	if who := b.whoami(); who != "" {
		t.Errorf("signed in as %s", who)
	}
}

// Beginning a login leaves alone what another step still needs.
func TestBeginningALoginKeepsTheOtherCookies(t *testing.T) {
	w := newWorld(t)
	b := w.discovered("alice@acme.example", "/x")
	b.gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop")
	b.gets(w.foreignLink(w.member("alice@acme.example"))).asksFirst(t)
	for range 6 {
		got := b.posts("/auth/magic-link", "email", "alice@acme.example")
		for _, c := range got.Cookies() {
			if !strings.HasPrefix(c.Name, "stytchkit_flow_") {
				t.Errorf("a login that begins sets %v", c)
			}
		}
		w.clock.Advance(time.Minute)
	}
	held := strings.Join(b.cookies(), " ")
	for _, name := range []string{"stytchkit_pending", "stytchkit_reset", "stytchkit_token", "stytch_intermediate_session_token"} {
		if !strings.Contains(held, name) {
			t.Errorf("%s is gone: %s", name, held)
		}
	}
}

// The application's address unknown is said once, and nothing begins.
func TestWithoutAnOriginThereIsOneAnswer(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ method, target, body string }{
		{http.MethodGet, "/auth/sso?organization=acme", ""},
		{http.MethodGet, "/auth/oauth/google", ""},
		{http.MethodPost, "/auth/magic-link", `{"email":"a@b.example"}`},
	} {
		r := must(http.NewRequest(c.method, w.app.URL+c.target, strings.NewReader(c.body)))
		r.Host = "app.example.com"
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/json")
		got := w.browser().send(r)
		d := json.NewDecoder(strings.NewReader(got.body))
		var problem struct{ Code string }
		err := d.Decode(&problem)
		if _, more := d.Token(); err != nil || more != io.EOF || problem.Code != "origin_unknown" || got.StatusCode != 500 || len(got.Cookies()) > 0 {
			t.Errorf("%s: got %d, cookies %v, %v\n%s", c.target, got.StatusCode, got.Cookies(), err, got.body)
		}
	}
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// A confirmed link whose member needs a second factor is used up.
func TestAConfirmedLinkWithMFALeavesNoToken(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	page := b.opens(w.foreignLink(w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", MFA: true})))
	b.posts(page).goes(t, "/mfa")
	if held := strings.Join(b.cookies(), " "); strings.Contains(held, "stytchkit_token") {
		t.Errorf("the browser keeps %s", held)
	}
}

// An intermediate session beside the token costs a second call only where Stytch refuses that one.
func TestAnOutageWithAnIntermediateSessionCostsOneCall(t *testing.T) {
	w := newWorld(t)
	b := w.discovered("alice@acme.example", "")
	page := b.opens(w.foreignLink(w.member("alice@acme.example")))
	w.stytch.ResetCalls()
	w.stytch.Fail(stytchtest.AuthenticateMagicLink, stytchtest.Fault{Status: 500, Times: 1})
	b.posts(page).says(t, 503, "Try again shortly")
	if n := w.logins(); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

// Half of what Stytch sends is no link, also where a page asks about another one.
func TestHalfALinkIsNone(t *testing.T) {
	w := newWorld(t, func(c *signin.Config) { c.AfterLogin = "/home" })
	b := w.browser()
	b.opens(w.foreignLink(w.member("alice@acme.example")))
	b.gets("/auth/callback?token=abcdefghijklmnop").goes(t, "/login?reason=link_invalid")
	b.gets("/auth/callback?stytch_token_type=sso").goes(t, "/login?reason=link_invalid")
}

// Contradicting credentials are answered as every guard answers them.
func TestTheSessionOfContradictingCredentials(t *testing.T) {
	w := newWorld(t)
	r := must(http.NewRequest(http.MethodGet, w.app.URL+"/auth/session", nil))
	r.Header["Authorization"] = []string{"Bearer a", "Bearer b"}
	w.browser().send(r).says(t, 400, "invalid_request")
}
