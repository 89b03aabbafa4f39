package stytchkit_test

import (
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// breaking is a request of an adapter that panics.
type breaking struct {
	stytchkit.HTTPRequest
	header, param, target, method bool
}

func (r breaking) Header(name string, i int) (string, bool) {
	if r.header {
		panic("the adapter's Header")
	}
	return r.HTTPRequest.Header(name, i)
}

func (r breaking) Param(name string) string {
	if r.param {
		panic("the adapter's Param")
	}
	return r.HTTPRequest.Param(name)
}

func (r breaking) Target() string {
	if r.target {
		panic("the adapter's Target")
	}
	return r.HTTPRequest.Target()
}

func (r breaking) Method() string {
	if r.method {
		panic("the adapter's Method")
	}
	return r.HTTPRequest.Method()
}

func TestARequestThatPanicsIsAnswered503(t *testing.T) {
	for name, r := range map[string]breaking{
		"where a rule reads a parameter": {param: true},
		"where its credentials are read": {header: true},
		"where its method is read":       {method: true},
		"everywhere":                     {header: true, param: true, target: true, method: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *stytchkit.Config) { c.LoginURL = "/login" })
			alice := w.member("alice@example.com")
			r.HTTPRequest.R = request(tokenCookie(alice.Token))
			r.R.Header.Set("Sec-Fetch-Mode", "navigate")
			ofPath := stytchkit.Organization(stytchkit.PathParam("org"))
			denied := func(how string, d stytchkit.Decision) {
				t.Helper()
				if code(d) != "stytch_unavailable" || d.Denial.Status != 503 || d.Session != nil || d.Header != nil || d.Initialized || setCookies(d) != "untouched" {
					t.Errorf("%s: got %q with %v, header %v, initialized %v, cookies %s; want stytch_unavailable alone", how, code(d), d.Session, d.Header, d.Initialized, setCookies(d))
				}
				if d.Denial != nil && (d.Denial.Header.Get("Retry-After") == "" || d.Denial.Header.Get("Cache-Control") != "no-store") {
					t.Errorf("%s: the denial's header is %v", how, d.Denial.Header)
				}
			}
			denied("Require", w.auth.Require(ofPath).Check(t.Context(), r))
			if got := w.log.String(); !strings.Contains(got, "level=ERROR") || !strings.Contains(got, "the adapter's") {
				t.Errorf("logged\n%s\nwant the panic", got)
			}
			outer := w.auth.Optional().Check(t.Context(), r)
			if outer.Denial != nil {
				t.Fatalf("Optional denied: %v", outer.Denial)
			}
			denied("Require inside Optional", w.auth.Require(ofPath).Check(outer.Context(t.Context()), r))
		})
	}
}
