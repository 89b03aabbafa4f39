package e2e

import (
	"net/http"
	"testing"

	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// newestCode is the newest code in the sandbox's mailbox.
func (v *visitor) newestCode() string {
	v.t.Helper()
	v.open("/sandbox")
	return v.evaluate(`document.querySelector(".people code").innerText`)
}

// lookOnce looks at one of core/signin's own pages, on the way of a case that every demo has.
func (s *suite) lookOnce(v *visitor, name string) {
	v.t.Helper()
	if s.demo == pagesOn {
		v.look(name)
	}
}

// passwords: a password, a code by text message that goes with it, and a new password by a link.
func (s *suite) passwords(t *testing.T) {
	tia := s.visit(t, s.embedded.URL)
	tia.open("/login?return_to=/profile?tab=2")
	tia.press("Sign in with a password")
	s.lookOnce(tia, "password")
	tia.fill("E-mail", "tia@acme.example")
	tia.fill("Password", "wrong")
	tia.pressFor(http.StatusUnauthorized, "Sign in")
	tia.sees("The address or the password is wrong")
	tia.fill("Password", sandbox.Password)
	tia.press("Sign in")
	tia.at("/auth/organizations", "Acme")
	tia.press("Go on to Acme")
	tia.at("/auth/mfa", "Confirm that it is you")
	s.lookOnce(tia, "second")
	code := tia.newestCode()
	tia.open("/auth/mfa")
	tia.fill("Code sent to •••11", "000000")
	tia.pressFor(http.StatusUnauthorized, "Continue")
	tia.sees("The code is wrong or too old")
	tia.fill("Code sent to •••11", code)
	tia.press("Continue")
	tia.at("/profile?tab=2", "tia@acme.example")

	ed := s.visit(t, s.embedded.URL)
	ed.open("/auth/password?organization=acme")
	ed.fill("E-mail", "ed@acme.example")
	ed.press("Forgot the password?")
	ed.at("/auth/magic-link", "Check your mail")
	ed.openLink("ed@acme.example")
	ed.sees("Choose a new password")
	s.lookOnce(ed, "reset")
	ed.fill("New password", "short")
	ed.pressFor(http.StatusBadRequest, "Save and sign in")
	ed.sees("This is a short password.")
	ed.fill("New password", sandbox.Password+" again")
	ed.press("Save and sign in")
	ed.at("/profile", "ed@acme.example")
	ed.press("Sign out")
	ed.open("/auth/password?organization=acme")
	ed.fill("E-mail", "ed@acme.example")
	ed.fill("Password", sandbox.Password+" again")
	ed.press("Sign in")
	ed.at("/profile", "ed@acme.example")

	knowing := s.visit(t, s.embedded.URL)
	knowing.open("/auth/password/change?organization=acme")
	s.lookOnce(knowing, "change")
	knowing.fill("E-mail", "ed@acme.example")
	knowing.fill("Present password", sandbox.Password+" again")
	knowing.fill("New password", sandbox.Password+" once more")
	knowing.press("Save and sign in")
	knowing.at("/profile", "ed@acme.example")
}

// mailedCode: a code works in the browser that asked for it.
func (s *suite) mailedCode(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.open("/login?return_to=/profile?tab=2")
	v.press("Have a code mailed")
	v.fill("E-mail", "mona@acme.example")
	v.press("Send me a code")
	s.lookOnce(v, "code")
	code := v.newestCode()
	v.open("/auth/email-code/verify")
	v.fill("Code", code)
	v.press("Sign in")
	v.at("/auth/organizations", "Acme")
	v.press("Go on to Acme")
	v.at("/profile?tab=2", "mona@acme.example")
}
