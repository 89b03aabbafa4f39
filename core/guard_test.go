package stytchkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// nested checks the same request with an outer guard and then, in its context, an inner one.
func nested(outer, inner *stytchkit.Guard, r *http.Request) (first, second stytchkit.Decision) {
	first = check(outer, r)
	return first, check(inner, r.WithContext(first.Context(r.Context())))
}

func TestAnInnerGuardRepeatsTheOuterOnesDecision(t *testing.T) {
	type people struct {
		w     *world
		alice *stytchtest.Session
	}
	for _, row := range []struct {
		name    string
		request func(people) *http.Request
		rules   []stytchkit.Rule
		calls   int
		code    string
		outer   string // what the outer guard does to the cookies
	}{
		{"a session is decided once", func(p people) *http.Request { return request(tokenCookie(p.alice.Token)) }, nil, 1, "", "set"},
		{"nothing presented is missing inside", func(people) *http.Request { return request() }, nil, 0, "session_missing", "untouched"},
		{"an ended session is ended inside, and cleared once", func(p people) *http.Request {
			p.alice.End()
			return request(tokenCookie(p.alice.Token))
		}, nil, 1, "session_ended", "cleared"},
		{"a forged one is invalid inside", func(p people) *http.Request { return request(jwtCookie(forge(p.alice.JWT()))) }, nil, 0, "session_invalid", "untouched"},
		{"an outage is an outage inside, not a missing session", func(p people) *http.Request {
			p.w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
			return request(tokenCookie(p.alice.Token))
		}, nil, 1, "stytch_unavailable", "untouched"},
		{"a stricter freshness asks", func(p people) *http.Request { return request(jwtCookie(p.alice.JWT(stytchtest.Age(time.Minute)))) },
			[]stytchkit.Rule{stytchkit.Fresh(30 * time.Second)}, 1, "", "untouched"},
		{"a call that this request made satisfies Fresh(0)", func(p people) *http.Request { return request(tokenCookie(p.alice.Token)) },
			[]stytchkit.Rule{stytchkit.Fresh(0)}, 1, "", "set"},
		{"a cross-origin request is refused inside with that reason", func(p people) *http.Request {
			r := request(jwtCookie(p.alice.JWT()))
			r.Method = http.MethodPost
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			return r
		}, nil, 0, "cross_origin", "untouched"},
		{"unless the inner route gives that protection up", func(p people) *http.Request {
			r := request(jwtCookie(p.alice.JWT()))
			r.Method = http.MethodPost
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			return r
		}, []stytchkit.Rule{stytchkit.AllowCrossOrigin()}, 0, "", "untouched"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			p := people{w, w.member("alice@example.com")}
			r := row.request(p)
			outer, inner := nested(w.auth.Optional(), w.auth.Require(row.rules...), r)
			if outer.Denial != nil {
				t.Fatalf("the optional guard denied: %v", outer.Denial)
			}
			if code(inner) != row.code || w.asked() != row.calls {
				t.Errorf("inside: got %q after %d calls, want %q after %d (%v)", code(inner), w.asked(), row.code, row.calls, inner.Denial)
			}
			if row.code == "" && inner.Session.ID() != p.alice.ID {
				t.Errorf("inside: got %v, want alice", inner.Session)
			}
			if got := setCookies(outer); got != row.outer {
				t.Errorf("outside, cookies were %s, want %s", got, row.outer)
			}
			if row.calls > 0 && len(row.rules) == 0 && len(inner.Cookies) != 0 {
				t.Errorf("inside, cookies were set again: %v", inner.Cookies)
			}
		})
	}
}

func TestAnInnerGuardDecidesAnewAboutOtherCredentials(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	ctx := check(w.auth.Require(), bearer(alice.JWT())).Context(t.Context())
	for name, row := range map[string]struct {
		r    *http.Request
		want string
	}{
		"another member's":    {bearer(bob.JWT()), bob.ID},
		"none":                {request(), ""},
		"a forged one":        {bearer(forge(alice.JWT())), ""},
		"the same, by cookie": {request(jwtCookie(forge(bob.JWT()))), ""},
	} {
		if d := check(w.auth.Require(), row.r.WithContext(ctx)); d.Session.ID() != row.want {
			t.Errorf("%s: got %v, want session %q", name, d.Session, row.want)
		}
	}
	anonymous := check(w.auth.Optional(), request()).Context(t.Context())
	if d := check(w.auth.Require(), bearer(bob.JWT()).WithContext(anonymous)); d.Session.ID() != bob.ID {
		t.Errorf("bob inside an anonymous request: got %v", d.Denial)
	}
	forged := check(w.auth.Optional(), bearer(forge(alice.JWT()))).Context(t.Context())
	if d := check(w.auth.Require(), bearer(alice.JWT()).WithContext(forged)); d.Session.ID() != alice.ID {
		t.Errorf("alice inside a forged request: got %v", d.Denial)
	}
}

func TestAnInnerGuardDeniesWhatTheOuterOneDenied(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	for name, outer := range map[string]*stytchkit.Guard{
		"verified here":   w.auth.Require(stytchkit.Role("admin")),
		"asked at Stytch": w.auth.Require(stytchkit.Role("admin"), stytchkit.Fresh(0)),
	} {
		first, second := nested(outer, w.auth.Require(), request(tokenCookie(alice.Token), jwtCookie(alice.JWT())))
		if code(first) != "permission_denied" || code(second) != "permission_denied" || second.Session != nil {
			t.Errorf("%s: an error handler that goes on meets %q and %v, want permission_denied", name, code(second), second.Session)
		}
	}
}

func TestTwoAuthenticatorsDoNotMix(t *testing.T) {
	w := newWorld(t)
	other := w.authenticator(func(c *stytchkit.Config) { c.Cookies.JWT, c.Cookies.Session = "other_jwt", "other" })
	if err := other.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	r := request(jwtCookie(alice.JWT()), "other_jwt="+bob.JWT())
	first, second := nested(w.auth.Require(), other.Require(), r)
	if first.Session.ID() != alice.ID || second.Session.ID() != bob.ID {
		t.Fatalf("got %v and %v, want alice and bob", first.Session, second.Session)
	}
	ctx := second.Context(first.Context(t.Context()))
	if got := stytchkit.SessionFrom(ctx); got.ID() != bob.ID {
		t.Errorf("the innermost is %v, want bob", got)
	}
	if got := w.auth.SessionFrom(ctx); got.ID() != alice.ID {
		t.Errorf("the first's own is %v, want alice", got)
	}
	if got := other.SessionFrom(first.Context(t.Context())); got != nil {
		t.Errorf("the second has not decided, and got %v", got)
	}
}

func TestAnInnerAnonymousDecisionHidesTheOuterSession(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	ctx := check(w.auth.Require(), bearer(alice.JWT())).Context(t.Context())
	ctx = check(w.auth.Optional(), request()).Context(ctx)
	if got := stytchkit.SessionFrom(ctx); got != nil {
		t.Errorf("got %v, want nobody", got)
	}
}

func TestOptional(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	bob.End()
	for name, row := range map[string]struct {
		r       *http.Request
		who     string
		code    string
		cookies string
	}{
		"anonymous":           {request(), "", "", "untouched"},
		"signed in":           {request(jwtCookie(alice.JWT())), alice.ID, "", "untouched"},
		"forged":              {request(jwtCookie(forge(alice.JWT()))), "", "", "untouched"},
		"over":                {request(tokenCookie(bob.Token)), "", "", "cleared"},
		"ambiguous is denied": {request(jwtCookie(alice.JWT()), jwtCookie(w.member("c@example.com").JWT())), "", "invalid_request", "untouched"},
	} {
		d := check(w.auth.Optional(), row.r)
		if d.Session.ID() != row.who || code(d) != row.code || setCookies(d) != row.cookies || !d.Initialized {
			t.Errorf("%s: got session %v, code %q, cookies %s, initialized %v; want %+v", name, d.Session, code(d), setCookies(d), d.Initialized, row)
		}
	}
}

func TestCookiesKeepAResponseOutOfCaches(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	d := check(w.auth.Require(), request(tokenCookie(alice.Token)))
	if got := d.Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("with cookies set, Cache-Control is %q", got)
	}
	alice.End()
	w.clock.Advance(6 * time.Minute)
	d = check(w.auth.Require(), request(tokenCookie(alice.Token)))
	if got := d.Denial.Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("with cookies cleared, a denial's Cache-Control is %q", got)
	}
	if d := check(w.auth.Require(), bearer(w.member("b@example.com").JWT())); d.Header != nil {
		t.Errorf("without cookies, header is %v, want none", d.Header)
	}
}

func TestDenials(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	bob.End()
	api := func(status int, challenge string) func(t *testing.T, d *stytchkit.Denial) {
		return func(t *testing.T, d *stytchkit.Denial) {
			t.Helper()
			if d.Status != status || d.Header.Get("WWW-Authenticate") != challenge {
				t.Errorf("got %d with challenge %q, want %d with %q", d.Status, d.Header.Get("WWW-Authenticate"), status, challenge)
			}
			if !strings.HasSuffix(d.Header.Get("Cache-Control"), "no-store") || d.Header.Get("Vary") != "Cookie, Authorization" {
				t.Errorf("cacheable: %v", d.Header)
			}
			var problem struct{ Type, Title, Code, Detail string }
			err := json.Unmarshal(d.Body, &problem)
			if err != nil || d.Header.Get("Content-Type") != "application/problem+json" ||
				problem.Type != "urn:stytchkit:"+d.Code || problem.Code != d.Code || problem.Title != d.Title() || problem.Detail != d.Detail() {
				t.Errorf("not a problem: %v %s (%v)", d.Header, d.Body, err)
			}
		}
	}
	post := func(r *http.Request) *http.Request {
		r.Method = http.MethodPost
		r.Header.Set("Origin", "https://evil.example")
		return r
	}
	for _, row := range []struct {
		code string
		r    *http.Request
		want func(*testing.T, *stytchkit.Denial)
	}{
		{"session_missing", request(), api(401, "Bearer")},
		{"session_invalid", bearer("a.b.c"), api(401, `Bearer error="invalid_token"`)},
		{"session_ended", bearer(bob.Token), api(401, `Bearer error="invalid_token"`)},
		{"invalid_request", request(jwtCookie(alice.JWT()), jwtCookie(w.member("c@example.com").JWT())), api(400, `Bearer error="invalid_request"`)},
		{"cross_origin", post(request(jwtCookie(alice.JWT()))), api(403, "")},
	} {
		d := check(w.auth.Require(), row.r)
		if code(d) != row.code {
			t.Errorf("got %q, want %q", code(d), row.code)
			continue
		}
		row.want(t, d.Denial)
		var denial *stytchkit.Denial
		if !errors.As(error(d.Denial), &denial) || (d.Denial.Err != nil && !errors.Is(d.Denial, d.Denial.Err)) {
			t.Errorf("%s is no error that unwraps", row.code)
		}
	}
}

func TestNavigationsAreSentToTheLoginPage(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.LoginURL = "/login" })
	browser := func(method, target string) *http.Request {
		r := httptest.NewRequest(method, target, nil)
		r.Header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
		return r
	}
	for _, row := range []struct {
		name     string
		r        *http.Request
		status   int
		location string
	}{
		{"a GET returns to where it was", browser("GET", "/a?b=c&d=%2F"), 303, "/login?reason=session_missing&return_to=%2Fa%3Fb%3Dc%26d%3D%252F"},
		{"a HEAD too", browser("HEAD", "/a"), 303, "/login?reason=session_missing&return_to=%2Fa"},
		{"a login's secrets are left out", browser("GET", "/a?stytch_token_type=oauth&token=x&%74oken=y&keep=1"), 303, "/login?reason=session_missing&return_to=%2Fa%3Fkeep%3D1"},
		{"another origin's path is no place to return to", browser("GET", "//evil.example/x"), 303, "/login?reason=session_missing"},
		{"the login page is not sent to itself", browser("GET", "/login?x=1"), 401, ""},
		{"a fetch gets a problem", func() *http.Request {
			r := browser("GET", "/a")
			r.Header.Set("Sec-Fetch-Mode", "cors")
			return r
		}(), 401, ""},
		{"a form's POST is sent without a place to return to", func() *http.Request {
			r := browser("POST", "/a")
			r.Header.Set("Sec-Fetch-Mode", "navigate")
			return r
		}(), 303, "/login?reason=session_missing"},
		{"JSON preferred gets a problem", func() *http.Request {
			r := browser("GET", "/a")
			r.Header.Set("Accept", "application/json, text/html;q=0.5")
			return r
		}(), 401, ""},
	} {
		d := check(w.auth.Require(), row.r)
		if d.Denial.Status != row.status || d.Denial.Header.Get("Location") != row.location || d.Denial.Code != "session_missing" {
			t.Errorf("%s: got %d to %q, want %d to %q", row.name, d.Denial.Status, d.Denial.Header.Get("Location"), row.status, row.location)
		}
	}
}

func TestNavigationsGetAPage(t *testing.T) {
	for name, row := range map[string]struct {
		page func(*stytchkit.Denial) []byte
		want string
	}{
		"by default a small one":       {nil, "<h1>Sign in to continue</h1>"},
		"Config.Page replaces it":      {func(d *stytchkit.Denial) []byte { return []byte("mine: " + d.Title()) }, "mine: Sign in"},
		"one that panics is not shown": {func(*stytchkit.Denial) []byte { panic("oops") }, "<h1>Sign in to continue</h1>"},
	} {
		w := newWorld(t, func(c *stytchkit.Config) { c.Page = row.page })
		r := request()
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		d := check(w.auth.Require(), r)
		if d.Denial.Status != 401 || !strings.Contains(string(d.Denial.Body), row.want) || d.Denial.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: got %d %v\n%s", name, d.Denial.Status, d.Denial.Header, d.Denial.Body)
		}
	}
}

func TestAGuardThatCannotWorkPanicsWhereItIsWritten(t *testing.T) {
	w := newWorld(t)
	var none *stytchkit.Authenticator
	for name, row := range map[string]struct {
		build func()
		says  string
	}{
		"nil Authenticator":  {func() { none.Require() }, "stytchkit.New"},
		"negative freshness": {func() { stytchkit.Fresh(-time.Second) }, "Fresh(0)"},
		"a zero Rule":        {func() { w.auth.Require(stytchkit.Rule{}) }, "stytchkit.Fresh"},
	} {
		func() {
			defer func() {
				if said, _ := recover().(string); !strings.Contains(said, row.says) {
					t.Errorf("%s: panicked with %q, want it to mention %q", name, said, row.says)
				}
			}()
			row.build()
		}()
	}
}

func TestContextsEndAsTheirParentsDo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	carried := stytchkit.Decision{}.Context(ctx)
	cancel()
	if carried.Err() == nil {
		t.Error("the decision's context outlives its parent")
	}
}
