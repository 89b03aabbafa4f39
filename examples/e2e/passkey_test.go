package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// hasAuthenticator gives the visitor's browser an authenticator that asks nobody.
func (v *visitor) hasAuthenticator() webauthn.AuthenticatorID {
	v.t.Helper()
	if _, err := chromedp.Call(v.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		v.t.Fatal(err)
	}
	added, err := chromedp.Call(v.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	if err != nil {
		v.t.Fatal(err)
	}
	return added.AuthenticatorID
}

// passkeys: one is made, signs in, steps up and is removed; where there are none, words say so.
func (s *suite) passkeys(t *testing.T) {
	base := s.start(t, nil, "STYTCH_VERTICAL=consumer").URL
	v := s.visit(t, named(t, base, "localhost")) // an IP address has no passkeys
	v.beforePages("if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => location.hash === '#offered'")
	authenticator := v.hasAuthenticator()
	v.open("/login?return_to=/auth/passkeys")
	v.press("Sign in as Una Urban")
	v.sees("You have none yet")
	v.fill("Name such as the device that it is on", "My laptop")
	v.press("Add a passkey")
	v.at("/auth/passkeys", "My laptop")
	v.look("passkeys")

	v.open("/")
	v.press("Sign out")
	v.open("/auth/passkey?return_to=/settings")
	v.look("passkey")
	v.press("Use a passkey")
	v.at("/settings", "webauthn")

	v.open("/auth/step-up?return_to=/settings")
	v.press("Use a passkey")
	v.at("/settings", "webauthn")

	v.open("/")
	v.press("Sign out")
	v.open("/auth/passkey?return_to=/settings#offered") // to the field, and the authenticator takes it at once
	v.do("wait for the settings", chromedp.WaitVisible("//h1[.='Settings']"))
	v.at("/settings", "webauthn")
	v.open("/auth/passkeys")
	v.press("Remove My laptop")
	v.at("/auth/passkeys", "You have none yet")
	v.open("/")
	v.press("Sign out")
	v.open("/auth/passkey")
	v.press("Use a passkey") // the browser still has it
	v.at("/auth/passkey?reason=passkey_refused", "is not known here")
	if _, err := chromedp.Call(v.ctx, webauthn.ClearCredentials, webauthn.ClearCredentialsParams{AuthenticatorID: authenticator}); err != nil {
		t.Fatal(err)
	}
	v.do("press", chromedp.Click("//main//button[normalize-space()='Use a passkey']"))
	v.do("wait for words", chromedp.WaitVisible("[data-passkey-failed]"))
	v.sees("No passkey was used")

	none := s.visit(t, base)
	none.open("/auth/passkey")
	none.sees("This browser cannot use passkeys here", "Send me a code")
}
