package signin_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func newConsumerWorld(t *testing.T, configure ...func(*signin.Config)) *world {
	t.Helper()
	return newWorldOf(t, stytchtest.Consumer, configure...)
}

func TestAUserSignsInByMagicLinkAndOut(t *testing.T) {
	w := newConsumerWorld(t, func(c *signin.Config) { c.SessionDuration = 2 * time.Hour })
	uma := w.stytch.AddUser(stytchtest.User{Email: "uma@example.com"})
	b := w.browser()
	b.posts("/auth/magic-link", "email", "uma@example.com", "return_to", "/documents").goes(t, "/auth/magic-link")
	w.clock.Advance(time.Second)
	b.gets(w.link()).goes(t, "/documents")
	if who := b.whoami(); who != uma.ID {
		t.Fatalf("signed in as %q, want %s", who, uma.ID)
	}
	state := b.asks(http.MethodGet, "/auth/session", "")
	var said struct {
		Session struct {
			UserID    string    `json:"user_id"`
			ExpiresAt time.Time `json:"expires_at"`
		}
		User struct {
			UserID string `json:"user_id"`
		}
	}
	if err := json.Unmarshal([]byte(state.body), &said); err != nil || said.User.UserID != uma.ID || said.Session.UserID != uma.ID || !said.Session.ExpiresAt.Equal(w.clock.Now().Add(2*time.Hour)) {
		t.Errorf("got %s (%v)", state.body, err)
	}
	b.posts("/auth/logout").goes(t, "/login")
	if who := b.whoami(); who != "" {
		t.Errorf("still signed in as %s", who)
	}
	if got := b.asks(http.MethodGet, "/auth/session", "").body; got != `{"session":null,"user":null,"fromCache":false,"isInitialized":true}` {
		t.Errorf("got %s", got)
	}
}

// A link works in the browser that asked for it; any other has another verifier, or none.
func TestAUsersLinkIsBoundToItsBrowser(t *testing.T) {
	w := newConsumerWorld(t)
	w.stytch.AddUser(stytchtest.User{Email: "uma@example.com"})
	w.browser().posts("/auth/magic-link", "email", "uma@example.com")
	thief := w.browser()
	thief.posts(thief.opens(w.link())).goes(t, "/login?reason=other_browser")
	if who := thief.whoami(); who != "" {
		t.Errorf("signed in as %s", who)
	}
}

// Whoever asks for a link is told the same whether or not there is an account, and gets one by the link.
func TestNobodyIsToldWhoIsAUser(t *testing.T) {
	w := newConsumerWorld(t)
	w.stytch.AddUser(stytchtest.User{Email: "uma@example.com"})
	answers := map[string]bool{}
	for _, email := range []string{"uma@example.com", "new@example.com"} {
		r := w.browser().asks(http.MethodPost, "/auth/magic-link", fmt.Sprintf(`{"email":%q}`, email))
		r.Header.Del("Date")
		r.Header.Del("Set-Cookie") // as random as each other
		answers[fmt.Sprint(r.StatusCode, r.Header, r.body)] = true
	}
	if len(answers) != 1 {
		t.Errorf("the answers differ: %v", answers)
	}
	w.stytch.Fail(stytchtest.LoginOrCreate, stytchtest.Fault{Times: 1, Status: 400, ErrorType: "user_lock_limit_reached"})
	if r := w.browser().asks(http.MethodPost, "/auth/magic-link", `{"email":"uma@example.com"}`); r.body != `{"sent":true}` {
		t.Errorf("got %d %s", r.StatusCode, r.body)
	}
	b := w.browser()
	b.posts("/auth/magic-link", "email", "newer@example.com")
	b.gets(w.link()).goes(t, "/")
	if who := b.whoami(); !strings.HasPrefix(who, "user-test-") {
		t.Errorf("signed up as %q", who)
	}
}

func TestAUserSignsInByOAuth(t *testing.T) {
	w := newConsumerWorld(t)
	w.stytch.SetProviderUser("uma@example.com")
	b := w.browser()
	start := b.gets("/auth/oauth/google?return_to=/x")
	for _, want := range []string{"/v1/public/oauth/google/start?code_challenge=", "login_redirect_url=", "signup_redirect_url="} {
		if !strings.Contains(start.location(), want) {
			t.Errorf("went to %s, which lacks %s", start.location(), want)
		}
	}
	b = w.browser()
	b.gets(b.followed("/auth/oauth/google?return_to=/x")).goes(t, "/x")
	if who := b.whoami(); !strings.HasPrefix(who, "user-test-") {
		t.Errorf("signed in as %q", who)
	}
	b.gets("/auth/oauth/google?organization=acme").says(t, http.StatusBadRequest, "Something is missing")
	b.gets("/auth/oauth/hubspot").says(t, http.StatusNotFound, "Not found")
}

func TestAUserIsImpersonated(t *testing.T) {
	w := newConsumerWorld(t)
	uma := w.stytch.AddUser(stytchtest.User{Email: "uma@example.com"})
	b := w.browser()
	b.posts(b.opens(strings.TrimPrefix(uma.Impersonate("support@example.com", w.app.URL+"/auth/callback"), w.app.URL))).goes(t, "/")
	if who := b.whoami(); who != uma.ID {
		t.Errorf("signed in as %q", who)
	}
}

// A client is told who it is now, in the words of a consumer project.
func TestAClientSignsAUserIn(t *testing.T) {
	w := newConsumerWorld(t)
	uma := w.stytch.AddUser(stytchtest.User{Email: "uma@example.com"})
	b := w.browser()
	b.asks(http.MethodPost, "/auth/magic-link", `{"email":"uma@example.com","return_to":"/x"}`)
	if got, want := b.asks(http.MethodGet, w.link(), "").body, fmt.Sprintf(`{"user_authenticated":true,"user_id":%q,"next":"/x"}`, uma.ID); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAConsumerProjectHasNoOrganizations(t *testing.T) {
	w := newConsumerWorld(t)
	b := w.browser()
	for _, path := range []string{"/auth/sso?connection_id=saml-connection-test-1", "/auth/organizations", "/auth/mfa"} {
		b.gets(path).says(t, http.StatusNotFound, "Not found")
	}
	b.posts("/auth/switch", "organization", "acme").says(t, http.StatusNotFound, "Not found")
	b.posts("/auth/magic-link", "email", "uma@example.com", "organization", "acme").says(t, http.StatusBadRequest, "Something is missing")
	for _, kind := range []string{"multi_tenant_magic_links", "discovery", "discovery_oauth", "sso", "multi_tenant_passwords", "multi_tenant_impersonation"} {
		b.gets("/auth/callback?token=abcdefghijklmnop&stytch_token_type="+kind).goes(t, "/login?reason=link_invalid")
	}
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls to Stytch", n)
	}
}

// The other half: a B2B project takes no token of a consumer one.
func TestAB2BProjectTakesNoTokensOfUsers(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []string{"magic_links", "login", "reset_password", "impersonation"} {
		w.browser().gets("/auth/callback?token=abcdefghijklmnop&stytch_token_type="+kind).goes(t, "/login?reason=link_invalid")
	}
}

// A mail to reset a password has two links: one to the application's page, one to sign in without.
func TestTheLinksOfAUsersPasswordReset(t *testing.T) {
	w := newConsumerWorld(t)
	b := w.browser()
	reset := b.gets("/auth/callback?token=abcdefghijklmnop&stytch_token_type=reset_password")
	if !strings.HasPrefix(reset.location(), "/new-password?for=") {
		t.Errorf("went to %q", reset.location())
	}
	b.gets("/auth/callback?token=abcdefghijklmnop&stytch_token_type=login").asksFirst(t)
}

// Stytch begins no session unless it is asked for one; an answer without is none.
func TestALoginWithoutASessionSignsNobodyIn(t *testing.T) {
	w := newConsumerWorld(t)
	w.stytch.AddUser(stytchtest.User{Email: "uma@example.com"})
	b := w.browser()
	b.posts("/auth/magic-link", "email", "uma@example.com")
	w.stytch.Fail(stytchtest.AuthenticateMagicLink, stytchtest.Fault{Times: 1, Body: `{"status_code":200,"user_id":"user-test-1","user":{},"session":null,"session_token":"","session_jwt":""}`})
	b.gets(w.link()).says(t, http.StatusServiceUnavailable, "Try again shortly")
	if who := b.whoami(); who != "" {
		t.Errorf("signed in as %s", who)
	}
}
