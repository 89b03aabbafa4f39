package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// sdkEndedDomain has cookies of each host alone, from before they were the common domain's.
func sdkEndedDomain(t *testing.T, f *frontend) {
	before := f.member.SignIn()
	before.End()
	sdkBesideOld(t, f, before)
}

func sdkLivingDomain(t *testing.T, f *frontend) { sdkBesideOld(t, f, f.member.SignIn()) }

func sdkBesideOld(t *testing.T, f *frontend, before *stytchtest.Session) {
	for _, c := range before.Cookies() {
		for _, host := range []string{f.base, f.api} {
			f.setCookie(network.SetCookieParams{URL: host, Name: c.Name, Value: c.Value})
		}
	}
	f.isKnown()
	_ = f.refresh() // of the one or the other: the SDK takes what it reads first
	f.reload()
	if f.evaluate("String(stytch.session.getTokens() === null)") == "true" {
		f.shows("Nobody")
	}
	f.evaluate("void await stytch.session.revoke().catch(() => {})")
	f.signIn()
	f.isKnown()
	if failed := f.refresh(); failed != "" {
		t.Errorf("the SDK's refresh fails: %s", failed)
	}
	f.reload()
	f.shows("ada@acme.example")
	f.isKnown()
}

// sdkOthers has cookies of two others on the API's host: of that host alone, and of it as a domain. The
// page's sign-out is the way out; what the SDK signs in then is known.
func sdkOthers(t *testing.T, f *frontend) {
	f.console.tolerate(f.api + "/api/session")
	for address, domain := range map[string]string{"bob@acme.example": "", "cleo@acme.example": "api." + commonDomain} {
		for _, c := range f.another(address).Cookies() {
			f.setCookie(network.SetCookieParams{URL: f.api, Domain: domain, Name: c.Name, Value: c.Value})
		}
	}
	for _, path := range []string{"/api/me", "/api/session"} {
		if got := f.evaluate("await api('" + path + "')"); !strings.HasPrefix(got, "400") || !strings.Contains(got, `"code":"invalid_request"`) || !strings.Contains(got, "Sign out") {
			t.Errorf("GET %s: got %s, want what is wrong, and what helps", path, got)
		}
	}
	if got := f.evaluate("await api('/api/logout', 'POST')"); got != "204 " {
		t.Fatalf("POST /api/logout: %s", got)
	}
	f.answers("/api/me", `401 {"type":"urn:stytchkit:session_missing"`) // of no cookie is anything left
	if failed := f.refresh(); failed == "" {
		t.Error("the SDK goes on with a session that is over")
	}
	f.shows("Nobody")
	f.signIn()
	f.isKnown()
	f.reload()
	f.shows("ada@acme.example")
	f.isKnown()
}
