package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// besideSDK has the demo be the API of a frontend, on another host of one domain, whose pages sign
// members in with Stytch's own browser SDK: both use the same cookies.
func (s *suite) besideSDK(t *testing.T) {
	script := build(t, filepath.Join("web", "pages", "sdk.js"))
	for _, c := range []struct {
		name   string
		jwtAge time.Duration // the JWT lives for five minutes
		run    func(*testing.T, *frontend)
	}{
		{"who signs in by the SDK is known to the API", 0, sdkSignsIn},
		{"the API refreshes the cookies, and the SDK goes on", longAgo, sdkGoesOn},
		{"signing out by the SDK", longAgo, sdkSignsOut},
		{"the SDK notices at its next refresh that the API has signed out", 0, sdkNotices},
		{"a session that is revoked at Stytch is over on both sides", longAgo, sdkRevoked},
		{"nobody is signed out while Stytch is down", longAgo, sdkOutage},
		{"two tabs of the SDK agree, and with the API", 0, sdkTabs},
		{"the SDK's refresh beside the API's", longAgo, sdkRace},
		{"cookies of a session that ended before the domain was changed", longAgo, sdkEndedDomain},
		{"cookies of a session that lived on when the domain was changed", longAgo, sdkLivingDomain},
		{"signing in by magic link", 0, sdkMagicLink},
		{"signing in by discovery", 0, sdkDiscovery},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := s.newFrontend(t, script, c.jwtAge)
			f.signIn()
			c.run(t, f)
		})
	}
}

func sdkSignsIn(_ *testing.T, f *frontend) {
	f.isKnown()
}

func sdkGoesOn(t *testing.T, f *frontend) {
	before := f.evaluate("jwt()")
	f.isKnown()
	after := f.evaluate("jwt()")
	if after == before || after == "undefined" {
		t.Error("the SDK does not read the refreshed JWT")
	}
	if failed := f.refresh(); failed != "" {
		t.Errorf("the SDK's refresh fails: %s", failed)
	}
	f.reload()
	f.shows("ada@acme.example")
	f.isKnown()
}

func sdkSignsOut(t *testing.T, f *frontend) {
	presented := f.sent("/")
	f.evaluate("void await stytch.session.revoke()")
	f.shows("Nobody")
	f.answers("/api/me", "401")
	if left := f.cookies("/"); len(left) != 0 {
		t.Errorf("cookies are left: %v", left)
	}
	for _, c := range presented { // as another device has them
		again := network.SetCookieParams{Name: c.Name, Value: c.Value}
		if strings.HasPrefix(c.Domain, ".") {
			again.Domain = c.Domain
		}
		f.setCookie(again)
	}
	f.sees("Nobody")
	if got := f.evaluate("await api('/api/me')"); !strings.Contains(got, "session_ended") {
		t.Errorf("what the session's cookies get: %s", got)
	}
}

func sdkNotices(t *testing.T, f *frontend) {
	if got := f.evaluate("await api('/api/logout', 'POST')"); got != "204 " {
		t.Fatalf("POST /api/logout: %s", got)
	}
	if failed := f.refresh(); failed != "unauthorized_credentials" {
		t.Errorf("the SDK's refresh: %q", failed)
	}
	f.shows("Nobody")
	f.answers("/api/me", "401")
}

func sdkRevoked(t *testing.T, f *frontend) {
	revokeAt(t, f)
	if got := f.evaluate("await api('/api/me')"); !strings.HasPrefix(got, "401") || !strings.Contains(got, "session_ended") {
		t.Errorf("GET /api/me: %s", got)
	}
	_ = f.refresh()
	f.shows("Nobody")
}

func sdkOutage(t *testing.T, f *frontend) {
	before := f.cookies("/")
	f.stytch.Stop()
	f.answers("/api/me", "503")
	if failed := f.refresh(); failed == "" {
		t.Error("the SDK refreshes while Stytch is down")
	}
	f.sees("ada@acme.example")
	if after := f.cookies("/"); after["stytch_session"] != before["stytch_session"] {
		t.Errorf("the cookies are %v, then %v", before, after)
	}
	if err := f.stytch.Restart(); err != nil {
		t.Fatal(err)
	}
	if failed := f.refresh(); failed != "" {
		t.Errorf("the SDK's refresh fails after the outage: %s", failed)
	}
	f.isKnown()
}

func sdkTabs(_ *testing.T, f *frontend) {
	other := f.tab(f.path)
	other.shows("ada@acme.example")
	other.evaluate("void await stytch.session.authenticate()") // its own first refresh is over then
	f.evaluate("void await stytch.session.revoke()")
	other.shows("Nobody")
	if got := other.evaluate("await api('/api/me')"); !strings.HasPrefix(got, "401") {
		f.t.Errorf("GET /api/me in the other tab: %s", got)
	}
}

func sdkRace(t *testing.T, f *frontend) {
	got := f.evaluate("(await Promise.all([api('/api/me'), stytch.session.authenticate().then(() => 'refreshed'), api('/api/me')])).map((r) => r.slice(0, 9)).join(', ')")
	if want := `200 {"mem, refreshed, 200 {"mem`; got != want {
		t.Errorf("both at once: got %s, want %s", got, want)
	}
	f.isKnown()
	f.sees("ada@acme.example")
}

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

// sdkMagicLink signs another member in by what Stytch mails them.
func sdkMagicLink(_ *testing.T, f *frontend) {
	f.evaluate("void await stytch.session.revoke()")
	f.shows("Nobody")
	f.subject = f.stytch.AddMember(stytchtest.Member{Email: "bob@acme.example"}).ID
	f.evaluate("void await stytch.magicLinks.email.loginOrSignup({ organization_id: '" + f.member.OrganizationID + "', email_address: 'bob@acme.example', login_redirect_url: location.href, signup_redirect_url: location.href })")
	f.openMail()
	f.evaluate("void await stytch.magicLinks.authenticate({ magic_links_token: query.get('token'), session_duration_minutes: 60 })")
	f.shows("bob@acme.example")
	f.isKnown()
}

// sdkDiscovery signs another member in by one of the organizations that they are found in.
func sdkDiscovery(t *testing.T, f *frontend) {
	f.evaluate("void await stytch.session.revoke()")
	f.shows("Nobody")
	f.subject = f.stytch.AddMember(stytchtest.Member{Email: "bob@acme.example"}).ID
	f.evaluate("void await stytch.magicLinks.email.discovery.send({ email_address: 'bob@acme.example', discovery_redirect_url: location.href })")
	f.openMail()
	found := f.evaluate("(await stytch.magicLinks.discovery.authenticate({ discovery_magic_links_token: query.get('token') })).discovered_organizations.map((d) => d.organization.organization_id).join()")
	if found != f.member.OrganizationID {
		t.Fatalf("discovered %q, want %s", found, f.member.OrganizationID)
	}
	f.evaluate("void await stytch.discovery.intermediateSessions.exchange({ organization_id: '" + found + "', session_duration_minutes: 60 })")
	f.shows("bob@acme.example")
	f.isKnown()
}

// openMail opens the link that was mailed last.
func (f *frontend) openMail() {
	f.t.Helper()
	mail := f.stytch.Mail()
	if len(mail) == 0 {
		f.t.Fatal("nothing was mailed")
	}
	f.open(strings.TrimPrefix(mail[len(mail)-1].Link, f.base))
}

// revokeAt ends the session at Stytch, as its dashboard does.
func revokeAt(t *testing.T, f *frontend) {
	t.Helper()
	endpoint := "/v1/b2b/sessions/revoke"
	if f.member == nil {
		endpoint = "/v1/sessions/revoke"
	}
	stytch := &process.Sandbox{URL: f.stytch.URL(), Project: f.stytch.ProjectID(), Secret: f.stytch.Secret()}
	call(t, stytch, endpoint, map[string]string{"session_token": f.cookies("/")["stytch_session"]})
}
