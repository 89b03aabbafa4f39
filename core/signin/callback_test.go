package signin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
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

// A link that did not begin in this browser signs nobody in by being opened.
func TestAForeignLinkIsUsedOnlyAfterTheFormWasSent(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	link := w.foreignLink(alice)
	for range 3 { // a mail scanner, which keeps no cookies
		w.browser().gets(link).goes(t, "/auth/callback")
		w.browser().gets("/auth/callback").goes(t, "/login?reason=link_invalid")
	}
	b := w.browser()
	arrived := b.gets(link)
	arrived.goes(t, "/auth/callback")
	if strings.Contains(arrived.location(), "token") {
		t.Errorf("a token in the URL: %s", arrived.location())
	}
	b.gets("/auth/callback").says(t, 200, `<form method="post" action="/auth/callback">`)
	b.gets("/auth/callback").says(t, 200, "Finish signing in")
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Fatalf("opening the link made %d calls to Stytch", n)
	}
	b.posts("/auth/callback").goes(t, "/")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
	b.posts("/auth/callback").goes(t, "/login?reason=link_invalid")
}

func TestAnotherOriginCannotSendTheForm(t *testing.T) {
	w := newWorld(t)
	attacker := w.member("attacker@acme.example")
	victim := w.browser()
	victim.gets(w.foreignLink(attacker), "Sec-Fetch-Site: cross-site").goes(t, "/auth/callback")
	for _, headers := range [][]string{
		{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"},
		{"Sec-Fetch-Site: same-site", "Origin: https://evil.example"},
		{"Sec-Fetch-Site: ", "Origin: https://evil.example"},
		{"Sec-Fetch-Site: ", "Origin: null"},
		{"Sec-Fetch-Site: cross-site", "Origin: "},
	} {
		for _, target := range []string{"/auth/callback", "/auth/magic-link", "/auth/organizations", "/auth/switch", "/auth/logout"} {
			got := victim.does(http.MethodPost, target, url.Values{"email": {"a@b.c"}, "organization": {"acme"}, "organization_id": {"acme"}}, headers...)
			got.says(t, 403, "Cross-origin request refused")
			if set := got.Header.Values("Set-Cookie"); len(set) > 0 {
				t.Errorf("%s with %q set %q", target, headers, set)
			}
		}
	}
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls to Stytch", n)
	}
	if got := victim.whoami(); got != "" {
		t.Errorf("the victim is signed in as %s", got)
	}
	// A client that is no browser sends neither header.
	got := victim.does(http.MethodPost, "/auth/callback", url.Values{}, "Sec-Fetch-Site: ", "Origin: ", "Sec-Fetch-Mode: ")
	got.goes(t, "/")
}

// Not even with a login of the same kind under way in the victim's browser.
func TestAPendingLoginDoesNotLetAForeignLinkIn(t *testing.T) {
	w := newWorld(t)
	attacker := w.member("attacker@acme.example")
	w.member("victim@acme.example")
	victim := w.browser()
	victim.posts("/auth/magic-link", "email", "victim@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	victim.gets(w.foreignLink(attacker)).goes(t, "/auth/callback")
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

func TestSeveralLoginsMayBeUnderWayInOneBrowser(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	b := w.browser()
	var links []string
	for i := range 6 {
		b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme", "return_to", fmt.Sprintf("/%d", i)).goes(t, "/auth/magic-link")
		links = append(links, w.link())
		w.clock.Advance(time.Second)
	}
	if got := b.cookies(); len(got) != 4 {
		t.Errorf("%d logins under way: %q, want the latest 4", len(got), got)
	}
	b.gets(links[0]).goes(t, "/login?reason=other_browser")
	b.gets(links[1]).goes(t, "/login?reason=other_browser")
	for _, i := range []int{2, 5, 3, 4} {
		b.gets(links[i]).goes(t, fmt.Sprintf("/%d", i))
	}
	for _, name := range b.cookies() {
		if strings.Contains(name, "stytchkit") {
			t.Errorf("%s is left", name)
		}
	}
}

func TestLongReturnsDoNotFillTheBrowsersCookieHeader(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	long := "/" + strings.Repeat("a", 2000)
	for i := range 5 {
		b.posts("/auth/magic-link", "email", "alice@acme.example", "return_to", long+fmt.Sprint(i)).goes(t, "/auth/magic-link")
		w.clock.Advance(time.Second)
		u, _ := url.Parse(w.app.URL + "/auth/callback")
		size := 0
		for _, c := range b.jar.Cookies(u) {
			size += len(c.Value)
		}
		if size > 3<<10 {
			t.Fatalf("after %d logins the browser keeps %d bytes", i+1, size)
		}
	}
	b.gets(w.link()).goes(t, "/auth/organizations")
}

func TestALoginUnderWayEndsAfterAnHour(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	b := w.browser()
	b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	w.clock.Advance(61 * time.Minute)
	b.gets(w.link()).goes(t, "/auth/callback") // as a foreign one: nothing was asked
	if n := w.logins(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestAnOutageLosesNothing(t *testing.T) {
	for _, fault := range []stytchtest.Fault{{Status: 500}, {NotJSON: true}, {Reset: true}, {Status: 429, RetryAfter: 7 * time.Second}, {Status: 503}} {
		t.Run(fmt.Sprintf("%+v", fault), func(t *testing.T) {
			w := newWorld(t)
			alice := w.member("alice@acme.example")
			b := w.browser()
			status := 503
			if fault.Status == 429 {
				status = 429
			}
			check := func(got reply, reloads bool) {
				t.Helper()
				got.says(t, status, "<h1>")
				if strings.Contains(got.body, `href="">Try again`) != reloads { // a link sends no form again
					t.Errorf("a link to try again is wanted: %t\n%s", reloads, got.body)
				}
				if set := got.Header.Values("Set-Cookie"); len(set) > 0 {
					t.Errorf("cookies were set: %q", set)
				}
				after := got.Header.Get("Retry-After")
				if after == "" || fault.RetryAfter > 0 && !slices.Contains([]string{"7", "8", "9", "10", "11"}, after) {
					t.Errorf("Retry-After is %q", after)
				}
				if policy := got.Header.Get("Referrer-Policy"); policy != "strict-origin" {
					t.Errorf("the page at a URL with a token has Referrer-Policy %q", policy)
				}
			}
			b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme", "return_to", "/x").goes(t, "/auth/magic-link")
			w.stytch.Fail(stytchtest.All, fault)
			check(b.gets(w.link()), true)
			check(b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme"), false)
			w.stytch.Recover()
			b.gets(w.link()).goes(t, "/x")

			foreign := w.foreignLink(alice)
			b = w.browser()
			b.gets(foreign).goes(t, "/auth/callback")
			w.stytch.Fail(stytchtest.All, fault)
			check(b.posts("/auth/callback"), false)
			w.stytch.Recover()
			b.posts("/auth/callback").goes(t, "/")

			b.posts("/auth/switch", "organization", alice.OrganizationID).goes(t, "/")
			w.stytch.Fail(stytchtest.All, fault)
			check(b.posts("/auth/switch", "organization", alice.OrganizationID), false)
			w.stytch.Recover()
			if got := b.whoami(); got != alice.ID {
				t.Errorf("signed in as %q, want %s", got, alice.ID)
			}
		})
	}
}

func TestTheProjectsOwnFaultsAreTheOperators(t *testing.T) {
	for _, fault := range []stytchtest.Fault{{Status: 401, ErrorType: "unauthorized_credentials"}, {Status: 400, ErrorType: "no_login_redirect_url"}} {
		w := newWorld(t)
		b := w.browser()
		w.stytch.Fail(stytchtest.All, fault)
		b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme").says(t, 500, "misconfigured")
		if !strings.Contains(w.log.String(), "level=ERROR") {
			t.Errorf("%s was not logged as an error", fault.ErrorType)
		}
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
		"pkce_did_not_expect_code_verifier":  "/auth/callback",
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
			b.gets(w.link()).goes(t, want)
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

func TestAUsedLinkLeadsBackToTheLoginPage(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	b := w.browser()
	link := w.foreignLink(alice)
	b.gets(link).goes(t, "/auth/callback")
	b.posts("/auth/callback").goes(t, "/")
	b = w.browser()
	b.gets(link).goes(t, "/auth/callback")
	b.posts("/auth/callback").goes(t, "/login?reason=link_used")
	if got := b.cookies(); len(got) > 0 {
		t.Errorf("the browser keeps %q", got)
	}
}

func TestALinkOfAnotherDeviceSaysSo(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	w.browser().posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	phone := w.browser()
	phone.gets(w.link()).goes(t, "/auth/callback")
	phone.posts("/auth/callback").goes(t, "/login?reason=other_browser")
}

func TestImpersonation(t *testing.T) {
	w := newWorld(t)
	alice := w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", MFA: true})
	b := w.browser()
	b.gets(strings.TrimPrefix(alice.Impersonate("support@stytchkit.example", w.app.URL+"/auth/callback"), w.app.URL)).goes(t, "/auth/callback")
	b.posts("/auth/callback").goes(t, "/")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
}

func TestAPasswordResetIsHandedOver(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop").goes(t, "/new-password")
	if _, ok := w.handler.PasswordResetToken(w.browser().at("/new-password")); ok {
		t.Error("a token without a cookie")
	}
	if token, ok := w.handler.PasswordResetToken(b.at("/new-password")); !ok || token != "abcdefghijklmnop" {
		t.Errorf("the token is %q, %v", token, ok)
	}
	b.gets("/auth/callback").goes(t, "/login?reason=link_invalid") // nothing to confirm
	b.posts("/auth/callback").goes(t, "/login?reason=link_invalid")
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}

	none := newWorld(t, func(c *signin.Config) { c.PasswordResetURL = "" })
	none.browser().gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop").goes(t, "/login?reason=link_invalid")
}
