package signin_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// A login with an identity provider comes back to the host and the path where it began.
func TestAProvidersLoginComesBackToItsHostAndPath(t *testing.T) {
	h := tenantsHandler(t)
	get := func(target string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, target, http.NoBody)
		r.Host = "acme.example.com"
		r.Header.Set("Accept", "text/html")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for target, slug := range map[string]string{"/auth/oauth/google": "acme", "/auth/sso": "acme", "/auth/sso?organization=globex": "globex"} {
		to, err := url.Parse(get(target).Header().Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		if q := to.Query(); q.Get("login_redirect_url") != "https://acme.example.com/app/auth/callback" || q.Get("slug") != slug {
			t.Errorf("GET %s leads to %s", target, to)
		}
	}
	page := get("/auth/oauth/google", "Sec-Fetch-Site", "same-site", "Referer", "https://globex.example.com/")
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), `href="/app/auth/oauth/google"`) {
		t.Errorf("another organization's page begins a login: got %d and %s", page.Code, page.Body)
	}
	if policy := page.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https://*.example.com;") {
		t.Errorf("forms may lead to %s", policy)
	}
	if h.ClientURL() == "" || !strings.HasPrefix(h.ClientURL(), "/app/auth/client.") {
		t.Errorf("the browser's module is at %s", h.ClientURL())
	}
}

// A client at a host that is no organization's is told so, whatever it asks for.
func TestAClientAtAHostileHost(t *testing.T) {
	h := tenantsHandler(t)
	for _, path := range []string{"/auth/session", "/auth/step-up", "/auth/nothing"} {
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		r.Host = "evil.example"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		body := w.Body.String()
		if w.Code != http.StatusMisdirectedRequest || !strings.Contains(body, `"host_unknown"`) || strings.Contains(body, "evil") {
			t.Errorf("GET %s: got %d %s", path, w.Code, body)
		}
		if err := theAPI().holds(r, nil, w.Result(), w.Body.Bytes()); err != nil {
			t.Error(err)
		}
	}
}

// tenantsHandler is the handler of an application whose organizations have hosts of their own, under a path.
func tenantsHandler(t *testing.T) *signin.Handler {
	t.Helper()
	srv := stytchtest.Start(t, stytchtest.Options{Key: signingKey()})
	cfg := srv.Config()
	cfg.Origin, cfg.LoginURL = "https://*.example.com/app", "/login"
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	h, err := signin.New(auth, signin.Config{PublicToken: srv.PublicToken()})
	if err != nil {
		t.Fatal(err)
	}
	return h
}
