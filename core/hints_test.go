package stytchkit_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// What only shows between a browser and the server is said once, with what to write.
func TestAMistakeThatABrowserHidesIsSaidOnce(t *testing.T) {
	for _, row := range []struct {
		name      string
		configure func(*stytchkit.Config)
		happens   func(*world)
		level     string
		says      []string
	}{
		{
			"the login page stands behind its own guard",
			func(c *stytchkit.Config) { c.LoginURL = "/login" },
			func(w *world) { check(w.auth.Require(), navigation("/login")) },
			"ERROR", []string{"Config.LoginURL", "/login", "without Require"},
		},
		{
			"a proxy does not strip the path that it is to strip",
			func(c *stytchkit.Config) { c.Origin, c.LoginURL = "https://example.com/app", "/login" },
			func(w *world) {
				check(w.auth.Require(), navigation("/apple"))
				check(w.auth.Require(), navigation("/app/documents"))
			},
			"WARN", []string{"path=/app", "Config.Origin", "strip"},
		},
		{
			"the sign-out stands behind a guard that wants a session",
			func(c *stytchkit.Config) { c.LogoutURL = "/logout" },
			func(w *world) {
				r := request(jwtCookie(w.member("a@acme.example").JWT()), jwtCookie(w.member("b@acme.example").JWT()))
				r.URL.Path, r.RequestURI = "/logout", "/logout"
				check(w.auth.Require(), r)
			},
			"ERROR", []string{"sign-out", "/logout", "outside of every Require"},
		},
		{
			"a permission on a resource that the policy does not know",
			nil,
			func(w *world) {
				check(w.auth.Require(stytchkit.Permission("documnets", "read")), bearer(w.member("a@acme.example").JWT()))
			},
			"WARN", []string{`Permission(\"documnets\", \"read\")`, "not in the project's policy"},
		},
		{
			"a permission for an action that the policy does not know",
			nil,
			func(w *world) {
				check(w.auth.Require(stytchkit.Permission("documents", "raed")), bearer(w.member("a@acme.example").JWT()))
			},
			"WARN", []string{`Permission(\"documents\", \"raed\")`, "not in the project's policy"},
		},
		{
			"a role that the policy does not know",
			nil,
			func(w *world) {
				jwt := w.member("a@acme.example").JWT()
				check(w.auth.Require(stytchkit.Permission("documents", "read")), bearer(jwt)) // fetches the policy
				check(w.auth.Require(stytchkit.Role("editro")), bearer(jwt))
			},
			"WARN", []string{`role=editro`, "not in the project's policy", "organization's own"},
		},
		{
			"a kind of factor that nobody knows",
			nil,
			func(w *world) { w.auth.Require(stytchkit.Factors("smoke_signal")) },
			"WARN", []string{`factor=smoke_signal`},
		},
		{
			"a session saved over http on another host than this machine's",
			nil,
			func(w *world) {
				r := httptest.NewRequest(http.MethodPost, "http://192.168.1.5:8080/login", http.NoBody)
				r.Header.Set("Origin", "http://192.168.1.5:8080")
				save(w, r)
			},
			"WARN", []string{"Secure", "http://192.168.1.5:8080", "https"},
		},
		{
			"cookies for a domain that the host is not in",
			func(c *stytchkit.Config) { c.Cookies.Domain = "example.com" },
			func(w *world) {
				save(w, httptest.NewRequest(http.MethodPost, "http://localhost:8080/login", http.NoBody))
			},
			"WARN", []string{"Config.Cookies.Domain", "example.com", "localhost:8080"},
		},
		{
			"one's own form behind a proxy that rewrites Host, from a browser without Sec-Fetch-Site",
			nil,
			func(w *world) {
				r := request(jwtCookie(w.member("a@acme.example").JWT()))
				r.Method, r.Host = http.MethodPost, "127.0.0.1:3000"
				r.Header.Set("Origin", "https://app.example.com")
				check(w.auth.Require(), r)
			},
			"WARN", []string{"Config.Origin", "https://app.example.com", "127.0.0.1:3000"},
		},
		{
			"two Authenticators, one behind the other",
			nil,
			func(w *world) {
				r := bearer(w.member("a@acme.example").JWT())
				outer := check(w.sibling(nil).Optional(), r)
				check(w.auth.Require(), r.WithContext(outer.Context(r.Context())))
			},
			"WARN", []string{"two Authenticators", "share"},
		},
		{
			"two Authenticators, and the one that ends the session is not the one that let it in",
			nil,
			func(w *world) {
				r := request(jwtCookie(w.member("a@acme.example").JWT()))
				d := check(w.sibling(nil).Require(), r)
				_, _ = w.auth.EndSession(d.Context(r.Context()), stytchkit.HTTPRequest{R: r})
			},
			"WARN", []string{"two Authenticators", "share"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			var configure []func(*stytchkit.Config)
			if row.configure != nil {
				configure = append(configure, row.configure)
			}
			w := newWorld(t, configure...)
			row.happens(w)
			row.happens(w)
			said := linesOf(w.log, row.level)
			if len(said) != 1 {
				t.Fatalf("it is said %d times:\n%s", len(said), w.log)
			}
			for _, want := range row.says {
				if !strings.Contains(said[0], want) {
					t.Errorf("%s\ndoes not say %q", said[0], want)
				}
			}
		})
	}
}

// What is right is not spoken of.
func TestNothingIsSaidOfWhatIsRight(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.LoginURL, c.Cookies.Domain = "/login", "example.com" })
	jwt := w.member("a@acme.example").JWT()
	check(w.auth.Require(stytchkit.Permission("documents", "read")), bearer(jwt))
	check(w.auth.Require(stytchkit.Role("stytch_admin")), bearer(jwt))
	check(w.auth.Require(stytchkit.Factors("totp", "email_otp")), bearer(jwt))
	check(w.auth.Require(), navigation("/private"))
	save(w, httptest.NewRequest(http.MethodPost, "http://app.example.com/login", http.NoBody))
	nested := bearer(jwt)
	outer := check(w.sibling(func(c *stytchkit.Config) { c.Cookies.Session = "other" }).Optional(), nested)
	check(w.auth.Require(), nested.WithContext(outer.Context(nested.Context())))
	r := request(jwtCookie(jwt))
	r.Method = http.MethodPost
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://evil.example")
	check(w.auth.Require(), r)
	if said := linesOf(w.log, "WARN", "ERROR"); len(said) > 0 {
		t.Errorf("it says %v", said)
	}
}

func TestADenialIsOneDebugLineWithItsReason(t *testing.T) {
	w := newWorld(t)
	check(w.auth.Require(stytchkit.Role("stytch_admin")), bearer(w.member("a@acme.example").JWT()))
	check(w.auth.Require(), request())
	for _, want := range []string{
		`denial.code=permission_denied denial.status=403 denial.reason="Role(\"stytch_admin\")`,
		`denial.code=session_missing denial.status=401`,
	} {
		if n := strings.Count(w.log.String(), want); n != 1 {
			t.Errorf("the log has %s %d times\n%s", want, n, w.log)
		}
	}
}

func TestFactorsNamesTheRightSpelling(t *testing.T) {
	defer func() {
		if said, _ := recover().(string); !strings.Contains(said, `"sso"`) {
			t.Errorf("it says %q", said)
		}
	}()
	stytchkit.Factors("SSO")
}

// sibling is another Authenticator of the same project, which says nothing itself.
func (w *world) sibling(configure func(*stytchkit.Config)) *stytchkit.Authenticator {
	w.t.Helper()
	c := w.srv.Config()
	c.Clock, c.Logger = w.clock, slog.New(slog.DiscardHandler)
	if configure != nil {
		configure(&c)
	}
	auth, err := stytchkit.New(c)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(auth.Close)
	if err := auth.Ready(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return auth
}

// A framework's own context carries no session, and the error names it.
func TestTheStateOfAnotherContextThanTheRequestsNamesIt(t *testing.T) {
	w := newWorld(t)
	type frameworks struct{ context.Context }
	_, err := w.auth.State(frameworks{t.Context()})
	if err == nil || !strings.Contains(err.Error(), "frameworks") || !strings.Contains(err.Error(), "c.Request.Context()") || !strings.Contains(err.Error(), "Optional or Require") {
		t.Errorf("it says %v", err)
	}
}

// Without a guard, or for a visitor, everything about a session is empty.
func TestNoSessionIsSafeToAsk(t *testing.T) {
	var none *stytchkit.Session
	if s := stytchkit.SessionFrom(t.Context()); s != none {
		t.Errorf("a request without a guard has the session %v", s)
	}
	if none.MemberSession() != nil || none.UserSession() != nil || none.MemberID() != "" || none.HasRole("editor") || !none.ExpiresAt().IsZero() {
		t.Error("no session says something")
	}
}

func navigation(target string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, http.NoBody)
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	return r
}

func save(w *world, r *http.Request) {
	w.t.Helper()
	session := w.member("saved@acme.example")
	if _, err := w.auth.SessionCookies(stytchkit.HTTPRequest{R: r}, session.Token, session.JWT(), w.clock.Now().Add(time.Hour)); err != nil {
		w.t.Fatal(err)
	}
}

// linesOf are the lines of these levels.
func linesOf(log *logged, levels ...string) []string {
	var found []string
	for line := range strings.Lines(log.String()) {
		for _, level := range levels {
			if strings.Contains(line, "level="+level+" ") {
				found = append(found, strings.TrimSpace(line))
			}
		}
	}
	return found
}

func TestAStateHasANameForAPage(t *testing.T) {
	alice := &organizations.Member{Name: "Alice", EmailAddress: "alice@acme.example"}
	session := stytchtest.NewSession(stytchtest.Member{ID: "member-test-alice"})
	uma := stytchtest.NewUserSession(stytchtest.User{ID: "user-test-uma"})
	for want, state := range map[string]stytchkit.State{
		"":                   {},
		"Alice":              {Session: session, Member: alice},
		"alice@acme.example": {Session: session, Member: &organizations.Member{EmailAddress: "alice@acme.example"}},
		"member-test-alice":  {Session: session},
		"Uma Urban":          {Session: uma, User: &users.User{Name: &users.Name{FirstName: "Uma", LastName: "Urban"}, Emails: []users.Email{{Email: "uma@users.example"}}}},
		"uma@users.example":  {Session: uma, User: &users.User{Name: &users.Name{}, Emails: []users.Email{{Email: "uma@users.example"}}}},
		"+15550100":          {Session: uma, User: &users.User{PhoneNumbers: []users.PhoneNumber{{PhoneNumber: "+15550100"}}}},
		"user-test-uma":      {Session: uma, User: &users.User{}},
	} {
		if got := state.Name(); got != want {
			t.Errorf("%+v is called %q, want %q", state, got, want)
		}
	}
}
