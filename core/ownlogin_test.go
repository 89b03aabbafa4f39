package stytchkit_test

import (
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// What an application answers without a guard is judged by the rules of guards.
func TestCrossOriginForTheApplicationsOwnForms(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.TrustedOrigins = []string{"https://app.example.com"} })
	for _, c := range []struct {
		method, origin, site string
		want                 bool
	}{
		{"POST", "", "", false},
		{"POST", "http://example.com", "", false},
		{"POST", "https://evil.example", "", true},
		{"POST", "null", "", true},
		{"POST", "https://evil.example", "cross-site", true},
		{"POST", "https://app.example.com", "same-site", false},
		{"POST", "", "same-origin", false},
		{"GET", "https://evil.example", "cross-site", false},
	} {
		r := request()
		r.Method = c.method
		for name, value := range map[string]string{"Origin": c.origin, "Sec-Fetch-Site": c.site} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		if got := w.auth.CrossOrigin(stytchkit.HTTPRequest{R: r}); got != c.want {
			t.Errorf("%+v: got %v", c, got)
		}
	}
}

// Behind a proxy that sends a Host of its own, an old browser's Origin is held against Config.Origin.
func TestAPageOfTheApplicationsOwnOriginIsItsOwn(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Origin = "https://App.example.com:443/app/" })
	for _, row := range []struct {
		name, host, origin, site string
		want                     bool
	}{
		{"its own origin", "10.0.0.7:8080", "https://app.example.com", "", false},
		{"in another case", "10.0.0.7:8080", "HTTPS://APP.example.com:443", "", false},
		{"over plain http", "10.0.0.7:8080", "http://app.example.com", "", true},
		{"another port", "10.0.0.7:8080", "https://app.example.com:8443", "", true},
		{"a subdomain", "10.0.0.7:8080", "https://x.app.example.com", "", true},
		{"with a path, as no browser sends it", "10.0.0.7:8080", "https://app.example.com/app", "", true},
		{"the request's own host", "10.0.0.7:8080", "http://10.0.0.7:8080", "", false},
		{"a hidden one", "10.0.0.7:8080", "null", "", true},
		{"where the browser knows better", "10.0.0.7:8080", "https://app.example.com", "cross-site", true},
	} {
		r := request()
		r.Method, r.Host = "POST", row.host
		r.Header.Set("Origin", row.origin)
		if row.site != "" {
			r.Header.Set("Sec-Fetch-Site", row.site)
		}
		if got := w.auth.CrossOrigin(stytchkit.HTTPRequest{R: r}); got != row.want {
			t.Errorf("%s: Host %q, Origin %q, Sec-Fetch-Site %q: cross-origin %v, want %v", row.name, row.host, row.origin, row.site, got, row.want)
		}
	}
}
