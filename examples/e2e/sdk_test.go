package e2e

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// TestBrowserSDK runs Stytch's own browser SDK in a page of one origin, beside an application of
// another on each framework: both use the same cookies.
func TestBrowserSDK(t *testing.T) {
	browser := startBrowser(t)
	script := build(t, filepath.Join("web", "pages", "sdk.js"))
	for _, framework := range apis() {
		t.Run(framework.name, func(t *testing.T) {
			for _, c := range []struct {
				name string
				run  func(*testing.T, *frontend)
			}{
				{"who signs in by the SDK is known to the application", sdkSignsIn},
				{"the application refreshes the cookies, and the SDK goes on", sdkGoesOn},
				{"signing out by the SDK", sdkSignsOut},
				{"signing out by the application is noticed by the SDK's next refresh", sdkNotices},
				{"a session that is revoked at Stytch is over on both sides", sdkRevoked},
				{"nobody is signed out while Stytch is down", sdkOutage},
				{"two tabs of the SDK agree, and with the application", sdkTabs},
				{"the SDK's refresh beside the application's", sdkRace},
			} {
				t.Run(c.name, func(t *testing.T) { c.run(t, newFrontend(t, &suite{browser: browser}, framework, script)) })
			}
		})
	}
}

// TestHooks holds the envelope of @stytch/react's hooks against the state that the application tells.
func TestHooks(t *testing.T) {
	browser := startBrowser(t)
	script := build(t, filepath.Join("web", "pages", "hooks.jsx"))
	for _, framework := range apis() {
		t.Run(framework.name, func(t *testing.T) {
			f := newFrontend(t, &suite{browser: browser}, framework, script)
			f.shows("ada@acme.example, from Stytch")
			if different := f.evaluate("await differences()"); different != "" {
				t.Errorf("signed in:\n%s", different)
			}
			f.reload()
			f.shows("ada@acme.example, from Stytch")
			id := f.member.ID
			if got, want := f.evaluate("JSON.stringify(renders.filter((r, i) => JSON.stringify(r) !== JSON.stringify(renders[i - 1])))"), `[[null,false,false],["`+id+`",true,true],["`+id+`",false,true]]`; got != want {
				t.Errorf("the hook gave %s, want %s", got, want)
			}
			f.evaluate("void await stytch.session.revoke()")
			f.shows("Nobody")
			if different := f.evaluate("await differences()"); different != "" {
				t.Errorf("signed out:\n%s", different)
			}
		})
	}
}

// frontend is a visitor of a page with the SDK, signed in by it.
type frontend struct {
	*visitor
	stytch *stytchtest.Server
	clock  *stytchtest.Clock
	member *stytchtest.Member
	path   string // of the page
}

const password = "a long password"

func newFrontend(t *testing.T, s *suite, framework api, script []byte) *frontend {
	t.Helper()
	f := &frontend{clock: stytchtest.NewClock(time.Now())}
	f.stytch = stytchtest.Start(t, stytchtest.Options{Clock: f.clock, BrowserSDK: true})
	f.member = f.stytch.AddMember(stytchtest.Member{Email: "ada@acme.example", Password: password})
	pages := http.NewServeMux()
	pages.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<!DOCTYPE html><link rel="icon" href="data:,"><p id="who"></p><script type="module" src="/sdk.js"></script>`))
	})
	pages.HandleFunc("/sdk.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(script)
	})
	site := httptest.NewServer(pages)
	t.Cleanup(site.Close)

	config := f.stytch.Config()
	config.Cookies.Owner = stytchkit.BrowserSDK
	config.TrustedOrigins = []string{site.URL}
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	backend := framework.start(t, auth, site.URL)

	f.path = "/?" + url.Values{"token": {f.stytch.PublicToken()}, "stytch": {f.stytch.URL()}, "api": {backend}}.Encode()
	f.visitor = s.visit(t, site.URL)
	for _, path := range []string{"/me", "/logout"} {
		f.console.tolerate(backend + path) // 401 and 503 are what some tests want
	}
	for _, endpoint := range []stytchtest.Endpoint{stytchtest.Authenticate.SDK(), stytchtest.Revoke.SDK(), stytchtest.Events} {
		_, path, _ := strings.Cut(string(endpoint), " ")
		f.console.tolerate(f.stytch.URL() + path)
	}
	f.open(f.path)
	f.shows("Nobody")
	f.evaluate("void await stytch.passwords.authenticate({ organization_id: '" + f.member.OrganizationID + "', email_address: 'ada@acme.example', password: '" + password + "', session_duration_minutes: 60 })")
	f.shows("ada@acme.example")
	return f
}

// answers holds what the application answers to the page, from its beginning on.
func (f *frontend) answers(path, want string) {
	f.t.Helper()
	if got := f.evaluate("await api('" + path + "')"); !strings.HasPrefix(got, want) {
		f.t.Errorf("GET %s: got %s, want %s", path, got, want)
	}
}

// refresh is what the SDK does every three minutes; empty when that succeeds.
func (f *frontend) refresh() (errorType string) {
	f.t.Helper()
	return f.evaluate("await stytch.session.authenticate().then(() => '', e => e.error_type ?? e.name)")
}

func sdkSignsIn(_ *testing.T, f *frontend) {
	f.answers("/me", "200 "+f.member.ID)
}

func sdkGoesOn(t *testing.T, f *frontend) {
	before := f.evaluate("jwt()")
	f.clock.Advance(10 * time.Minute) // the JWT lives for five
	f.answers("/me", "200 "+f.member.ID)
	after := f.evaluate("jwt()")
	if after == before || after == "undefined" {
		t.Error("the SDK does not read the refreshed JWT")
	}
	if failed := f.refresh(); failed != "" {
		t.Errorf("the SDK's refresh fails: %s", failed)
	}
	f.reload()
	f.shows("ada@acme.example")
	f.answers("/me", "200 "+f.member.ID)
}

func sdkSignsOut(t *testing.T, f *frontend) {
	presented := f.cookies("/")
	f.evaluate("void await stytch.session.revoke()")
	f.shows("Nobody")
	f.answers("/me", "401")
	if left := f.cookies("/"); len(left) != 0 {
		t.Errorf("cookies are left: %v", left)
	}
	f.clock.Advance(10 * time.Minute)
	for name, value := range presented { // as another device has them
		f.setCookie(network.SetCookieParams{Name: name, Value: value})
	}
	f.sees("Nobody")
	if got := f.evaluate("await api('/me')"); !strings.Contains(got, "session_ended") {
		t.Errorf("what the session's cookies get: %s", got)
	}
}

func sdkNotices(t *testing.T, f *frontend) {
	if got := f.evaluate("await api('/logout', 'POST')"); got != "204 " {
		t.Fatalf("POST /logout: %s", got)
	}
	if failed := f.refresh(); failed != "unauthorized_credentials" {
		t.Errorf("the SDK's refresh: %q", failed)
	}
	f.shows("Nobody")
	f.answers("/me", "401")
}

func sdkRevoked(t *testing.T, f *frontend) {
	revokeAt(t, f)
	f.clock.Advance(10 * time.Minute)
	if got := f.evaluate("await api('/me')"); !strings.HasPrefix(got, "401") || !strings.Contains(got, "session_ended") {
		t.Errorf("GET /me: %s", got)
	}
	_ = f.refresh()
	f.shows("Nobody")
}

func sdkOutage(t *testing.T, f *frontend) {
	before := f.cookies("/")
	f.stytch.Stop()
	f.clock.Advance(10 * time.Minute)
	f.answers("/me", "503")
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
	f.clock.Advance(time.Minute) // the circuit breaker's
	if failed := f.refresh(); failed != "" {
		t.Errorf("the SDK's refresh fails after the outage: %s", failed)
	}
	f.answers("/me", "200 "+f.member.ID)
}

func sdkTabs(_ *testing.T, f *frontend) {
	other := f.tab(f.path)
	other.shows("ada@acme.example")
	f.evaluate("void await stytch.session.revoke()")
	other.shows("Nobody")
	if got := other.evaluate("await api('/me')"); !strings.HasPrefix(got, "401") {
		f.t.Errorf("GET /me in the other tab: %s", got)
	}
}

func sdkRace(t *testing.T, f *frontend) {
	f.clock.Advance(10 * time.Minute)
	got := f.evaluate("(await Promise.all([api('/me'), stytch.session.authenticate().then(() => 'refreshed'), api('/me')])).join(', ')")
	if want := "200 " + f.member.ID; got != want+", refreshed, "+want {
		t.Errorf("both at once: %s", got)
	}
	f.answers("/me", "200 "+f.member.ID)
	f.sees("ada@acme.example")
}

// revokeAt ends the session at Stytch, as its dashboard does.
func revokeAt(t *testing.T, f *frontend) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.stytch.URL()+"/v1/b2b/sessions/revoke", strings.NewReader(`{"member_id":"`+f.member.ID+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(f.stytch.ProjectID(), f.stytch.Secret())
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("revoke: %d", res.StatusCode)
	}
}
