package e2e

import (
	"net/http"
	"testing"

	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// signInEarlier signs a member of the sandbox in who proved an hour ago who they are.
func (v *visitor) signInEarlier(name, organization, returnTo string) {
	v.t.Helper()
	v.open("/login?return_to=" + returnTo)
	v.evaluate("document.querySelector('[value=earlier]').checked = true")
	v.press("Sign in as " + name + " of " + organization)
}

// stepUp: a page that wants a recent proof leads to where it is given, and that back to the page.
func (s *suite) stepUp(t *testing.T) {
	v := s.visit(t, s.start(t, nil).URL)
	v.signInEarlier("Ed Evans", "acme", "/settings?tab=2")
	v.at("/auth/step-up?reason=reauthentication_required&return_to=%2Fsettings%3Ftab%3D2", "Confirm that it is you")
	s.lookOnce(v, "step-up")
	v.open("/")
	v.console.tolerate(v.base + "/api/secure")
	if to := v.evaluate("(await (await fetch('/api/secure')).json()).step_up_url"); to != "/auth/step-up" {
		t.Errorf("a page that fetches is told to go to %q", to)
	}
	v.open("/settings?tab=2")
	v.fill("Password", "wrong")
	v.pressFor(http.StatusUnauthorized, "Continue")
	v.sees("The address or the password is wrong")
	v.fill("Password", sandbox.Password)
	v.press("Continue")
	v.at("/settings?tab=2", "Settings", "password")
	s.lookOnce(v, "settings")
}
