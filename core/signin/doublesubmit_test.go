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

// A password is no one-time code: whoever sends its form twice in one browser gets one session, and whoever else
// knows it a session of their own.
func TestAPasswordThatIsSentTwiceSignsInOnce(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		add := func(email string) {
			if w.kind == stytchtest.B2B {
				w.stytch.AddMember(stytchtest.Member{Email: email, Organization: organization, Password: goodPassword})
			} else {
				w.stytch.AddUser(stytchtest.User{Email: email, Password: goodPassword})
			}
		}
		add("twice@example.com")
		form := []string{"email", "twice@example.com", "password", goodPassword, "organization", organization, "return_to", "/x"}
		b := w.browser()
		b.gets("/auth/password")
		b.submitsTwice(t, "/auth/password", "/x", form...)
		if n := w.stytch.Calls(stytchtest.AuthenticatePassword); n != 1 || b.whoami() == "" {
			t.Errorf("%d sessions", n)
		}
		first := b.sessionToken()

		other := w.browser()
		other.gets("/auth/password")
		other.posts("/auth/password", form...).goes(t, "/x")
		plain := w.browser() // from a page of the application's own: nobody knows which browser it is
		plain.posts("/auth/password", form...).goes(t, "/x")
		if tokens := []string{first, other.sessionToken(), plain.sessionToken()}; tokens[0] == tokens[1] || tokens[0] == tokens[2] || tokens[1] == tokens[2] {
			t.Error("browsers share a session")
		}

		b.posts("/auth/logout")
		b.gets("/auth/password")
		b.posts("/auth/password", form...).goes(t, "/x")
		if b.whoami() == "" {
			t.Error("the next login is the one that ended")
		}
		wrong := []string{"email", "twice@example.com", "password", "wrong", "organization", organization}
		b.gets("/auth/password")
		calls := w.stytch.Calls(stytchtest.AuthenticatePassword)
		for range 2 {
			b.posts("/auth/password", wrong...).says(t, http.StatusUnauthorized, "")
		}
		if n := w.stytch.Calls(stytchtest.AuthenticatePassword); n != calls+2 {
			t.Errorf("%d of two wrong ones were tried", n-calls)
		}
	})
}

// The second form would find the password changed.
func TestAPasswordThatIsChangedTwiceIsChangedOnce(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		if w.kind == stytchtest.B2B {
			w.stytch.AddMember(stytchtest.Member{Email: "ada@example.com", Organization: organization, Password: goodPassword})
		} else {
			w.stytch.AddUser(stytchtest.User{Email: "ada@example.com", Password: goodPassword})
		}
		b := w.browser()
		b.gets("/auth/password/change?organization="+organization).says(t, http.StatusOK, "")
		b.submitsTwice(t, "/auth/password/change", "/x", "email", "ada@example.com", "password", goodPassword, "new_password", otherPassword, "organization", organization, "return_to", "/x")
		if n := w.stytch.Calls(stytchtest.ResetPasswordByExisting); n != 1 || b.whoami() == "" {
			t.Errorf("changed %d times", n)
		}
	})
}
