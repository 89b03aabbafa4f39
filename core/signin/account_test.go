package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// accountWorld is a world with the page, in which Ada has signed in, in two browsers, and so has Bob.
type accountWorld struct {
	*world
	ada, elsewhere, bob *browser
	person              accountHolder // Ada
	signIn              func(...stytchtest.SessionOption) *stytchtest.Session
}

// accountHolder is a member or a user.
type accountHolder interface {
	TOTP() string
	RecoveryCodes() []string
}

// holding is what Ada has from the beginning.
type holding struct {
	phone    string
	app      bool
	password string
}

func newAccountWorld(t *testing.T, vertical stytchtest.Vertical, has holding) *accountWorld {
	t.Helper()
	w := &accountWorld{world: newWorldOf(t, vertical, func(c *signin.Config) { c.AccountPage = true })}
	var bob *stytchtest.Session
	if vertical == stytchtest.B2B {
		ada := w.stytch.AddMember(stytchtest.Member{
			Email: "ada@example.com", Organization: "acme", Password: has.password, Phone: has.phone, MFA: has.app || has.phone != "", NoAuthenticator: !has.app,
		})
		w.person, w.signIn = ada, ada.SignIn
		bob = w.stytch.AddMember(stytchtest.Member{Email: "bob@example.com", Organization: "acme"}).SignIn()
	} else {
		ada := w.stytch.AddUser(stytchtest.User{Email: "ada@example.com", Password: has.password, Phone: has.phone, Authenticator: has.app})
		w.person, w.signIn = ada, ada.SignIn
		bob = w.stytch.AddUser(stytchtest.User{Email: "bob@example.com"}).SignIn()
	}
	var proof []stytchtest.SessionOption
	switch {
	case has.app:
		proof = append(proof, stytchtest.WithTOTP())
	case has.phone != "":
		proof = append(proof, stytchtest.WithSMS())
	}
	w.ada, w.elsewhere, w.bob = w.with(w.signIn(proof...)), w.with(w.signIn(proof...)), w.with(bob)
	w.stytch.ResetCalls()
	return w
}

// with is a browser with a session.
func (w *accountWorld) with(s *stytchtest.Session) *browser {
	b := w.browser()
	u, _ := url.Parse(w.app.URL)
	b.jar.SetCookies(u, s.Cookies())
	return b
}

func inBothAccounts(t *testing.T, has holding, test func(t *testing.T, w *accountWorld)) {
	t.Helper()
	for name, vertical := range map[string]stytchtest.Vertical{"B2B": stytchtest.B2B, "consumer": stytchtest.Consumer} {
		t.Run(name, func(t *testing.T) { test(t, newAccountWorld(t, vertical, has)) })
	}
}

const accountStepUp = "/auth/step-up?reason=reauthentication_required&return_to=%2Fauth%2Faccount"

func TestSignOutEverywhere(t *testing.T) {
	inBothAccounts(t, holding{}, func(t *testing.T, w *accountWorld) {
		if w.ada.whoami() == "" || w.elsewhere.whoami() == "" {
			t.Fatal("not signed in")
		}
		w.ada.gets("/auth/account").says(t, http.StatusOK, "Sign out everywhere")
		w.ada.posts("/auth/account", "change", "sign_out_everywhere").goes(t, "/login")
		for _, name := range w.ada.cookies() {
			if strings.Contains(name, "stytch_session") {
				t.Errorf("left %s", name)
			}
		}
		before := w.stytch.Calls(stytchtest.Authenticate)
		if who := w.elsewhere.whoami(); who != "" {
			t.Errorf("elsewhere still signed in as %s", who)
		}
		if n := w.stytch.Calls(stytchtest.Authenticate); n > before+1 {
			t.Errorf("%d calls", n-before)
		}
		if w.bob.whoami() == "" {
			t.Error("Bob is signed out as well")
		}
	})
}

// A client is answered as at the logout.
func TestAClientSignsOutEverywhere(t *testing.T) {
	inBothAccounts(t, holding{}, func(t *testing.T, w *accountWorld) {
		w.ada.asks(http.MethodGet, "/auth/account", "").says(t, http.StatusOK, `"sign_out_everywhere"`)
		w.ada.asks(http.MethodPost, "/auth/account", `{"change":"sign_out_everywhere"}`).says(t, http.StatusNoContent, "")
		if w.ada.whoami() != "" || w.elsewhere.whoami() != "" {
			t.Error("still signed in")
		}
	})
}

// Until Stytch has ended them, none is over here, so that it can be tried again.
func TestSignOutEverywhereInAnOutage(t *testing.T) {
	inBothAccounts(t, holding{}, func(t *testing.T, w *accountWorld) {
		w.stytch.Fail(stytchtest.Revoke, stytchtest.Fault{Status: http.StatusServiceUnavailable})
		w.ada.asks(http.MethodPost, "/auth/account", `{"change":"sign_out_everywhere"}`).says(t, http.StatusServiceUnavailable, "")
		w.stytch.Recover()
		if w.ada.whoami() == "" {
			t.Error("signed out without an end at Stytch")
		}
		w.ada.posts("/auth/account", "change", "sign_out_everywhere").goes(t, "/login")
		if w.ada.whoami() != "" || w.elsewhere.whoami() != "" {
			t.Error("still signed in")
		}
	})
}

func TestTheAccountPageIsOffByDefault(t *testing.T) {
	w := newWorld(t)
	w.browser().gets("/auth/account").says(t, http.StatusNotFound, "")
	w.browser().posts("/auth/account", "change", "sign_out_everywhere").says(t, http.StatusNotFound, "")
}

// A passkey counts as a second factor later on: a stolen password adds none.
func TestPasskeysOfWhoeverHasASecondFactorWantIt(t *testing.T) {
	w := newAccountWorld(t, stytchtest.Consumer, holding{app: true})
	first := w.with(w.signIn(stytchtest.SignedInBy("password")))
	const stepUp = "/auth/step-up?reason=reauthentication_required&return_to=%2Fauth%2Fpasskeys"
	first.gets("/auth/passkeys").goes(t, stepUp)
	first.asks(http.MethodPost, "/auth/passkeys/name", "{}").says(t, http.StatusUnauthorized, `"reauthentication_required"`)
	if page := first.gets(stepUp); strings.Contains(page.body, `value="email"`) {
		t.Errorf("the page asks for what would not do:\n%s", page.body)
	}
	w.ada.gets("/auth/passkeys").says(t, http.StatusOK, "")
}

// Whoever has only the session, or acts as somebody else, or is another site's page, changes nothing.
func TestAChangeOfAnAccountWantsAProof(t *testing.T) {
	inBothAccounts(t, holding{phone: "+15550100", app: true}, func(t *testing.T, w *accountWorld) {
		support := w.with(w.signIn(stytchtest.ImpersonatedBy("support@example.com")))
		w.ada.does(http.MethodPost, "/auth/account", formOf("change", "remove_totp"), "Origin: https://evil.example", "Sec-Fetch-Site: cross-site").says(t, http.StatusForbidden, "")
		firstAlone := w.with(w.signIn(stytchtest.SignedInBy("password"))) // a stolen password takes no second factor away
		w.clock.Advance(time.Second)
		w.stytch.ResetCalls()
		for _, change := range []string{"sign_out_everywhere", "remove_totp", "remove_phone"} {
			support.posts("/auth/account", "change", change).says(t, http.StatusForbidden, signin.Message("impersonated"))
			firstAlone.posts("/auth/account", "change", change).goes(t, accountStepUp)
			w.browser().posts("/auth/account", "change", change).goes(t, "/login?reason=session_missing&return_to=%2Fauth%2Faccount")
		}
		page := firstAlone.gets(accountStepUp)
		page.says(t, http.StatusOK, "Code of your authenticator app")
		if strings.Contains(page.body, `value="password"`) || strings.Contains(page.body, `value="email"`) {
			t.Errorf("the page asks for what would not do:\n%s", page.body)
		}
		w.clock.Advance(11 * time.Minute)
		for _, change := range []string{"sign_out_everywhere", "remove_totp", "remove_phone"} {
			w.ada.posts("/auth/account", "change", change).goes(t, accountStepUp)
			w.ada.asks(http.MethodPost, "/auth/account", `{"change":"`+change+`"}`).says(t, http.StatusUnauthorized, `"reauthentication_required"`)
		}
		support.gets("/auth/account").says(t, http.StatusForbidden, signin.Message("impersonated"))
		support.asks(http.MethodGet, "/auth/account", "").says(t, http.StatusForbidden, `"impersonated"`)
		if n := w.stytch.Calls(stytchtest.Revoke) + w.stytch.Calls(stytchtest.ListSessions); n != 0 {
			t.Errorf("%d calls", n)
		}
		w.ada.posts("/auth/step-up", "method", "totp", "code", w.person.TOTP(), "return_to", "/auth/account").goes(t, "/auth/account")
		w.ada.gets("/auth/account").says(t, http.StatusOK, "Remove the app")
	})
}
