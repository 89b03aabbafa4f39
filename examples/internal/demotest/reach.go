package demotest

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// front is a proxy before the example, which hands Host on.
func (s suite) front(t *testing.T, origin, strip string) (b *browser, address string) {
	t.Helper()
	proxy := httptest.NewUnstartedServer(nil)
	t.Cleanup(proxy.Close)
	address = proxy.Listener.Addr().String()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	app := s.newApp(t, nil, strings.ReplaceAll(origin, "PORT", port))
	b = s.open(t, app, app.Config())
	behind, err := url.Parse(b.base)
	if err != nil {
		t.Fatal(err)
	}
	proxy.Config.Handler = http.StripPrefix(strip, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(behind)
		r.Out.Host = r.In.Host
	}})
	proxy.Start()
	return b, address
}

// leading are the places that a page leads to, or loads.
var leading = regexp.MustCompile(`(?:href|action|formaction|src)="([^"]*)"`)

// belowPath: every page leads to pages below the path.
func (s suite) belowPath(t *testing.T) {
	b, address := s.front(t, "http://127.0.0.1:PORT/app", "/app")
	b.base = "http://" + address + "/app"
	pages := []string{"/", "/login", "/seed", "/sandbox", "/auth/password", "/auth/email-code", "/nothing"}
	look := func(who string) {
		for _, path := range pages {
			page := b.visit(path)
			for _, found := range leading.FindAllStringSubmatch(page.body, -1) {
				if to := found[1]; strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/app/") {
					t.Errorf("%s, as %s, leads to %s", page.request, who, to)
				}
			}
		}
	}
	look("nobody")
	b.visit("/profile?tab=2").leadsTo(t, "/app/login?reason=session_missing&return_to=%2Fapp%2Fprofile%3Ftab%3D2")
	b.submit("/sandbox/sign-in", url.Values{"member": {s.reader}}).leadsTo(t, "/app/profile")
	b.visit("/profile").expect(t, http.StatusOK, `action="/app/auth/logout"`)
	pages = append(pages, "/profile")
	look("a member")
	b.submit("/sandbox/action", url.Values{"action": {"reset-calls"}}).leadsTo(t, "/app/sandbox")
	b.submit("/auth/logout", nil).leadsTo(t, "/app/")
}

// tenants: the host says which organization somebody signs in to.
func (s suite) tenants(t *testing.T) {
	b, address := s.front(t, "http://*.localhost:PORT", "")
	_, port, _ := net.SplitHostPort(address)
	b.client.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) { //nolint:forcetypeassert // newBrowser's own
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	b.base = "http://acme.localhost:" + port
	b.submit("/auth/magic-link", url.Values{"email": {"sam@both.example"}}).leadsTo(t, "/auth/magic-link")
	link := b.app.Sandbox.Mail()[0].Link
	if !strings.HasPrefix(link, b.base+"/auth/callback?") {
		t.Fatalf("the link leads to %s", link)
	}
	b.visit(strings.TrimPrefix(link, b.base)).leadsTo(t, "/profile")
	b.get("/api/orgs/acme/documents").expect(t, http.StatusOK)
	eve, err := b.app.Sandbox.Find("eve@globex.example")
	if err != nil {
		t.Fatal(err)
	}
	b.submit("/auth/organizations", url.Values{"organization_id": {eve.OrganizationID}, "return_to": {"/profile"}}).
		leadsTo(t, "http://globex.localhost:"+port+"/login?return_to=%2Fprofile")
	b.base = "http://evil.example"
	b.submit("/auth/magic-link", url.Values{"email": {"sam@both.example"}}).expect(t, http.StatusMisdirectedRequest)
}
