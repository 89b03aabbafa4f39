package signin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAnOutageLosesNothing(t *testing.T) {
	for _, fault := range []stytchtest.Fault{{Status: 500}, {NotJSON: true}, {Reset: true}, {Status: 429, RetryAfter: 7 * time.Second}, {Status: 503}} {
		t.Run(fmt.Sprintf("%+v", fault), func(t *testing.T) {
			w := newWorld(t)
			alice := w.member("alice@acme.example")
			b := w.browser()
			status := 503
			if fault.Status == 429 {
				status = 429
			}
			check := func(got reply, reloads bool) {
				t.Helper()
				got.says(t, status, "<h1>")
				if strings.Contains(got.body, `href="">Try again`) != reloads { // a link sends no form again
					t.Errorf("a link to try again is wanted: %t\n%s", reloads, got.body)
				}
				if set := got.Header.Values("Set-Cookie"); len(set) > 0 {
					t.Errorf("cookies were set: %q", set)
				}
				after := got.Header.Get("Retry-After")
				if after == "" || fault.RetryAfter > 0 && !slices.Contains([]string{"7", "8", "9", "10", "11"}, after) {
					t.Errorf("Retry-After is %q", after)
				}
				if policy := got.Header.Get("Referrer-Policy"); policy != "strict-origin" {
					t.Errorf("the page at a URL with a token has Referrer-Policy %q", policy)
				}
			}
			b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme", "return_to", "/x").goes(t, "/auth/magic-link")
			w.stytch.Fail(stytchtest.All, fault)
			check(b.gets(w.link()), true)
			check(b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme"), false)
			w.stytch.Recover()
			b.gets(w.link()).goes(t, "/x")

			foreign := w.foreignLink(alice)
			b = w.browser()
			page := b.opens(foreign)
			w.stytch.Fail(stytchtest.All, fault)
			check(b.posts(page), false)
			w.stytch.Recover()
			b.posts(page).goes(t, "/")

			b.posts("/auth/switch", "organization", alice.OrganizationID).goes(t, "/")
			w.stytch.Fail(stytchtest.All, fault)
			check(b.posts("/auth/switch", "organization", alice.OrganizationID), false)
			w.stytch.Recover()
			if got := b.whoami(); got != alice.ID {
				t.Errorf("signed in as %q, want %s", got, alice.ID)
			}
		})
	}
}

func TestTheProjectsOwnFaultsAreTheOperators(t *testing.T) {
	for _, fault := range []stytchtest.Fault{{Status: 401, ErrorType: "unauthorized_credentials"}, {Status: 400, ErrorType: "no_login_redirect_url"}} {
		w := newWorld(t)
		b := w.browser()
		w.stytch.Fail(stytchtest.All, fault)
		b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme").says(t, 500, "misconfigured")
		if !strings.Contains(w.log.String(), "level=ERROR") {
			t.Errorf("%s was not logged as an error", fault.ErrorType)
		}
	}
}
