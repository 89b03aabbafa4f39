package e2e

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// longAgo is when a JWT was made that has expired.
const longAgo = 10 * time.Minute

// frontend is a visitor of a page with the SDK.
type frontend struct {
	*visitor
	stytch     *stytchtest.Server
	clock      *stytchtest.Clock  // Stytch's
	jwtAge     time.Duration      // once somebody has signed in
	member     *stytchtest.Member // nil in a consumer project
	subject    string             // the member's ID, or the user's
	byPassword string             // what signs them in
	api        string             // its URL
	path       string             // of the page
}

const commonDomain = "demo.localhost"

// newFrontend is a frontend whose API is the demo, on another host of one domain.
func (s *suite) newFrontend(t *testing.T, vertical stytchtest.Vertical, script []byte, jwtAge time.Duration) *frontend {
	t.Helper()
	f := newPerson(t, vertical, jwtAge)
	site := named(t, sdkSite(t, script), "app."+commonDomain)
	stytch := &process.Sandbox{URL: f.stytch.URL(), Project: f.stytch.ProjectID(), Secret: f.stytch.Secret(), PublicToken: f.stytch.PublicToken(), Vertical: "b2b"}
	if vertical == stytchtest.Consumer {
		stytch.Vertical = "consumer"
	}
	f.api = named(t, s.start(t, stytch, "STYTCH_COOKIES=browser-sdk", "COOKIE_DOMAIN="+commonDomain, "FRONTEND_ORIGIN="+site).URL, "api."+commonDomain)
	f.visitor = s.visit(t, site)
	f.begin("/api/me", "/api/logout")
	return f
}

// besideAPI is a frontend of an application in this process, on the same host.
func (s *suite) besideAPI(t *testing.T, framework api, vertical stytchtest.Vertical, script []byte) *frontend {
	t.Helper()
	f := newPerson(t, vertical, 0)
	site := sdkSite(t, script)
	config := f.stytch.Config()
	config.Cookies.Owner = stytchkit.BrowserSDK
	config.TrustedOrigins = []string{site}
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	f.api = framework.start(t, auth, site)
	f.visitor = s.visit(t, site)
	f.begin("/api/me")
	return f
}

// newPerson is whoever signs in, a member or a user, and Stytch.
func newPerson(t *testing.T, vertical stytchtest.Vertical, jwtAge time.Duration) *frontend {
	t.Helper()
	f := &frontend{clock: stytchtest.NewClock(time.Now().Add(-jwtAge)), jwtAge: jwtAge}
	f.stytch = stytchtest.Start(t, stytchtest.Options{Clock: f.clock, BrowserSDK: true, Vertical: vertical})
	f.addPerson()
	return f
}

// addPerson adds the member that signs in, or the user.
func (f *frontend) addPerson() {
	const address, password = "ada@acme.example", "a long password"
	if f.stytch.Vertical() == stytchtest.Consumer {
		f.subject = f.stytch.AddUser(stytchtest.User{Email: address, Password: password}).ID
		f.byPassword = "stytch.passwords.authenticate({ email: '" + address + "', password: '" + password + "', session_duration_minutes: 60 })"
		return
	}
	f.member = f.stytch.AddMember(stytchtest.Member{Email: address, Password: password})
	f.subject = f.member.ID
	f.byPassword = "stytch.passwords.authenticate({ organization_id: '" + f.member.OrganizationID + "', email_address: '" + address + "', password: '" + password + "', session_duration_minutes: 60 })"
}

// begin opens the page, and tolerates the refusals that tests want.
func (f *frontend) begin(refusing ...string) {
	f.t.Helper()
	f.path = "/?" + url.Values{"public": {f.stytch.PublicToken()}, "stytch": {f.stytch.URL()}, "api": {f.api}}.Encode()
	for _, path := range refusing {
		f.console.tolerate(f.api + path)
	}
	for _, endpoint := range []stytchtest.Endpoint{stytchtest.Authenticate.SDK(), stytchtest.Revoke.SDK(), stytchtest.Events} {
		_, path, _ := strings.Cut(string(endpoint), " ")
		f.console.tolerate(f.stytch.URL() + path)
		f.console.tolerate(f.stytch.URL() + strings.Replace(path, "/b2b", "", 1))
	}
	f.open(f.path)
	f.shows("Nobody")
}

// sdkSite is the host of a page with the SDK.
func sdkSite(t *testing.T, script []byte) string {
	t.Helper()
	pages := http.NewServeMux()
	pages.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<!DOCTYPE html><link rel="icon" href="data:,"><p id="who"></p><script type="module" src="/sdk.js"></script>`))
	})
	pages.HandleFunc("/sdk.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(script)
	})
	return serve(t, pages)
}

// signIn signs the member in by the SDK.
func (f *frontend) signIn() {
	f.t.Helper()
	f.evaluate("void await " + f.byPassword)
	f.shows("ada@acme.example")
	f.clock.Advance(f.jwtAge)
}

// answers holds what the API answers to the page, from its beginning on.
func (f *frontend) answers(path, want string) {
	f.t.Helper()
	if got := f.evaluate("await api('" + path + "')"); !strings.HasPrefix(got, want) {
		f.t.Errorf("GET %s: got %s, want %s", path, got, want)
	}
}

// another signs somebody else in, elsewhere.
func (f *frontend) another(address string) *stytchtest.Session {
	if f.member == nil {
		return f.stytch.AddUser(stytchtest.User{Email: address}).SignIn()
	}
	return f.stytch.AddMember(stytchtest.Member{Email: address}).SignIn()
}

// isKnown holds that the API knows the member.
func (f *frontend) isKnown() {
	f.t.Helper()
	if got := f.evaluate("await api('/api/me')"); !strings.HasPrefix(got, "200 ") || !strings.Contains(got, f.subject) {
		f.t.Errorf("GET /api/me: got %s, want %s", got, f.subject)
	}
}

// refresh is what the SDK does every three minutes; empty when that succeeds.
func (f *frontend) refresh() (errorType string) {
	f.t.Helper()
	return f.evaluate("await stytch.session.authenticate().then(() => '', e => e.error_type ?? e.name)")
}
