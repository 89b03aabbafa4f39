package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// accountStepUp is where a change leads whoever has not shown of late who they are.
const accountStepUp = "/auth/step-up?reason=reauthentication_required&return_to=%2Fauth%2Faccount"

// appCode is the code that this person's authenticator app shows now.
func (v *visitor) appCode(name string) string {
	v.t.Helper()
	return v.tab("/sandbox").evaluate(`[...document.querySelectorAll("li")].filter(e => e.innerText.includes("` + name + `"))
		.flatMap(e => [...e.querySelectorAll("span")]).find(e => e.innerText.startsWith("the app’s code now")).querySelector("code").innerText`)
}

// keeps says of recovery codes that they are kept; nobody gets past them without.
func (v *visitor) keeps(button string) {
	v.t.Helper()
	before := v.location()
	v.do("press", chromedp.Click("//main//button[normalize-space()='"+button+"']"))
	if v.evaluate("document.querySelector('[type=checkbox]').validity.valueMissing") != "true" || v.location() != before {
		v.t.Error("recovery codes are gone past without being kept")
	}
	v.do("check", chromedp.Click("[type=checkbox]"))
	v.press(button)
}

// account: what somebody signs in with is changed.
func (s *suite) account(t *testing.T) {
	t.Run("of a member", s.memberAccount)
	t.Run("of a user", s.userAccount)
}

func (s *suite) memberAccount(t *testing.T) {
	base := s.start(t, nil).URL
	v, elsewhere := s.visit(t, base), s.visit(t, base)
	v.signInEarlier("Ed Evans", "acme", "/auth/account")
	v.at("/auth/account", "Your account")
	v.look("account")
	v.press("Set one up")
	v.at(accountStepUp, "Confirm that it is you")
	v.fill("Password", sandbox.Password)
	v.press("Continue")
	v.at("/auth/account", "Your account")

	v.press("Change it")
	v.fill("E-mail", "ed@acme.example")
	v.fill("Present password", sandbox.Password)
	v.fill("New password", "another sandbox password")
	v.press("Save and sign in")
	v.at("/auth/account", "Your account")

	v.press("Set one up")
	v.sees("Set up an authenticator app", "Keep these recovery codes")
	v.glance("account-app")
	v.fill("Code of your authenticator app", v.appCode("Ed Evans"))
	v.keeps("Add the app")
	v.at("/auth/account", "Remove the app")
	v.press("Make new recovery codes")
	v.sees("Your new recovery codes", "not shown again")
	v.glance("recovery-codes")
	first := v.evaluate("document.querySelector('.codes code').innerText")
	v.keeps("Done")
	v.at("/auth/account?", "Your account")
	if v.evaluate("document.body.innerText.includes('"+first+"')") == "true" {
		t.Error("recovery codes are shown again")
	}
	v.open("/auth/account")

	v.fill("Number with the code of its country", "+1 555 0123")
	v.press("Send a code by SMS")
	v.sees("Confirm your phone", "+15550123")
	v.glance("phone")
	v.fill("Code sent to +15550123", v.tab("/sandbox").newestCode())
	v.press("Add the phone")
	v.at("/auth/account", "Codes are sent to •••23")
	v.look("account-full")
	v.press("Remove the phone")
	v.at("/auth/account", "Number with the code of its country")
	v.press("Remove the app")
	v.at("/auth/account", "Set one up")

	elsewhere.signIn("Ed Evans", "acme")
	v.press("Sign out everywhere")
	elsewhere.open("/profile")
	elsewhere.at("/login?reason=session_ended&return_to=%2Fprofile")
	v.open("/auth/account")
	v.at("/login?reason=session_missing&return_to=%2Fauth%2Faccount")
}

func (s *suite) userAccount(t *testing.T) {
	base := named(t, s.start(t, nil, "STYTCH_VERTICAL=consumer").URL, "localhost")
	v, elsewhere := s.visit(t, base), s.visit(t, base)
	for _, w := range []*visitor{v, elsewhere} {
		w.open("/login?return_to=/auth/account")
		w.press("Sign in as Ed Evans")
		w.at("/auth/account", "Your account")
	}
	v.look("account-user")
	v.press("Add, name and remove passkeys")
	v.at("/auth/passkeys", "You have none yet")
	v.look("passkeys-none")
	v.open("/auth/account")
	v.press("Set one up")
	v.fill("Code of your authenticator app", v.appCode("Ed Evans"))
	v.keeps("Add the app")
	v.at("/auth/account", "Remove the app")
	v.press("Sign out everywhere")
	elsewhere.open("/profile")
	elsewhere.at("/login?reason=session_ended&return_to=%2Fprofile")
}
