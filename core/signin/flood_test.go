package signin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Whatever cookies a request brings, its answer deletes a few.
func TestThousandsOfCookiesAreNotAnsweredOneByOne(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	b := w.browser()
	b.posts("/auth/magic-link", "email", "alice@acme.example").goes(t, "/auth/magic-link")
	var all []string
	for _, c := range b.jar.Cookies(must(http.NewRequest(http.MethodGet, w.app.URL+"/auth/callback", nil)).URL) {
		for i := range 2990 { // net/http reads no more than 3,000
			all = append(all, fmt.Sprintf("stytchkit_flow_%010d=%s", i, c.Value))
		}
	}
	for _, name := range []string{"token", "pending", "reset", "code"} {
		all = append(all, "stytchkit_"+name+"=abcdefgh")
	}
	for _, c := range []struct{ method, target, body string }{
		{"POST", "/auth/magic-link", "email=alice@acme.example"},
		{"POST", "/auth/logout", "x=1"},
		{"GET", "/auth/callback?stytch_token_type=discovery&token=abcdefghijklmnop", ""},
	} {
		r := must(http.NewRequest(c.method, w.app.URL+c.target, strings.NewReader(c.body)))
		r.Header.Set("Cookie", strings.Join(all, "; "))
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		got := w.browser().send(r)
		gone := 0
		for _, line := range got.Header.Values("Set-Cookie") {
			if strings.Contains(line, "Max-Age=0") {
				gone++
			}
		}
		if got.StatusCode != http.StatusSeeOther || gone > 16 {
			t.Errorf("%s %s: got %d and %d deletions, want 303 and at most 16", c.method, c.target, got.StatusCode, gone)
		}
	}
}

// A flood of one kind writes a line, not one a request; a minute later, another one.
func TestAFloodWritesALineAMinute(t *testing.T) {
	for _, c := range []struct {
		name, method, target string
		form                 []string
		fault                stytchtest.Fault
		quiet                int // requests before the first line
	}{
		{name: "magic links in an outage", method: "POST", target: "/auth/magic-link", form: []string{"email", "a@b.example"}, fault: stytchtest.Fault{Status: 500}},
		{name: "magic links that Stytch rations", method: "POST", target: "/auth/magic-link", form: []string{"email", "a@b.example"}, fault: stytchtest.Fault{Status: 429, ErrorType: "too_many_requests"}},
		{name: "magic links of a wrong redirect URL", method: "POST", target: "/auth/magic-link", form: []string{"email", "a@b.example"}, fault: stytchtest.Fault{Status: 400, ErrorType: "no_login_redirect_url"}},
		{name: "sign-outs in an outage", method: "POST", target: "/auth/logout", form: []string{"x", "1"}, fault: stytchtest.Fault{Status: 500}},
		{name: "passwords tried too often", method: "POST", target: "/auth/password", form: []string{"email", "a@b.example", "password", "x", "organization", "acme"}, quiet: 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if c.fault != (stytchtest.Fault{}) {
				w.stytch.Fail(stytchtest.All, c.fault)
			}
			flood := func() int {
				before := w.loud()
				for i := range 30 {
					b := w.browser()
					cookie := fmt.Sprintf("Cookie: stytch_session=%044d", i)
					if c.method == http.MethodGet {
						b.gets(c.target, cookie)
						continue
					}
					form := formOf(c.form...)
					if c.quiet == 0 {
						form.Set("email", fmt.Sprintf("a%d@b.example", i))
					}
					b.does(c.method, c.target, form, cookie)
				}
				return w.loud() - before
			}
			if n := flood(); n != 1 {
				t.Errorf("30 requests wrote %d lines, want 1", n)
			}
			w.clock.Advance(time.Minute)
			if n := flood(); n != 1 || !strings.Contains(w.log.String(), fmt.Sprintf("left_out=%d", 29-c.quiet)) {
				t.Errorf("a minute later 30 requests wrote %d lines, want 1 that says how many were left out", n)
			}
		})
	}
}

// loud is how many lines of this package's were written at INFO and above.
func (w *world) loud() int {
	n := 0
	for line := range strings.Lines(w.log.String()) {
		if strings.Contains(line, "signin: ") && !strings.Contains(line, "level=DEBUG") {
			n++
		}
	}
	return n
}
