package signin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// logins is how many calls were made that use a token up.
func (w *world) logins() int {
	sum := 0
	for _, e := range []stytchtest.Endpoint{
		stytchtest.AuthenticateMagicLink, stytchtest.AuthenticateDiscovery, stytchtest.AuthenticateOAuth,
		stytchtest.AuthenticateDiscoveryOAuth, stytchtest.AuthenticateSSO, stytchtest.AuthenticateImpersonation,
	} {
		sum += w.stytch.Calls(e)
	}
	return sum
}

// Not even with a login of the same kind under way in the victim's browser.
func TestAPendingLoginDoesNotLetAForeignLinkIn(t *testing.T) {
	w := newWorld(t)
	attacker := w.member("attacker@acme.example")
	w.member("victim@acme.example")
	victim := w.browser()
	victim.posts("/auth/magic-link", "email", "victim@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	victim.gets(w.foreignLink(attacker)).asksFirst(t)
	other := w.browser()
	other.posts("/auth/magic-link", "email", "attacker@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	victim.gets(w.link()).goes(t, "/login?reason=other_browser")
	if got := victim.whoami(); got != "" {
		t.Errorf("the victim is signed in as %s", got)
	}
	other.gets(w.link()).goes(t, "/") // and it was not used up
}

// If Stytch did not mind a verifier that no challenge asked for, the organization still decides.
func TestALoginThatBeganForOneOrganizationDoesNotEndInAnother(t *testing.T) {
	w := newWorld(t)
	w.member("victim@acme.example")
	evil := w.member("attacker@acme.example", "evil")
	victim := w.browser()
	victim.posts("/auth/magic-link", "email", "victim@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	session := evil.SignIn()
	w.stytch.Fail(stytchtest.AuthenticateMagicLink, stytchtest.Fault{Times: 1, Body: fmt.Sprintf(
		`{"status_code":200,"member_id":%q,"member_authenticated":true,"session_token":%q,"session_jwt":%q,
		"organization":{"organization_id":%q,"organization_slug":"evil"},
		"member_session":{"member_session_id":%q,"expires_at":%q}}`,
		evil.ID, session.Token, session.JWT(), evil.OrganizationID, session.ID, w.clock.Now().Add(time.Hour).Format(time.RFC3339))})
	got := victim.gets("/auth/callback?stytch_token_type=multi_tenant_magic_links&token=abcdefghijklmnop")
	got.goes(t, "/login?reason=link_invalid")
	if who := victim.whoami(); who != "" {
		t.Errorf("the victim is signed in as %s", who)
	}
	if n := w.stytch.Calls(stytchtest.Revoke); n != 1 {
		t.Errorf("the session that nobody got was revoked %d times, want once", n)
	}
}

func TestNothingIsUsedUpBeforeThePageIsReallyOpened(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	b := w.browser()
	b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	w.stytch.ResetCalls()
	for _, header := range []string{"Sec-Purpose: prefetch", "Sec-Purpose: prefetch;prerender", "Purpose: prefetch", "X-Moz: prefetch", "X-Purpose: preview"} {
		got := b.gets(w.link(), header)
		if got.StatusCode != http.StatusServiceUnavailable || len(got.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: got %d with cookies %q", header, got.StatusCode, got.Header.Values("Set-Cookie"))
		}
	}
	if got := b.does(http.MethodHead, w.link(), nil); got.StatusCode != http.StatusNoContent || len(got.Header.Values("Set-Cookie")) > 0 {
		t.Errorf("HEAD: got %d with cookies %q", got.StatusCode, got.Header.Values("Set-Cookie"))
	}
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Fatalf("%d calls to Stytch", n)
	}
	b.gets(w.link()).goes(t, "/")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
}

func TestEachRefusalOfStytchsHasAReason(t *testing.T) {
	for errorType, want := range map[string]string{
		"unable_to_auth_magic_link":          "/login?reason=link_used&return_to=%2Fx",
		"magic_link_not_found":               "/login?reason=link_used&return_to=%2Fx",
		"oauth_token_not_found":              "/login?reason=link_used&return_to=%2Fx",
		"sso_token_not_found":                "/login?reason=link_used&return_to=%2Fx",
		"unable_to_auth_impersonation_token": "/login?reason=link_used&return_to=%2Fx",
		"pkce_mismatch":                      "/login?reason=other_browser",
		"pkce_expected_code_verifier":        "/login?reason=other_browser&return_to=%2Fx",
		"pkce_did_not_expect_code_verifier":  "", // it began elsewhere: the page asks
		"intermediate_session_not_found":     "/login?reason=login_expired&return_to=%2Fx",
		"organization_not_found":             "/login?reason=not_allowed&return_to=%2Fx",
		"member_not_found":                   "/login?reason=not_allowed&return_to=%2Fx",
		"email_jit_provisioning_not_allowed": "/login?reason=not_allowed&return_to=%2Fx",
		"invalid_email_for_jit_provisioning": "/login?reason=not_allowed&return_to=%2Fx",
		"something_new":                      "/login?reason=not_allowed&return_to=%2Fx",
		"session_not_found":                  "/login?reason=session_ended&return_to=%2Fx",
	} {
		t.Run(errorType, func(t *testing.T) {
			w := newWorld(t)
			w.member("alice@acme.example")
			b := w.browser()
			b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme", "return_to", "/x").goes(t, "/auth/magic-link")
			w.stytch.Fail(stytchtest.AuthenticateMagicLink, stytchtest.Fault{Status: 400, ErrorType: errorType})
			got := b.gets(w.link())
			if want == "" {
				got.asksFirst(t)
				return
			}
			got.goes(t, want)
			u, err := url.Parse(want)
			if err != nil {
				t.Fatal(err)
			}
			if reason := u.Query().Get("reason"); reason != "" && signin.Message(reason) == "" {
				t.Errorf("there is no message for %s", reason)
			}
			if got := b.whoami(); got != "" {
				t.Errorf("signed in as %s", got)
			}
		})
	}
}

func TestWhatIsNoTokenIsRefusedWithoutACall(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	for _, query := range []string{
		"stytch_token_type=unknown&token=abcdefghijklmnop",
		"stytch_token_type=discovery",
		"token=abcdefghijklmnop",
		"stytch_token_type=discovery&token=short",
		"stytch_token_type=discovery&token=" + strings.Repeat("a", 1025),
		"stytch_token_type=discovery&token=abcdefgh%0d%0aijkl",
		"stytch_token_type=discovery&token=abcdefgh%3Bijklmnop",
		"stytch_token_type=discovery&token=%22abcdefghijkl%22",
		"stytch_token_type=Discovery&token=abcdefghijklmnop",
		"stytch_token_type=discovery%00&token=abcdefghijklmnop",
	} {
		got := b.gets("/auth/callback?" + query)
		got.goes(t, "/login?reason=link_invalid")
	}
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}
	if got := b.cookies(); len(got) > 0 {
		t.Errorf("the browser keeps %q", got)
	}
}
