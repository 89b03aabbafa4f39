package stytchkit_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// liveServer makes the configuration one of a live project that still talks to the stand-in.
func liveProject(c *stytchkit.Config) {
	c.ProjectID = strings.Replace(c.ProjectID, "project-test-", "project-live-", 1)
	c.Secret = "secret-live-of-nobody"
}

func TestTheLinesOfSavedAndEndedSessions(t *testing.T) {
	const (
		expires = "; Expires=Mon, 23 Nov 2026 13:00:00 GMT"
		gone    = "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0"
		token   = "opaque-token-of-some-length"
		jwt     = "header.payload.signature"
	)
	for _, row := range []struct {
		name      string
		configure func(*stytchkit.Config)
		host      string
		save      []string
		clear     []string
	}{
		{"a backend's, on its own host", nil, "app.example.com",
			[]string{
				"stytch_session=" + token + "; Path=/" + expires + "; HttpOnly; Secure; SameSite=Lax",
				"stytch_session_jwt=" + jwt + "; Path=/" + expires + "; HttpOnly; Secure; SameSite=Lax",
				"stytch_intermediate_session_token=; Path=/" + gone + "; HttpOnly; Secure; SameSite=Lax",
			},
			[]string{
				"stytch_session=; Path=/" + gone + "; HttpOnly; Secure; SameSite=Lax",
				"stytch_session_jwt=; Path=/" + gone + "; HttpOnly; Secure; SameSite=Lax",
				"stytch_intermediate_session_token=; Path=/" + gone + "; HttpOnly; Secure; SameSite=Lax",
			}},
		{"the browser SDK's are never HttpOnly", func(c *stytchkit.Config) { c.Cookies.Owner = stytchkit.BrowserSDK }, "app.example.com",
			[]string{
				"stytch_session=" + token + "; Path=/" + expires + "; Secure; SameSite=Lax",
				"stytch_session_jwt=" + jwt + "; Path=/" + expires + "; Secure; SameSite=Lax",
				"stytch_intermediate_session_token=; Path=/" + gone + "; Secure; SameSite=Lax",
			},
			[]string{
				"stytch_session=; Path=/" + gone + "; Secure; SameSite=Lax",
				"stytch_session_jwt=; Path=/" + gone + "; Secure; SameSite=Lax",
				"stytch_intermediate_session_token=; Path=/" + gone + "; Secure; SameSite=Lax",
			}},
		{"a test project's on loopback are not Secure", nil, "127.0.0.1:8080",
			[]string{
				"stytch_session=" + token + "; Path=/" + expires + "; HttpOnly; SameSite=Lax",
				"stytch_session_jwt=" + jwt + "; Path=/" + expires + "; HttpOnly; SameSite=Lax",
				"stytch_intermediate_session_token=; Path=/" + gone + "; HttpOnly; SameSite=Lax",
			},
			[]string{
				"stytch_session=; Path=/" + gone + "; HttpOnly; SameSite=Lax",
				"stytch_session_jwt=; Path=/" + gone + "; HttpOnly; SameSite=Lax",
				"stytch_intermediate_session_token=; Path=/" + gone + "; HttpOnly; SameSite=Lax",
			}},
		{"names, domain and path as configured, leftovers of an earlier domain cleared first", func(c *stytchkit.Config) {
			c.Cookies = stytchkit.Cookies{Owner: stytchkit.Backend, Session: "s", JWT: "j", Intermediate: "i", Domain: "example.com", Path: "/app", LegacyDomains: []string{""}}
		}, "app.example.com",
			[]string{
				"s=; Path=/app" + gone + "; HttpOnly; Secure; SameSite=Lax",
				"j=; Path=/app" + gone + "; HttpOnly; Secure; SameSite=Lax",
				"s=" + token + "; Path=/app; Domain=example.com" + expires + "; HttpOnly; Secure; SameSite=Lax",
				"j=" + jwt + "; Path=/app; Domain=example.com" + expires + "; HttpOnly; Secure; SameSite=Lax",
				"i=; Path=/app" + gone + "; HttpOnly; Secure; SameSite=Lax",
				"i=; Path=/app; Domain=example.com" + gone + "; HttpOnly; Secure; SameSite=Lax",
			},
			[]string{
				"s=; Path=/app" + gone + "; HttpOnly; Secure; SameSite=Lax",
				"j=; Path=/app" + gone + "; HttpOnly; Secure; SameSite=Lax",
				"s=; Path=/app; Domain=example.com" + gone + "; HttpOnly; Secure; SameSite=Lax",
				"j=; Path=/app; Domain=example.com" + gone + "; HttpOnly; Secure; SameSite=Lax",
				"i=; Path=/app" + gone + "; HttpOnly; Secure; SameSite=Lax",
				"i=; Path=/app; Domain=example.com" + gone + "; HttpOnly; Secure; SameSite=Lax",
			}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			auth := w.auth
			if row.configure != nil {
				auth = w.authenticator(row.configure)
			}
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.Host = row.host
			cookies, err := auth.SessionCookies(stytchkit.HTTPRequest{R: r}, token, jwt, w.clock.Now().Add(time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			compareLines(t, "saved", cookies, row.save)
			compareLines(t, "cleared", auth.ClearCookies(stytchkit.HTTPRequest{R: r}), row.clear)
		})
	}
}

func compareLines(t *testing.T, what string, cookies []*http.Cookie, want []string) {
	t.Helper()
	var got []string
	for _, c := range cookies {
		got = append(got, c.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %s\nwant %s", what, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func TestSecureIsDroppedOnlyForATestProjectOnLoopback(t *testing.T) {
	w := newWorld(t)
	live := w.authenticator(liveProject)
	hostPrefix := w.authenticator(func(c *stytchkit.Config) {
		c.Cookies.Session, c.Cookies.JWT, c.Cookies.Intermediate = "__Host-s", "__secure-j", "__Secure-i"
	})
	behindProxy := w.authenticator(func(c *stytchkit.Config) { c.Origin = "https://app.example.com" })
	locally := w.authenticator(func(c *stytchkit.Config) { c.Origin = "http://app.localhost:8080" })
	for _, row := range []struct {
		name   string
		auth   *stytchkit.Authenticator
		host   string
		secure bool
	}{
		{"a name under localhost", w.auth, "acme.localhost:3000", false},
		{"one in another case", w.auth, "Acme.LocalHost", false},
		{"a dot at the end", w.auth, "acme.localhost.", false},
		{"no name under localhost", w.auth, ".localhost", true},
		{"a path before localhost", w.auth, "evil.example/.localhost", true},
		{"a user before localhost", w.auth, "evil.example@a.localhost", true},
		{"another host after the port", w.auth, "localhost:80@evil.example", true},
		{"another host after an address", w.auth, "[::1].evil.example", true},
		{"another host after an address and a port", w.auth, "[::1]:80@evil.example", true},
		{"a name in brackets", w.auth, "[localhost]", true},
		{"two ports", w.auth, "localhost:80:80", true},
		{"an address with a zone", w.auth, "[::1%25lo]:80", true},
		{"an https application behind a proxy that sends another Host", behindProxy, "127.0.0.1:8080", true},
		{"one on localhost", behindProxy, "localhost", true},
		{"an application on this machine", locally, "app.localhost:8080", false},
		{"one that is reached elsewhere too", locally, "app.example.com", true},
		{"localhost", w.auth, "localhost:3000", false},
		{"LOCALHOST", w.auth, "LOCALHOST", false},
		{"IPv4 loopback", w.auth, "127.9.9.9", false},
		{"IPv6 loopback", w.auth, "[::1]:8080", false},
		{"a name that only starts so", w.auth, "localhost.evil.example", true},
		{"an address that only starts so", w.auth, "127.0.0.1.evil.example", true},
		{"a real host", w.auth, "app.example.com", true},
		{"no host", w.auth, "", true},
		{"a live project on localhost", live, "localhost", true},
		{"__Host- and __Secure- names on localhost", hostPrefix, "localhost", true},
	} {
		r := request()
		r.Host = row.host
		for _, c := range row.auth.ClearCookies(stytchkit.HTTPRequest{R: r}) {
			if c.Secure != row.secure {
				t.Errorf("%s: Secure of %s is %v, want %v", row.name, c.Name, c.Secure, row.secure)
			}
		}
	}
}

func TestStytchsOwnCookiesAreReadAndNeverWritten(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Cookies.Owner = stytchkit.StytchDomain })
	alice := w.member("alice@example.com")
	r := request(tokenCookie(alice.Token))
	if d := check(w.auth.Require(), r); d.Session.ID() != alice.ID || len(d.Cookies) != 0 {
		t.Errorf("got %v and cookies %v, want alice and none", d.Session, d.Cookies)
	}
	alice.End()
	w.clock.Advance(6 * time.Minute)
	if d := check(w.auth.Require(), r); code(d) != "session_ended" || len(d.Cookies) != 0 {
		t.Errorf("got %q and cookies %v, want session_ended and none", code(d), d.Cookies)
	}
	if cookies := w.auth.ClearCookies(stytchkit.HTTPRequest{R: r}); len(cookies) != 0 {
		t.Errorf("cleared %v", cookies)
	}
	_, err := w.auth.SessionCookies(stytchkit.HTTPRequest{R: r}, alice.Token, alice.JWT(), alice.ExpiresAt())
	if err == nil || !strings.Contains(err.Error(), "StytchDomain") {
		t.Errorf("saving gave %v, want an error that names the owner", err)
	}
}

func TestASlidingSessionIsExtendedWhenStytchIsAsked(t *testing.T) {
	w := newWorld(t)
	sliding := w.authenticator(func(c *stytchkit.Config) { c.ExtendBy = 2 * time.Hour })
	for name, row := range map[string]struct {
		auth *stytchkit.Authenticator
		want time.Duration
	}{
		"by default it is not": {w.auth, time.Hour},
		"with ExtendBy it is":  {sliding, 2 * time.Hour},
	} {
		alice := w.srv.AddMember(stytchtest.Member{Email: "a@example.com"}).SignIn(stytchtest.WithLifetime(time.Hour))
		d := check(row.auth.Require(), request(tokenCookie(alice.Token)))
		if got := d.Session.ExpiresAt().Sub(w.clock.Now()); got != row.want || !d.Cookies[0].Expires.Equal(d.Session.ExpiresAt()) {
			t.Errorf("%s: the session lives %v and its cookie until %v, want %v", name, got, d.Cookies[0].Expires, row.want)
		}
	}
}

func TestLaterCookiesReplaceEarlierOnesOfTheSameNameDomainAndPath(t *testing.T) {
	h := http.Header{"Set-Cookie": {"a=1; Path=/", "a=2; Path=/x", "b=1; Path=/; Domain=example.com", "ab=1; Path=/"}}
	stytchkit.SetCookies(h, []*http.Cookie{{Name: "a", Value: "new", Path: "/"}, {Name: "b", Value: "new", Path: "/", Domain: ".EXAMPLE.com"}, {Name: "b", Value: "host", Path: "/"}})
	want := []string{"a=new; Path=/", "a=2; Path=/x", "b=new; Path=/; Domain=EXAMPLE.com", "ab=1; Path=/", "b=host; Path=/"}
	if got := h.Values("Set-Cookie"); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if h.Get("Cache-Control") != "private, no-store" || h.Get("Vary") != "Cookie, Authorization" {
		t.Errorf("the response can be cached: %v", h)
	}
}

func TestALegacyDomainOfTheConfigCanBeReusedByItsOwner(t *testing.T) {
	domains := []string{"old.example.com"}
	w := newWorld(t, func(c *stytchkit.Config) { c.Cookies.LegacyDomains = domains })
	domains[0] = "evil.example"
	for _, c := range w.auth.ClearCookies(stytchkit.HTTPRequest{R: request()}) {
		if c.Domain != "" && c.Domain != "old.example.com" {
			t.Errorf("the domain of %v changed with the caller's list", c)
		}
	}
}
