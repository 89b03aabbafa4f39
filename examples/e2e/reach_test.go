package e2e

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// TestReach is about where browsers reach a demo. One framework will do: what the kit and the demo decide
// about it is theirs, and held on all of them elsewhere.
func TestReach(t *testing.T) {
	dir := t.TempDir()
	if err := process.Build(t.Context(), dir, "gin"); err != nil {
		t.Fatal(err)
	}
	s := &suite{browser: startBrowser(t), dir: dir, demo: "gin"}
	for _, c := range []testCase{
		{"below a path that a proxy strips", s.belowPath},
		{"each organization on a host of its own", s.tenantsApart},
		{"each organization on a host of its own, with the cookies of all", s.tenantsTogether},
	} {
		t.Run(c.name, c.run)
	}
}

// behind starts the demo behind a proxy that strips a path and hands Host on. PORT in origin is the proxy's.
func (s *suite) behind(t *testing.T, origin, strip string, env ...string) (reached string) {
	t.Helper()
	proxy := httptest.NewUnstartedServer(nil)
	t.Cleanup(proxy.Close)
	_, port, err := net.SplitHostPort(proxy.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	reached = strings.ReplaceAll(origin, "PORT", port)
	target, err := url.Parse(s.start(t, nil, append(env, "ORIGIN="+reached)...).URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy.Config.Handler = http.StripPrefix(strip, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}})
	proxy.Start()
	return reached
}

// on is the host of an organization.
func on(origin, organization string) string { return strings.Replace(origin, "*", organization, 1) }

func (s *suite) belowPath(t *testing.T) {
	v := s.visit(t, s.behind(t, "http://localhost:PORT/app", "/app"))
	v.open("/profile?tab=2")
	v.at("/login?reason=session_missing&return_to=%2Fapp%2Fprofile%3Ftab%3D2", "Sign in to see that page")
	v.askForLink("sam@both.example", "")
	v.press("Open the sandbox’s mailbox")
	v.press("Open the link sent to sam@both.example")
	v.at("/auth/organizations", "Acme", "Globex")
	v.press("Go on to Acme")
	v.at("/profile?tab=2", "Your Profile")
	v.shows(`"isInitialized": true`)
	v.press("Switch organization")
	v.press("Go on to Globex")
	v.at("/profile", "globex")
	other := v.tab("/seed")
	other.leads("/login?return_to=%2Fapp%2Fseed", func() { v.press("Sign out") })
	v.at("/", "You are not signed in")
	if left := v.cookies("/auth/callback"); len(left) > 0 {
		t.Errorf("signing out leaves the cookies %v", left)
	}
}

func (s *suite) tenantsApart(t *testing.T) {
	origin := s.behind(t, "http://*.localhost:PORT", "")
	v := s.visit(t, on(origin, "acme"))
	v.open("/profile")
	v.at("/login?reason=session_missing&return_to=%2Fprofile")
	v.askForLink("sam@both.example", "")
	v.press("Open the sandbox’s mailbox")
	v.press("Open the link sent to sam@both.example")
	v.at("/profile", "Your Profile", "acme")
	v.press("Switch organization")
	v.press("Go on to Globex")
	v.base = on(origin, "globex")
	v.at("/login?return_to=%2Fprofile", "Sign in")
	v.askForLink("sam@both.example", "")
	v.press("Open the sandbox’s mailbox")
	v.press("Open the link sent to sam@both.example")
	v.at("/profile", "Your Profile", "globex")
	v.press("Sign out")
	v.base = on(origin, "acme")
	v.open("/profile")
	v.at("/profile", "acme")
}

func (s *suite) tenantsTogether(t *testing.T) {
	origin := s.behind(t, "http://*.app.localhost:PORT", "", "COOKIE_DOMAIN=app.localhost")
	v := s.visit(t, on(origin, "acme"))
	v.open("/login")
	v.askForLink("sam@both.example", "")
	v.press("Open the sandbox’s mailbox")
	v.press("Open the link sent to sam@both.example")
	v.at("/profile", "Your Profile", "acme")
	v.press("Switch organization")
	v.press("Go on to Globex")
	v.base = on(origin, "globex")
	v.at("/profile", "Your Profile", "globex")
	v.press("Sign out")
	v.base = on(origin, "acme")
	v.open("/")
	v.sees("You are not signed in")
}
