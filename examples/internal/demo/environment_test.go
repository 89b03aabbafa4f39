package demo

import (
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

func TestWhoseTheCookiesAre(t *testing.T) {
	for _, row := range []struct {
		cookies, frontend string
		owner             stytchkit.CookieOwner
		complaint         string
	}{
		{"", "", stytchkit.Backend, ""},
		{"backend", "", stytchkit.Backend, ""},
		{"browser-sdk", "https://app.example.com", stytchkit.BrowserSDK, ""},
		{"stytch-domain", "https://app.example.com", stytchkit.StytchDomain, ""},
		{"browser-sdk", "", stytchkit.BrowserSDK, ""},
		{"", "https://app.example.com", 0, "STYTCH_COOKIES is not browser-sdk"},
		{"mine", "", 0, "want backend, browser-sdk or stytch-domain"},
	} {
		t.Setenv("STYTCH_COOKIES", row.cookies)
		t.Setenv("FRONTEND_ORIGIN", row.frontend)
		e, err := readEnvironment()
		switch {
		case row.complaint == "" && (err != nil || e.Cookies.Owner != row.owner || e.Frontend != row.frontend):
			t.Errorf("%q and %q: got %v, %q and %v, want %v", row.cookies, row.frontend, e.Cookies.Owner, e.Frontend, err, row.owner)
		case row.complaint != "" && (err == nil || !strings.Contains(err.Error(), row.complaint)):
			t.Errorf("%q and %q: got %v, want a complaint that %s", row.cookies, row.frontend, err, row.complaint)
		}
	}
}
