package signin_test

import (
	"fmt"
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const (
	goodPassword  = "a long password"
	otherPassword = "another long password"
)

// newPasswordWorld is a world in which passwords count in every organization, where these handle resets.
func newPasswordWorld(t *testing.T, vertical stytchtest.Vertical) *world {
	t.Helper()
	w := newWorldWith(t, func(o *stytchtest.Options) {
		o.Vertical, o.CrossOrganizationPasswords = vertical, vertical == stytchtest.B2B
	}, func(c *signin.Config) { c.PasswordResetURL = "" })
	if vertical == stytchtest.B2B {
		w.stytch.AddMember(stytchtest.Member{Email: "ada@example.com", Organization: "acme", Password: goodPassword})
	} else {
		w.stytch.AddUser(stytchtest.User{Email: "ada@example.com", Password: goodPassword})
	}
	return w
}

// inBothKinds runs a test with the organization that its forms name.
func inBothKinds(t *testing.T, test func(t *testing.T, w *world, organization string)) {
	t.Helper()
	t.Run("b2b", func(t *testing.T) { test(t, newPasswordWorld(t, stytchtest.B2B), "acme") })
	t.Run("consumer", func(t *testing.T) { test(t, newPasswordWorld(t, stytchtest.Consumer), "") })
}

// formIn is where the first form of a page posts to.
func (r reply) formIn(t *testing.T) string {
	t.Helper()
	_, rest, _ := strings.Cut(r.body, `<form method="post" action="`)
	action, _, ok := strings.Cut(rest, `"`)
	if !ok {
		t.Fatalf("no form on\n%s", r.body)
	}
	return html.UnescapeString(action)
}

func TestAPasswordSignsIn(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.browser()
		page := b.gets("/auth/password?organization=" + organization + "&return_to=/documents")
		page.says(t, http.StatusOK, `autocomplete="current-password"`)
		b.posts(page.formIn(t), "email", "ada@example.com", "password", goodPassword, "organization", organization, "return_to", "/documents").goes(t, "/documents")
		if b.whoami() == "" {
			t.Error("nobody is signed in")
		}
		if n := w.stytch.TotalCalls(); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestAPasswordForEveryOrganizationLeadsToTheChoice(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.B2B)
	b := w.browser()
	b.posts("/auth/password", "email", "ada@example.com", "password", goodPassword, "return_to", "/documents").goes(t, "/auth/organizations")
	b.gets("/auth/organizations").says(t, http.StatusOK, "acme")
}

// Nobody learns from an answer who has an account: not by status, body, headers or cookies.
func TestAWrongPasswordTellsNothing(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		if organization != "" {
			w.stytch.AddMember(stytchtest.Member{Email: "nop@example.com", Organization: "acme"})
		} else {
			w.stytch.AddUser(stytchtest.User{Email: "nop@example.com"})
		}
		answers := map[string][]string{}
		for _, email := range []string{"ada@example.com", "nop@example.com", "eve@example.com"} {
			for kind, r := range map[string]reply{
				"page": w.browser().posts("/auth/password", "email", email, "password", "not the password", "organization", organization, "return_to", "/documents"),
				"json": w.browser().asks(http.MethodPost, "/auth/password", fmt.Sprintf(`{"email":%q,"password":"not the password","organization":%q}`, email, organization)),
			} {
				r.Header.Del("Date")
				answers[kind] = append(answers[kind], fmt.Sprint(r.StatusCode, r.Header, strings.ReplaceAll(r.body, email, "EMAIL")))
				if r.StatusCode != http.StatusUnauthorized || strings.Contains(r.body, "not the password") {
					t.Errorf("%s: got %d\n%s", email, r.StatusCode, r.body)
				}
			}
		}
		for kind, of := range answers {
			if len(slices.Compact(of)) != 1 {
				t.Errorf("%s: the answers differ:\n%s", kind, strings.Join(of, "\n"))
			}
		}
		page := w.browser().posts("/auth/password", "email", "eve@example.com", "password", "x", "organization", organization, "return_to", "/documents")
		for _, kept := range []string{`value="eve@example.com"`, `value="/documents"`, `name="organization" value="` + organization + `"`, signin.Message("password_wrong")} {
			if !strings.Contains(page.body, kept) {
				t.Errorf("the form lacks %s:\n%s", kept, page.body)
			}
		}
	})
}

// Stytch locks an account after some tries; before that nobody is asked, and another client's tries do
// not count, until they are very many.
func TestTriesAreBounded(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		try := func(email, password string) reply {
			return w.browser().asks(http.MethodPost, "/auth/password", fmt.Sprintf(`{"email":%q,"password":%q,"organization":%q}`, email, password, organization))
		}
		for range 5 {
			try("ada@example.com", "wrong").says(t, http.StatusUnauthorized, `"password_wrong"`)
		}
		calls := w.stytch.TotalCalls()
		for _, email := range []string{"ada@example.com", "ADA@example.com"} {
			r := try(email, goodPassword)
			r.says(t, http.StatusTooManyRequests, `"rate_limited"`)
			if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || seconds < 50 || seconds > 70 {
				t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
			}
		}
		if n := w.stytch.TotalCalls(); n != calls {
			t.Errorf("%d calls for tries out of bounds", n-calls)
		}
		try("eve@example.com", "wrong").says(t, http.StatusUnauthorized, `"password_wrong"`)
		w.clock.Advance(time.Minute + time.Second)
		try("ada@example.com", goodPassword).says(t, http.StatusOK, "authenticated")
		for range 5 { // whoever knows the password begins anew
			try("ada@example.com", "wrong").says(t, http.StatusUnauthorized, `"password_wrong"`)
		}
	})
}

func TestAPasswordFromALeakHasToBeReset(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.B2B)
	w.stytch.AddMember(stytchtest.Member{Email: "bob@example.com", Organization: "acme", Password: stytchtest.BreachedPassword})
	b := w.browser()
	page := b.posts("/auth/password", "email", "bob@example.com", "password", stytchtest.BreachedPassword, "organization", "acme")
	page.says(t, http.StatusForbidden, signin.Message("password_reset_required"))
	page.says(t, http.StatusForbidden, `formaction="/auth/password/forgot"`)
}

// mailed are the links in the mailbox, by where they lead, as paths of the application.
func (w *world) mailed() map[string]string {
	links := map[string]string{}
	for _, m := range w.stytch.Mail() {
		for _, link := range []string{m.Link, m.LoginLink} {
			link = strings.TrimPrefix(link, w.app.URL)
			path, _, _ := strings.Cut(link, "?")
			links[path] = link
		}
	}
	return links
}

func TestAForgottenPasswordIsChosenAnew(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.browser()
		b.posts("/auth/password/forgot", "email", "ada@example.com", "organization", organization, "return_to", "/documents").goes(t, "/auth/magic-link")
		link := w.mailed()["/auth/reset"]
		thief := w.browser()
		stolen := thief.gets(thief.gets(link).location())
		thief.posts(stolen.formIn(t), "password", otherPassword).goes(t, "/login?reason=other_browser")

		arrived := b.gets(link)
		if arrived.StatusCode != http.StatusSeeOther || !strings.HasPrefix(arrived.location(), "/auth/reset?for=") {
			t.Fatalf("got %d to %s", arrived.StatusCode, arrived.location())
		}
		page := b.gets(arrived.location())
		page.says(t, http.StatusOK, `autocomplete="new-password"`)
		weak := b.posts(page.formIn(t), "password", "short")
		weak.says(t, http.StatusBadRequest, "This is a short password.")
		b.posts(weak.formIn(t), "password", stytchtest.BreachedPassword).says(t, http.StatusBadRequest, signin.Message("password_breached"))
		b.posts(weak.formIn(t), "password", otherPassword).goes(t, "/documents")
		if b.whoami() == "" {
			t.Error("nobody is signed in")
		}
		again := w.browser()
		again.posts("/auth/password", "email", "ada@example.com", "password", goodPassword, "organization", organization).says(t, http.StatusUnauthorized, signin.Message("password_wrong"))
		again.posts("/auth/password", "email", "ada@example.com", "password", otherPassword, "organization", organization).goes(t, "/")
		for _, cookie := range b.cookies() {
			if strings.Contains(cookie, "reset") || strings.Contains(cookie, "flow") {
				t.Errorf("left a cookie: %s", cookie)
			}
		}
	})
}

// The link beside it goes on without a new password, by the same verifier.
func TestAResetsOtherLinkSignsIn(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.browser()
		b.posts("/auth/password/forgot", "email", "ada@example.com", "organization", organization, "return_to", "/documents")
		b.gets(w.mailed()["/auth/callback"]).goes(t, "/documents")
	})
}

// A discovery reset's token has the type of a discovery magic link's, and is never sent there.
func TestADiscoveryResetIsNoMagicLink(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.B2B)
	b := w.browser()
	b.posts("/auth/password/forgot", "email", "ada@example.com").goes(t, "/auth/magic-link")
	b.posts(b.gets(b.gets(w.mailed()["/auth/reset"]).location()).formIn(t), "password", otherPassword).goes(t, "/auth/organizations")
	b.gets("/auth/organizations").says(t, http.StatusOK, "acme")
	if n := w.stytch.Calls(stytchtest.AuthenticateDiscovery); n != 0 {
		t.Errorf("%d calls to magic links", n)
	}
}

// The answer to whoever has forgotten a password is the same whether or not there is an account.
func TestAForgottenPasswordTellsNothing(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		answers := map[string]bool{}
		for _, email := range []string{"ada@example.com", "eve@example.com"} {
			r := w.browser().asks(http.MethodPost, "/auth/password/forgot", fmt.Sprintf(`{"email":%q,"organization":%q}`, email, organization))
			r.Header.Del("Date")
			r.Header.Del("Set-Cookie") // as random as each other
			answers[fmt.Sprint(r.StatusCode, r.Header, r.body, len(r.Cookies()))] = true
		}
		if len(answers) != 1 {
			t.Errorf("the answers differ: %v", answers)
		}
	})
}

func TestWhoIsSignedInChoosesAPassword(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		stranger := w.browser()
		stranger.gets("/auth/password/new").goes(t, "/login?reason=session_missing&return_to=%2Fauth%2Fpassword%2Fnew")
		stranger.posts("/auth/password/new", "password", otherPassword).goes(t, "/login?reason=session_missing")

		b := w.browser()
		b.posts("/auth/magic-link", "email", "ada@example.com", "organization", organization, "return_to", "/auth/password/new")
		b.gets(w.link()).goes(t, "/auth/password/new")
		page := b.gets("/auth/password/new?return_to=/documents")
		b.posts(page.formIn(t), "password", "short", "return_to", "/documents").says(t, http.StatusBadRequest, "This is a short password.")
		b.posts(page.formIn(t), "password", otherPassword, "return_to", "/documents").goes(t, "/documents")
		if b.whoami() == "" {
			t.Error("nobody is signed in")
		}
		w.browser().posts("/auth/password", "email", "ada@example.com", "password", otherPassword, "organization", organization).goes(t, "/")
		w.clock.Advance(6 * time.Minute)
		b.posts(page.formIn(t), "password", goodPassword).goes(t, "/login?reason=sign_in_too_old")
	})
}

// No password is in a log, and none in an error.
func TestPasswordsAreNotLogged(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.B2B)
	b := w.browser()
	b.posts("/auth/password", "email", "ada@example.com", "password", "hunter2-the-secret", "organization", "acme")
	b.posts("/auth/password", "email", "ada@example.com", "password", "hunter2-the-secret")
	w.stytch.Fail(stytchtest.AuthenticatePassword, stytchtest.Fault{Status: 500})
	b.posts("/auth/password", "email", "ada@example.com", "password", "hunter2-the-secret", "organization", "acme").says(t, http.StatusServiceUnavailable, "")
	if strings.Contains(w.log.String(), "hunter2") {
		t.Errorf("the log has the password:\n%s", w.log)
	}
}
