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

// beside is what happens beside the SDK, and how long the person's JWT has been there: it lives for
// five minutes.
type beside struct {
	name   string
	jwtAge time.Duration
	run    func(*testing.T, *frontend)
}

// besideSDK has the demo be the API of a frontend, on another host of one domain, whose pages sign
// members in with Stytch's own browser SDK: both use the same cookies.
func (s *suite) besideSDK(t *testing.T) {
	s.playBeside(t, stytchtest.B2B, "sdk.js", append(besideEither(),
		beside{"cookies of a session that ended before the domain was changed", longAgo, sdkEndedDomain},
		beside{"cookies of a session that lived on when the domain was changed", longAgo, sdkLivingDomain},
		beside{"signing in by magic link", 0, sdkMagicLink},
		beside{"signing in by discovery", 0, sdkDiscovery},
	))
}

// besideUserSDK is the same in a consumer project.
func (s *suite) besideUserSDK(t *testing.T) {
	s.playBeside(t, stytchtest.Consumer, "sdk_user.js", append(besideEither(),
		beside{"signing in by magic link", 0, userMagicLink},
	))
}

// besideEither is what happens beside the SDK of either kind of project.
func besideEither() []beside {
	return []beside{
		{"who signs in by the SDK is known to the API", 0, sdkSignsIn},
		{"the API refreshes the cookies, and the SDK goes on", longAgo, sdkGoesOn},
		{"signing out by the SDK", longAgo, sdkSignsOut},
		{"the SDK notices at its next refresh that the API has signed out", 0, sdkNotices},
		{"a session that is revoked at Stytch is over on both sides", longAgo, sdkRevoked},
		{"nobody is signed out while Stytch is down", longAgo, sdkOutage},
		{"two tabs of the SDK agree, and with the API", 0, sdkTabs},
		{"the SDK's refresh beside the API's", longAgo, sdkRace},
		{"living sessions of others, left from before the domain was changed", 0, sdkOthers},
	}
}

func (s *suite) playBeside(t *testing.T, vertical stytchtest.Vertical, page string, cases []beside) {
	t.Helper()
	script := build(t, filepath.Join("web", "pages", page))
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := s.newFrontend(t, vertical, script, c.jwtAge)
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
	answer := `200 {"` + f.subject[:3]
	if want := answer + ", refreshed, " + answer; got != want {
		t.Errorf("both at once: got %s, want %s", got, want)
	}
	f.isKnown()
	f.sees("ada@acme.example")
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
