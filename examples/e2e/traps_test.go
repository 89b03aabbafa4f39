package e2e

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// submitTwice presses the button of the form that has this field twice, as a double click does.
func (v *visitor) submitTwice(label string) {
	v.t.Helper()
	form := "document.getElementById('" + label + "').form"
	v.land(http.StatusOK, "submit twice", responseOf(chromedp.Evaluate[chromedp.Void](form+".requestSubmit(); "+form+".requestSubmit()")))
}

// goBack presses the browser's back button.
func (v *visitor) goBack() {
	v.t.Helper()
	v.land(http.StatusOK, "go back", responseOf(chromedp.NavigateBack()))
}

// traps are what people do with forms that nobody had in mind.
func (s *suite) traps(t *testing.T) {
	base := s.start(t, nil).URL
	t.Run("passwords", func(t *testing.T) { s.passwordTraps(t, base) })
	t.Run("codes", func(t *testing.T) { s.codeTraps(t, base) })
	t.Run("second factors", func(t *testing.T) { s.secondTraps(t, base) })
	t.Run("step-ups", func(t *testing.T) { s.stepUpTraps(t, base) })
}

func (s *suite) passwordTraps(t *testing.T, base string) {
	v := s.visit(t, base)
	v.open("/auth/password?organization=acme&return_to=/api/me")
	second := v.tab("/auth/password?organization=acme&return_to=/settings")
	v.fill("E-mail", "ed@acme.example")
	v.fill("Password", sandbox.Password)
	v.submitTwice("password")
	v.at("/api/me", "editor")
	second.fill("E-mail", "ed@acme.example")
	second.fill("Password", sandbox.Password)
	second.press("Sign in")
	second.at("/settings", "password")
	v.goBack()
	v.at("/auth/password?organization=acme&return_to=/api/me")
	if left := v.evaluate("document.getElementById('password').value"); left != "" {
		t.Errorf("the back button brings a password back: %q", left)
	}
	v.fill("Password", "wrong") // the address is still there
	v.pressFor(http.StatusUnauthorized, "Sign in")
	v.open("/api/me") // a wrong password signs nobody out
	v.sees("editor")
}

func (s *suite) codeTraps(t *testing.T, base string) {
	v, elsewhere := s.visit(t, base), s.visit(t, base)
	v.open("/auth/email-code?organization=acme&return_to=/profile")
	v.fill("E-mail", "mona@acme.example")
	v.press("Send me a code")
	mailbox := v.tab("/sandbox")
	first := mailbox.newestCode()
	v.press("Send a new code")
	code := mailbox.newestCode()
	v.fill("Code", first)
	v.pressFor(http.StatusUnauthorized, "Sign in")
	v.sees("The code is wrong or too old")

	elsewhere.open("/auth/email-code/verify")
	elsewhere.at("/login?reason=login_expired", "not finished in time")

	second := v.tab("/auth/email-code/verify")
	v.fill("Code", code)
	v.submitTwice("code")
	v.at("/profile", "mona@acme.example")
	second.fill("Code", code)
	second.press("Sign in")
	second.at("/profile", "mona@acme.example")
	second.goBack()
	second.at("/profile", "mona@acme.example")
}

func (s *suite) secondTraps(t *testing.T, base string) {
	v, elsewhere := s.visit(t, base), s.visit(t, base)
	v.open("/auth/password?organization=acme&return_to=/profile")
	v.fill("E-mail", "tia@acme.example")
	v.fill("Password", sandbox.Password)
	v.submitTwice("password")
	v.at("/auth/mfa")
	mailbox, second := v.tab("/sandbox"), v.tab("/auth/mfa")
	first := mailbox.newestCode()
	v.press("Send a new code")
	code := mailbox.newestCode()
	second.fill("Code sent to •••11", first)
	second.pressFor(http.StatusUnauthorized, "Continue")
	elsewhere.open("/auth/mfa")
	elsewhere.at("/login?reason=login_expired")
	v.fill("Code sent to •••11", code)
	v.submitTwice("sms")
	v.at("/profile", "tia@acme.example")
	second.fill("Code sent to •••11", code)
	second.press("Continue")
	second.at("/profile", "tia@acme.example")
	v.goBack()
	v.at("/profile", "tia@acme.example")
}

func (s *suite) stepUpTraps(t *testing.T, base string) {
	v := s.visit(t, base)
	v.signInEarlier("Mona Miller", "acme", "/settings")
	page := v.location()
	v.press("Mail a code to mona@acme.example")
	mailbox := v.tab("/sandbox")
	first := mailbox.newestCode()
	v.press("Mail a new code")
	v.reload() // sends none
	code := mailbox.newestCode()
	v.fill("Code mailed to mona@acme.example", first)
	v.pressFor(http.StatusUnauthorized, "Continue")
	v.sees("The code is wrong or too old")
	v.fill("Code mailed to mona@acme.example", code)
	v.submitTwice("mailed")
	v.at("/settings", "email_otp")

	other := s.visit(t, base)
	other.signInEarlier("Ed Evans", "acme", "/settings")
	other.at(page)
	other.press("Mail a link to ed@acme.example")
	v.openLink("ed@acme.example") // in a browser where somebody else is signed in
	v.atConfirmation()
	v.press("Sign in")
	v.at("/login?reason=other_browser")
	other.openLink("ed@acme.example")
	other.at("/settings", "magic_link")
}
