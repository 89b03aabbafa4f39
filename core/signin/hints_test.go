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

// What only shows between a browser and the server is said once, with what to write.
func TestAMistakeThatABrowserHidesIsSaidOnce(t *testing.T) {
	post := func(target, origin, site string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(url.Values{"email": {"alice@acme.example"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
		return r
	}
	for _, row := range []struct {
		name    string
		origin  string
		request func() *http.Request
		fault   string
		level   string
		says    []string
	}{
		{
			"the origin of production, used on this machine", "https://app.example.com",
			func() *http.Request {
				return post("http://localhost:8080/auth/magic-link", "http://localhost:8080", "same-origin")
			},
			"", "WARN", []string{"Config.Origin", "https://app.example.com", "http://localhost:8080"},
		},
		{
			"localhost, opened as 127.0.0.1, by a browser without Sec-Fetch-Site", "http://localhost:8080",
			func() *http.Request {
				return post("http://127.0.0.1:8080/auth/magic-link", "http://127.0.0.1:8080", "")
			},
			"", "WARN", []string{"Config.Origin", "http://localhost:8080", "http://127.0.0.1:8080"},
		},
		{
			"the page that asks is opened without the cookie that was just set", "",
			func() *http.Request {
				return httptest.NewRequest(http.MethodGet, "http://localhost:8080/auth/callback?for=abc", http.NoBody)
			},
			"", "WARN", []string{"without the cookie", "localhost:8080"},
		},
		{
			"a callback that the dashboard does not list", "http://localhost:8080",
			func() *http.Request {
				return post("http://localhost:8080/auth/magic-link", "http://localhost:8080", "same-origin")
			},
			"no_match_for_provided_magic_link_url", "ERROR", []string{"http://localhost:8080/auth/callback"},
		},
		{
			"a proxy with TLS that rewrites Host, and no origin", "",
			func() *http.Request {
				return post("http://127.0.0.1:3000/auth/magic-link", "https://app.example.com", "same-origin")
			},
			"", "WARN", []string{"Config.Origin", "https://app.example.com", "http://127.0.0.1:3000"},
		},
		{
			"mounted in a router below a path", "http://localhost:8080",
			func() *http.Request {
				return httptest.NewRequest(http.MethodGet, "http://localhost:8080/v1/auth/callback?token=x", http.NoBody)
			},
			"", "ERROR", []string{"Config.Prefix", "prefix=/auth", "below=/v1"},
		},
		{
			"a path that is nobody's", "http://localhost:8080",
			func() *http.Request {
				return httptest.NewRequest(http.MethodGet, "http://localhost:8080/auth/auth/nowhere", http.NoBody)
			},
			"", "", nil,
		},
		{
			"nothing is wrong", "http://localhost:8080",
			func() *http.Request {
				return post("http://localhost:8080/auth/magic-link", "http://localhost:8080", "same-origin")
			},
			"", "", nil,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, func(c *signin.Config) { c.Origin = row.origin })
			if row.fault != "" {
				w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: 400, ErrorType: row.fault})
			}
			for range 2 {
				w.handler.ServeHTTP(httptest.NewRecorder(), row.request())
			}
			said := linesOf(w.log, "WARN", "ERROR")
			if row.level == "" {
				if len(said) > 0 {
					t.Errorf("it says %v", said)
				}
				return
			}
			if len(said) != 1 || !strings.Contains(said[0], "level="+row.level) {
				t.Fatalf("it says %d lines, want one at %s:\n%s", len(said), row.level, w.log)
			}
			for _, want := range row.says {
				if !strings.Contains(said[0], want) {
					t.Errorf("%s\ndoes not say %q", said[0], want)
				}
			}
		})
	}
}

func TestAGuardInFrontOfSignInIsSaidOnce(t *testing.T) {
	w := newWorld(t)
	guard := w.auth.Require()
	for range 2 {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/auth/callback?token=x", http.NoBody)
		guard.Check(r.Context(), stytchkit.HTTPRequest{R: r})
	}
	guard.Check(t.Context(), stytchkit.HTTPRequest{R: httptest.NewRequest(http.MethodGet, "http://localhost/authors", http.NoBody)})
	said := linesOf(w.log, "ERROR")
	if len(said) != 1 || !strings.Contains(said[0], "/auth") || !strings.Contains(said[0], "Mount") {
		t.Errorf("it says %v", said)
	}
}

// linesOf are the lines of these levels.
func linesOf(log *logged, levels ...string) []string {
	var found []string
	for line := range strings.Lines(log.String()) {
		for _, level := range levels {
			if strings.Contains(line, "level="+level+" ") {
				found = append(found, strings.TrimSpace(line))
			}
		}
	}
	return found
}
