package adaptertest

import (
	"net/http"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// ownAccount signs out everywhere by the page of one's own account, and asks for passkeys, which only a
// consumer project has.
func ownAccount(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build)
	alice := s.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example"})
	here, elsewhere := alice.SignIn(), alice.SignIn()
	s.step("nobody has an account", "GET", "/auth/account", "", "303 /login?reason=session_missing&return_to=%2Fauth%2Faccount no-store")
	s.stored = map[string]string{"stytch_session": here.Token, "stytch_session_jwt": here.JWT()}
	if body := s.step("the page", "GET", "/auth/account", "", "200  no-store"); !hasParts(body, "Sign out everywhere") {
		t.Errorf("the page is %s", body)
	}
	s.step("there are no passkeys", "GET", "/auth/passkeys", "", "404  no-store")
	s.step("a page of another origin changes nothing", "POST", "/auth/account", "", "403  no-store")
	s.clock.Advance(11 * time.Minute)
	s.stored["stytch_session_jwt"] = here.JWT()
	s.step("an old proof changes nothing", "POST", "/auth/account", "change=sign_out_everywhere", "303 /auth/step-up?reason=reauthentication_required&return_to=%2Fauth%2Faccount no-store")
	again := alice.SignIn()
	s.stored = map[string]string{"stytch_session": again.Token, "stytch_session_jwt": again.JWT()}
	s.step("signing out everywhere", "POST", "/auth/account", "change=sign_out_everywhere", "303 /login private, no-store", sessionGone, sessionJWTGone, intermediateGone)
	for name, other := range map[string]*stytchtest.Session{"the one before": here, "another browser's": elsewhere} {
		s.stored = map[string]string{"stytch_session_jwt": other.JWT()}
		if body := s.step(name, "GET", "/auth/session", "", "200  private, no-cache"); !hasParts(body, `{"session":null`) {
			t.Errorf("%s lives on: %s", name, body)
		}
	}
	ownPasskeys(t, build)
}

const passkeyCookie = "stytchkit_browser=ID; Path=/auth; Max-Age=600; HttpOnly; SameSite=Lax"

func ownPasskeys(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.Consumer, build, func(c *stytchkit.Config) { c.Origin = "http://localhost:8080" })
	uma := s.stytch.AddUser(stytchtest.User{Email: "uma@users.example"}).SignIn()
	if body := s.step("a sign-in is begun", http.MethodPost, "/auth/passkey/options", "x=1", "200  private, no-store", passkeyCookie); !hasParts(body, `"rpId":"localhost"`) {
		t.Errorf("the domain is not that of Config.Origin: %s", body)
	}
	s.stored = map[string]string{"stytch_session": uma.Token, "stytch_session_jwt": uma.JWT()}
	if body := s.step("the list", "GET", "/auth/passkeys", "", "200  no-store"); !hasParts(body, "Your passkeys") {
		t.Errorf("the page is %s", body)
	}
}
