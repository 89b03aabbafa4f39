package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

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
