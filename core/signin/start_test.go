package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// followed begins at a start URL, visits Stytch, and is where it sends the browser back to.
func (b *browser) followed(start string) string {
	b.w.t.Helper()
	away := b.gets(start)
	if away.StatusCode != http.StatusSeeOther || !strings.HasPrefix(away.location(), b.w.stytch.URL()+"/v1/") {
		b.w.t.Fatalf("%s: got %d to %q\n%s", start, away.StatusCode, away.location(), away.body)
	}
	res, err := http.DefaultTransport.RoundTrip(must(http.NewRequest(http.MethodGet, away.location(), nil)))
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer res.Body.Close()
	back := res.Header.Get("Location")
	if !strings.HasPrefix(back, b.w.app.URL+"/auth/callback?") {
		b.w.t.Fatalf("%s leads to %d %q", away.location(), res.StatusCode, back)
	}
	return back
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func TestOAuthAndSSO(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	w.stytch.SetProviderUser("alice@acme.example")
	connection := w.stytch.AddConnection(stytchtest.Connection{Organization: "acme"})
	for _, start := range []string{
		"/auth/oauth/google?organization=acme&return_to=/x",
		"/auth/oauth/microsoft?return_to=/x&organization=" + alice.OrganizationID,
		"/auth/oauth/github?organization=acme&return_to=%2Fx",
		"/auth/sso?return_to=/x&connection_id=" + connection.ID,
		"/auth/sso?return_to=/x&organization=" + alice.OrganizationID,
		"/auth/sso?return_to=/x&organization=acme",
	} {
		t.Run(start, func(t *testing.T) {
			b := w.browser()
			b.gets(b.followed(start), "Sec-Fetch-Site: cross-site").goes(t, "/x")
			if got := b.whoami(); got != alice.ID {
				t.Errorf("signed in as %q, want %s", got, alice.ID)
			}
		})
	}
}

func TestOAuthByDiscovery(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	w.stytch.SetProviderUser("alice@acme.example")
	b := w.browser()
	b.gets(b.followed("/auth/oauth/google?return_to=/x")).goes(t, "/auth/organizations")
	b.posts("/auth/organizations", "organization_id", alice.OrganizationID).goes(t, "/x")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
}

func TestALoginThatTheIdentityProviderBeganAsksFirst(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	connection := w.stytch.AddConnection(stytchtest.Connection{Organization: "acme"})
	b := w.browser()
	page := b.opens(strings.TrimPrefix(connection.Link("alice@acme.example", w.app.URL+"/auth/callback"), w.app.URL))
	if n := w.logins(); n != 0 {
		t.Fatalf("%d calls before anybody confirmed", n)
	}
	b.posts(page).goes(t, "/")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
}

// A page of another site could begin a login with an identity provider that signs the browser in
// as whom it likes.
func TestAnotherSitesPageCannotBeginALogin(t *testing.T) {
	w := newWorld(t)
	for _, site := range []string{"cross-site", "same-site"} {
		b := w.browser()
		got := b.gets("/auth/sso?organization=acme&return_to=/x", "Sec-Fetch-Site: "+site, "Referer: https://evil.example/")
		got.says(t, 200, `href="/auth/sso?organization=acme&amp;return_to=%2Fx"`)
		if got := b.cookies(); len(got) > 0 {
			t.Errorf("%s: a login has begun: %q", site, got)
		}
	}
	for _, site := range []string{"same-origin", "none", ""} {
		got := w.browser().gets("/auth/sso?organization=acme", "Sec-Fetch-Site: "+site)
		if got.StatusCode != http.StatusSeeOther {
			t.Errorf("Sec-Fetch-Site %q: got %d", site, got.StatusCode)
		}
	}
	trusted := w.browser().gets("/auth/sso?organization=acme", "Sec-Fetch-Site: same-site", "Referer: https://www.example.com/login")
	if trusted.StatusCode != http.StatusSeeOther {
		t.Errorf("a page of a trusted origin: got %d", trusted.StatusCode)
	}
	for _, header := range []string{"Sec-Purpose: prefetch", "X-Moz: prefetch"} {
		b := w.browser()
		if got := b.gets("/auth/sso?organization=acme", header); got.StatusCode != 503 || len(b.cookies()) > 0 {
			t.Errorf("%s: got %d, and cookies %q", header, got.StatusCode, b.cookies())
		}
	}
}

func TestStartURLs(t *testing.T) {
	w := newWorld(t, func(c *signin.Config) { c.Providers = []string{"google"}; c.Origin = "https://App.example.com" })
	for start, want := range map[string]string{
		"/auth/oauth/google":                                      "/v1/b2b/public/oauth/google/discovery/start?discovery_redirect_url=https%3A%2F%2Fapp.example.com%2Fauth%2Fcallback&",
		"/auth/oauth/google?organization=acme":                    "/v1/b2b/public/oauth/google/start?login_redirect_url=https%3A%2F%2Fapp.example.com%2Fauth%2Fcallback&",
		"/auth/oauth/google?organization=organization-test-1":     "/v1/b2b/public/oauth/google/start?login_redirect_url=https%3A%2F%2Fapp.example.com%2Fauth%2Fcallback&organization_id=organization-test-1&",
		"/auth/sso?connection_id=saml-connection-1":               "/v1/public/sso/start?connection_id=saml-connection-1&login_redirect_url=",
		"/auth/sso?organization=acme&return_to=//evil.example":    "/v1/public/sso/start?login_redirect_url=https%3A%2F%2Fapp.example.com%2Fauth%2Fcallback&",
		"/auth/oauth/google?organization=a&public_token=attacker": "/v1/b2b/public/oauth/google/start?login_redirect_url=",
	} {
		got := w.browser().gets(start)
		u, err := url.Parse(got.location())
		if err != nil || !strings.HasPrefix(got.location(), w.stytch.URL()+want) {
			t.Errorf("%s leads to %q, want %s%s…", start, got.location(), w.stytch.URL(), want)
			continue
		}
		query := u.Query()
		if query["public_token"][0] != w.stytch.PublicToken() || len(query["public_token"]) != 1 || len(query.Get("pkce_code_challenge")) != 43 {
			t.Errorf("%s leads to %s", start, got.location())
		}
	}
	for start, status := range map[string]int{
		"/auth/oauth/github":                     404, // not allowed here
		"/auth/oauth/":                           404,
		"/auth/oauth":                            404,
		"/auth/oauth/google/start":               404,
		"/auth/oauth/..%2fsso":                   404,
		"/auth/oauth/google?organization=a%2Fb":  400,
		"/auth/oauth/google?organization=a%26b":  400,
		"/auth/sso":                              400,
		"/auth/sso?connection_id=a%26b":          400,
		"/auth/sso?connection_id=a&organization": 303,
	} {
		if got := w.browser().gets(start); got.StatusCode != status {
			t.Errorf("%s: got %d, want %d", start, got.StatusCode, status)
		}
	}
	none := newWorld(t, func(c *signin.Config) { c.PublicToken = "" })
	for _, start := range []string{"/auth/oauth/google", "/auth/sso?organization=acme"} {
		none.browser().gets(start).says(t, 404, "Not found")
	}
}

// The Host header is anybody's.
func TestNoRedirectURLIsMadeOfAHostHeader(t *testing.T) {
	w := newWorld(t)
	for _, target := range []string{"/auth/oauth/google", "/auth/magic-link"} {
		r := must(http.NewRequest(http.MethodGet, w.app.URL+target, nil))
		if target == "/auth/magic-link" {
			r = must(http.NewRequest(http.MethodPost, w.app.URL+target, strings.NewReader("email=a@b.example")))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		r.Header.Set("Accept", "text/html")
		r.Host = "evil.example"
		r.Header.Set("X-Forwarded-Host", "127.0.0.1")
		w.browser().send(r).says(t, 500, "misconfigured")
	}
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}
	if !strings.Contains(w.log.String(), "Config.Origin") {
		t.Errorf("the log does not say what to set:\n%s", w.log)
	}
}
