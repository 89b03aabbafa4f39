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
