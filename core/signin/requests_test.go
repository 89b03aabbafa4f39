package signin_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Whether or not an address is a member's, and an organization exists, the answer is the same.
func TestAskingForALinkTellsNothing(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	for _, asJSON := range []bool{false, true} {
		var answers []string
		for _, who := range [][2]string{
			{"alice@acme.example", "acme"},
			{"nobody@acme.example", "acme"},
			{"alice@acme.example", "no-such-organization"},
			{"alice@acme.example", ""},
			{"nobody@acme.example", ""},
		} {
			w.clock.Advance(time.Minute) // or there would be too many mails
			b := w.browser()
			var got reply
			if asJSON {
				body, _ := json.Marshal(map[string]string{"email": who[0], "organization": who[1]})
				got = b.asks("POST", "/auth/magic-link", string(body))
			} else {
				got = b.posts("/auth/magic-link", "email", who[0], "organization", who[1])
			}
			got.Header.Del("Set-Cookie")
			got.Header.Del("Date")
			answers = append(answers, fmt.Sprint(got.StatusCode, got.Header, got.body, len(got.Cookies())))
		}
		for _, a := range answers[1:] {
			if a != answers[0] {
				t.Errorf("answers differ:\n%s\n%s", answers[0], a)
			}
		}
	}
	if n := len(w.stytch.Mail()); n != 6 {
		t.Errorf("%d mails, want 6", n)
	}
	if !strings.Contains(w.log.String(), "level=DEBUG msg=\"signin: no mail was sent\"") || strings.Contains(w.log.String(), "level=WARN msg=signin") {
		t.Errorf("the log says:\n%s", w.log)
	}
}

func TestBadMagicLinkRequests(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	for _, email := range []string{"", "alice", "@acme.example", "alice@", "a b@acme.example", "<a@b.example>", "a@b.example\x00", strings.Repeat("a", 250) + "@b.example"} {
		b.posts("/auth/magic-link", "email", email, "return_to", "/x").goes(t, "/login?reason=invalid_email&return_to=%2Fx")
	}
	b.posts("/auth/magic-link", "email", "a@b.example", "organization", "a/b").says(t, 400, "lacks a field")
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}
	w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: 400, ErrorType: "invalid_email"})
	b.posts("/auth/magic-link", "email", "a@b.example").goes(t, "/login?reason=invalid_email")
	for _, errorType := range []string{"too_many_requests", "too_few_tokens_authenticated"} {
		w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: 429, ErrorType: errorType, RetryAfter: 30 * time.Second})
		got := b.asks("POST", "/auth/magic-link", `{"email":"a@b.example"}`)
		got.says(t, 429, `"code":"rate_limited"`)
		if after := got.Header.Get("Retry-After"); !strings.HasPrefix(after, "3") {
			t.Errorf("%s: Retry-After is %q, want 30 and a little more", errorType, after)
		}
		if set := got.Header.Values("Set-Cookie"); len(set) > 0 {
			t.Errorf("%s: a login that did not begin leaves %q", errorType, set)
		}
	}
}

func TestRoutesAndMethods(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		method, target string
		status         int
		allow          string
	}{
		{"GET", "/auth/", 404, ""},
		{"GET", "/auth/nothing", 404, ""},
		{"GET", "/auth/callback/", 404, ""},
		{"GET", "/auth/Callback", 404, ""},
		{"PUT", "/auth/callback", 405, "GET, HEAD, POST"},
		{"DELETE", "/auth/logout", 405, "GET, HEAD, POST"},
		{"OPTIONS", "/auth/switch", 405, "POST"},
		{"GET", "/auth/switch", 405, "POST"},
		{"HEAD", "/auth/switch", 405, "POST"},
		{"POST", "/auth/sso", 405, "GET, HEAD"},
		{"POST", "/auth/oauth/google", 405, "GET, HEAD"},
		{"HEAD", "/auth/magic-link", 200, ""},
	} {
		got := w.browser().does(c.method, c.target, nil)
		if got.StatusCode != c.status || got.Header.Get("Allow") != c.allow {
			t.Errorf("%s %s: got %d, Allow %q, want %d, %q", c.method, c.target, got.StatusCode, got.Header.Get("Allow"), c.status, c.allow)
		}
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "Referrer-Policy": "strict-origin", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
		} {
			if value := got.Header.Get(name); value != want {
				t.Errorf("%s %s: %s is %q, want %q", c.method, c.target, name, value, want)
			}
		}
		if policy := got.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; ") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s %s: the policy is %q", c.method, c.target, policy)
		}
	}
}

// A client that asks for JSON gets JSON, a browser's form gets a page, whatever else they send.
func TestWhoGetsJSON(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name    string
		headers []string
		json    bool
	}{
		{"a browser's form", nil, false},
		{"a browser that asks for JSON in a navigation", []string{"Accept: application/json"}, false},
		{"fetch", []string{"Sec-Fetch-Mode: cors", "Accept: */*"}, true},
		{"an old browser's form", []string{"Sec-Fetch-Mode: "}, false},
		{"curl", []string{"Sec-Fetch-Mode: ", "Accept: */*"}, false},
		{"a client", []string{"Sec-Fetch-Mode: ", "Accept: application/json"}, true},
		{"a client of problems", []string{"Sec-Fetch-Mode: ", "Accept: application/problem+json, */*"}, true},
	} {
		got := w.browser().does(http.MethodPost, "/auth/magic-link", url.Values{}, c.headers...)
		if isJSON := got.Header.Get("Content-Type") == "application/problem+json"; isJSON != c.json {
			t.Errorf("%s: got %d %s", c.name, got.StatusCode, got.Header.Get("Content-Type"))
		}
	}
	got := w.browser().asks("POST", "/auth/magic-link", `{"email":""}`)
	var problem struct {
		Type, Title, Code, Detail string
		Status                    int
	}
	if err := json.Unmarshal([]byte(got.body), &problem); err != nil || problem.Status != 400 || problem.Code != "invalid_email" || problem.Type != "urn:stytchkit:invalid_email" || problem.Title == "" || problem.Detail != signin.Message("invalid_email") {
		t.Errorf("%v: %s", err, got.body)
	}
}

// A return_to of the table ends where it says, or at AfterLogin; never elsewhere, and never in the mount.
func TestReturnTo(t *testing.T) {
	w := newWorld(t, func(c *signin.Config) { c.AfterLogin = "/home" })
	alice := w.member("alice@acme.example")
	for returnTo, want := range map[string]string{
		"/x":                            "/x",
		"/x?a=b&c=//evil.example":       "/x?a=b&c=//evil.example",
		"/authors":                      "/authors",
		"//evil.example":                "/home",
		`/\evil.example`:                "/home",
		"/.//evil.example":              "/home",
		"https://evil.example":          "/home",
		"/auth":                         "/home",
		"/auth/logout":                  "/home",
		"/auth?x":                       "/home",
		"/auth;x":                       "/home",
		"/AUTH/callback":                "/home",
		"/%61uth/callback?token=a":      "/home",
		"/auth%2fcallback":              "/home",
		"/%2561uth/callback":            "/home",
		"":                              "/home",
		"/" + strings.Repeat("a", 3000): "/home",
	} {
		w.clock.Advance(time.Minute) // or there would be too many mails
		b := w.browser()
		b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme", "return_to", returnTo).goes(t, "/auth/magic-link")
		b.gets(w.link()).goes(t, want)
		b.posts("/auth/switch", "organization", alice.OrganizationID, "return_to", returnTo).goes(t, want)
	}
}
