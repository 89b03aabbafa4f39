package signin_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

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
	for _, c := range b.jar.Cookies(at) {
		if c.Name != "stytchkit_pending" {
			continue
		}
		value := c.Value
		for len(value) > 0 {
			if data, err := base64.RawURLEncoding.DecodeString(value); err == nil && strings.HasSuffix(string(data), "}") {
				forged := strings.Replace(string(data), `"f":{`, `"f":{"e":true,`, 1)
				b.jar.SetCookies(at, []*http.Cookie{{Name: c.Name, Value: base64.RawURLEncoding.EncodeToString([]byte(forged)) + c.Value[len(value):], Path: "/"}})
				break
			}
			value = value[:len(value)-1]
		}
	}
	b.posts("/auth/mfa", "method", "totp").goes(t, "/login?reason=login_expired")
	b.posts("/auth/mfa", "method", "sms", "phone", "+15550666").goes(t, "/login?reason=login_expired")
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
