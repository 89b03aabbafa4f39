package stytchkit_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

func lines(cookies []*http.Cookie) []string {
	var out []string
	for _, c := range cookies {
		out = append(out, c.String())
	}
	return out
}

func TestIntermediateCookies(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Cookies.LegacyDomains = []string{"old.example"} })
	token := strings.Repeat("i", 44)
	r := stytchkit.HTTPRequest{R: request()}
	got, err := w.auth.IntermediateCookies(r, token)
	want := []string{
		"stytch_intermediate_session_token=; Path=/; Domain=old.example; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax",
		"stytch_intermediate_session_token=" + token + "; Path=/; Expires=Mon, 23 Nov 2026 12:10:00 GMT; HttpOnly; Secure; SameSite=Lax",
	}
	if err != nil || !slices.Equal(lines(got), want) {
		t.Errorf("got %q (%v), want %q", lines(got), err, want)
	}
	want[1] = "stytch_intermediate_session_token=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
	if got := lines(w.auth.ClearIntermediateCookies(r)); !slices.Equal(got, want) {
		t.Errorf("clearing sets %q, want %q", got, want)
	}
	for _, bad := range []string{"", "a;b", "a\r\nb", strings.Repeat("a", 513)} {
		if _, err := w.auth.IntermediateCookies(r, bad); err == nil || bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("%.20q: got %v", bad, err)
		}
	}
	theirs := w.authenticator(func(c *stytchkit.Config) { c.Cookies.Owner = stytchkit.StytchDomain })
	if _, err := theirs.IntermediateCookies(r, token); err == nil {
		t.Error("a cookie of Stytch's own was written")
	}
}

func TestIntermediateSession(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Cookies.Intermediate = "ist" })
	good := strings.Repeat("i", 44)
	for header, want := range map[string]string{
		"ist=" + good:                               good,
		"a=b; ist=" + good + "; c=d":                good,
		`ist="` + good + `"`:                        good,
		"ist=short; ist=" + good:                    good, // leftovers of another path
		"ist=" + good + "; ist=" + good:             good,
		"ist=" + strings.Repeat("a", 513):           "",
		"ist=" + good + "\\":                        "",
		"IST=" + good:                               "",
		"stytch_intermediate_session_token=" + good: "",
		"": "",
	} {
		got, err := w.auth.IntermediateSession(stytchkit.HTTPRequest{R: request(header)})
		if got != want || err != nil {
			t.Errorf("%q: got %q, %v, want %q", header, got, err, want)
		}
	}
	evil := strings.Repeat("e", 44)
	for _, header := range []string{
		"ist=" + good + "; ist=" + evil,
		"ist=" + evil + "; ist=" + good,
		"ist=" + evil + "; ist=a; ist=b; ist=c; ist=d; ist=e; ist=" + good, // whatever stands between
	} {
		if got, err := w.auth.IntermediateSession(stytchkit.HTTPRequest{R: request(header)}); got != "" || !errors.Is(err, stytchkit.ErrIntermediateAmbiguous) {
			t.Errorf("%q: got %q, %v, want ErrIntermediateAmbiguous", header, got, err)
		}
	}
}
