package signin_test

import (
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// submitsTwice sends a form twice at once with the cookies of now, as a double click does, and once more; each
// answer has to lead to the same place. The browser keeps what the last one set.
func (b *browser) submitsTwice(t *testing.T, target, to string, fields ...string) {
	t.Helper()
	u, _ := url.Parse(b.w.app.URL + target)
	before := b.jar.Cookies(u)
	send := func() reply {
		other := b.w.browser()
		other.jar.SetCookies(u, before)
		return other.posts(target, fields...)
	}
	var both sync.WaitGroup
	var replies [3]reply
	for i := range 2 {
		both.Go(func() { replies[i] = send() })
	}
	both.Wait()
	replies[2] = send()
	for _, r := range replies {
		r.goes(t, to)
		b.jar.SetCookies(u, r.Cookies())
	}
}

func TestASecondFactorThatIsSentTwiceIsUsedOnce(t *testing.T) {
	for _, method := range []string{"totp", "sms", "recovery"} {
		t.Run(method, func(t *testing.T) {
			w, alice, b := atSecond(t, stytchtest.Member{MFA: true, Phone: "+15550100"})
			code := map[string]string{"totp": alice.TOTP(), "sms": w.stytch.Texts()[0].Code, "recovery": alice.RecoveryCodes()[0]}[method]
			b.submitsTwice(t, "/auth/mfa", "/x", "method", method, "code", code)
			b.isSignedInAs(alice)
			if n := w.stytch.Calls(stytchtest.AuthenticateTOTP) + w.stytch.Calls(stytchtest.AuthenticateSMS) + w.stytch.Calls(stytchtest.UseRecoveryCode); n != 1 {
				t.Errorf("the code was used %d times", n)
			}
		})
	}
}

func TestAStepUpThatIsSentTwiceUsesItsProofOnce(t *testing.T) {
	for _, method := range []string{"totp", "sms", "email"} {
		t.Run(method, func(t *testing.T) {
			inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
				w.ada.posts("/auth/step-up", "method", method)
				code := w.totp()
				switch method {
				case "sms":
					code = w.stytch.Texts()[0].Code
				case "email":
					code = w.codeMail().Code
				}
				w.ada.submitsTwice(t, "/auth/step-up", "/secure", "method", method, "code", code, "return_to", "/secure")
				if !w.ada.isSteppedUp() {
					t.Error("not stepped up")
				}
			})
		})
	}
}

// Who comes back to a form of a sign-in that has ended, by the back button, goes on.
func TestWhoIsSignedInGoesOnFromAFormThatWaitsForNothing(t *testing.T) {
	_, alice, b := atSecond(t, stytchtest.Member{MFA: true})
	for _, path := range []string{"/auth/mfa", "/auth/email-code/verify"} {
		b.w.browser().gets(path).goes(t, "/login?reason=login_expired")
	}
	b.posts("/auth/mfa", "method", "totp", "code", alice.TOTP()).goes(t, "/x")
	for _, path := range []string{"/auth/mfa", "/auth/email-code/verify"} {
		b.gets(path).goes(t, "/")
		b.posts(path, "method", "totp", "code", "123456").goes(t, "/")
		b.asks(http.MethodGet, path, "").says(t, http.StatusOK, `"next":"/"`)
	}
	b.isSignedInAs(alice)
}
