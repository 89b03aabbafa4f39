package signin_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Whoever knows a password logs in as often as they like: that gives no more guesses at the second factor.
func TestAnotherLoginGivesNoMoreGuessesAtTheSecondFactor(t *testing.T) {
	w, alice, b := atSecond(t, stytchtest.Member{MFA: true, Phone: "+15550100"})
	again := func() *browser {
		other := w.browser()
		other.posts("/auth/magic-link", "email", alice.Email, "organization", "acme").goes(t, "/auth/magic-link")
		other.gets(w.link()).goes(t, "/auth/mfa")
		return other
	}
	for range 3 {
		b.posts("/auth/mfa", "method", "totp", "code", "000000").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		b.posts("/auth/mfa", "method", "sms").goes(t, "/auth/mfa")
	}
	b = again()
	for range 2 {
		b.posts("/auth/mfa", "method", "totp", "code", "000000").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		b.posts("/auth/mfa", "method", "sms").goes(t, "/auth/mfa")
	}
	b = again()
	b.posts("/auth/mfa", "method", "totp", "code", "000000").says(t, http.StatusTooManyRequests, "")
	b.posts("/auth/mfa", "method", "sms").says(t, http.StatusTooManyRequests, "")
}

// What is in the cookie of a pending login is the handler's word, and not the browser's: nobody who has a
// second factor sets another one up by writing there that they have none.
func TestNobodyWritesWhatIsPending(t *testing.T) {
	w, _, b := atSecond(t, stytchtest.Member{MFA: true, Phone: "+15550100"})
	at, err := url.Parse(w.app.URL + "/auth/mfa")
	if err != nil {
		t.Fatal(err)
	}
	var sealed string
	for _, c := range b.jar.Cookies(at) {
		if c.Name == "stytchkit_pending" {
			sealed = c.Value
		}
	}
	forged := []string{base64.RawURLEncoding.EncodeToString([]byte(`{"b":"","f":{"e":true},"n":true}`))}
	for i := 0; i < len(sealed); i += 8 { // a cipher without a seal would let bits be flipped
		forged = append(forged, sealed[:i]+strings.Map(func(r rune) rune {
			if r == 'A' {
				return 'Q'
			}
			return 'A'
		}, sealed[i:i+1])+sealed[i+1:])
	}
	for _, value := range forged {
		b.jar.SetCookies(at, []*http.Cookie{{Name: "stytchkit_pending", Value: value, Path: "/"}})
		b.posts("/auth/mfa", "method", "totp").goes(t, "/login?reason=login_expired")
		b.posts("/auth/mfa", "method", "sms", "phone", "+15550666").goes(t, "/login?reason=login_expired")
	}
	if n := w.stytch.Calls(stytchtest.CreateTOTP) + w.stytch.Calls(stytchtest.SendSMS); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// Nor does another session give more guesses at what steps one up.
func TestAnotherSessionGivesNoMoreGuessesAtAStepUp(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		for range 5 {
			w.ada.posts("/auth/step-up", "method", "totp", "code", "000000").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
			w.ada.posts("/auth/step-up", "method", "sms").goes(t, "/auth/step-up?sent=sms")
		}
		other := w.signedIn("ada@example.com")
		other.posts("/auth/step-up", "method", "totp", "code", w.totp()).says(t, http.StatusTooManyRequests, "")
		other.posts("/auth/step-up", "method", "sms").says(t, http.StatusTooManyRequests, "")
		bob := w.signedIn("bob@example.com")
		bob.posts("/auth/step-up", "method", "password", "password", otherPassword, "return_to", "/secure").goes(t, "/secure")
	})
}

// A page of a sibling domain can set the cookie of an intermediate session, and so try to sign the browser in
// as somebody else. It cannot set the sealed one beside it.
func TestAPlantedDiscoverySignsNobodyIn(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	eve := w.member("eve@evil.example", "evil")
	eves := must(w.auth.IntermediateSession(stytchkit.HTTPRequest{R: w.discovered("eve@evil.example", "").at("/auth/organizations")}))
	planted := "stytch_intermediate_session_token=" + eves

	stranger := w.browser()
	stranger.gets("/auth/organizations", "Cookie: "+planted).goes(t, "/login?reason=session_missing")
	stranger.does(http.MethodPost, "/auth/organizations", formOf("organization_id", eve.OrganizationID), "Cookie: "+planted).goes(t, "/login?reason=session_missing")
	stranger.does(http.MethodPost, "/auth/organizations", formOf("organization_name", "Trap"), "Cookie: "+planted).goes(t, "/login?reason=login_expired")

	b := w.signedIn(alice)
	at := must(url.Parse(w.app.URL))
	b.jar.SetCookies(at, []*http.Cookie{{Name: "stytch_intermediate_session_token", Value: eves, Path: "/"}})
	if list := b.gets("/auth/organizations"); list.StatusCode != http.StatusOK || strings.Contains(list.body, "eve@evil.example") || !strings.Contains(list.body, "acme") {
		t.Errorf("who is signed in is shown\n%s", list.body)
	}
	b.posts("/auth/organizations", "organization_id", eve.OrganizationID).goes(t, "/auth/organizations?reason=not_allowed")
	if who := b.whoami(); who != alice.ID {
		t.Errorf("signed in as %q", who)
	}
}
