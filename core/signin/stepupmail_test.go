package signin_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// codeMail is the newest code that was mailed.
func (w *world) codeMail() stytchtest.Message {
	w.t.Helper()
	mail := w.stytch.Mail()
	if len(mail) == 0 || mail[len(mail)-1].Code == "" {
		w.t.Fatalf("no code was mailed: %v", mail)
	}
	return mail[len(mail)-1]
}

// The page asks for the code at an address of its own, so that it can be loaded again and come back to.
func TestAStepUpByACodeThatIsMailed(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		before, _ := w.ada.session()
		w.ada.gets("/auth/step-up").says(t, http.StatusOK, "Mail a code to ada@example.com")
		const page = "/auth/step-up?return_to=%2Fsecure&sent=email"
		w.ada.posts("/auth/step-up", "method", "email", "email", "bob@example.com", "return_to", "/secure").goes(t, page)
		w.ada.gets(page).says(t, http.StatusOK, "Code mailed to ada@example.com")
		mail := w.codeMail()
		if mail.To != "ada@example.com" {
			t.Fatalf("the code went to %s", mail.To)
		}
		wrong := w.ada.posts("/auth/step-up", "method", "email", "code", "000000", "return_to", "/secure")
		wrong.says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		wrong.says(t, http.StatusUnauthorized, "Code mailed to ada@example.com")
		if w.ada.isSteppedUp() {
			t.Fatal("stepped up by a wrong code")
		}
		w.ada.posts("/auth/step-up", "method", "email", "code", mail.Code, "return_to", "/secure").goes(t, "/secure")
		after, code := w.ada.session(stytchkit.AuthenticatedWithin(time.Minute))
		if code != "" || after.ID() != before.ID() || after.Subject() != w.adaID || after.ExpiresAt().Before(before.ExpiresAt()) || !after.HasFactor("email_otp") && !after.HasFactor("otp") {
			t.Errorf("code %q: session %s of %s, want %s of %s", code, after.ID(), after.Subject(), before.ID(), w.adaID)
		}
	})
}

// The page that a code was sent from stays, also for one by SMS; what anybody writes there sends nothing.
func TestAStepUpPageThatWaitsForACode(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		w.ada.posts("/auth/step-up", "method", "sms", "return_to", "/secure").goes(t, "/auth/step-up?return_to=%2Fsecure&sent=sms")
		w.ada.gets("/auth/step-up?return_to=%2Fsecure&sent=sms").says(t, http.StatusOK, "Code sent to •••00")
		w.ada.gets("/auth/step-up?sent=sms")
		w.ada.gets("/auth/step-up?sent=email")
		w.ada.gets("/auth/step-up?sent=%3Cscript%3E").says(t, http.StatusOK, "Mail a code to")
		if n, m := len(w.stytch.Texts()), len(w.stytch.Mail()); n != 1 || m != 0 {
			t.Errorf("%d texts, %d mails", n, m)
		}
	})
}

// A code that was mailed to somebody else, and a session that Stytch makes of the right one for somebody
// else, step nobody up.
func TestAMailedCodeOfSomebodyElseStepsNobodyUp(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		bob := w.signedIn("bob@example.com")
		bob.posts("/auth/step-up", "method", "email")
		bobs := w.codeMail().Code
		w.ada.posts("/auth/step-up", "method", "email")
		if adas := w.codeMail().Code; adas == bobs {
			t.Fatal("one code for both")
		}
		w.ada.posts("/auth/step-up", "method", "email", "code", bobs).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))

		path, body, endpoint := "/v1/passwords/authenticate", `{"email":"bob@example.com","password":"`+otherPassword+`","session_duration_minutes":60}`, stytchtest.AuthenticateCode
		if w.organization != "" {
			path, body, endpoint = "/v1/b2b/passwords/authenticate", `{"organization_id":"acme","email_address":"bob@example.com","password":"`+otherPassword+`"}`, stytchtest.AuthenticateEmailCode
		}
		other := w.raw(path, body)
		var login struct {
			Token string `json:"session_token"`
		}
		if err := json.Unmarshal([]byte(other), &login); err != nil || login.Token == "" {
			t.Fatal(other)
		}
		w.stytch.Fail(endpoint, stytchtest.Fault{Body: other})
		before, _ := w.ada.session()
		w.ada.posts("/auth/step-up", "method", "email", "code", w.codeMail().Code, "return_to", "/secure").goes(t, "/auth/step-up?reason=proof_not_yours&return_to=%2Fsecure")
		if after, _ := w.ada.session(); after.ID() != before.ID() || w.ada.isSteppedUp() {
			t.Errorf("the browser has session %s, want %s, not stepped up", after.ID(), before.ID())
		}
		stranger := w.browser()
		u, _ := url.Parse(w.app.URL)
		stranger.jar.SetCookies(u, []*http.Cookie{{Name: "stytch_session", Value: login.Token}})
		if who := stranger.whoami(); who != "" {
			t.Errorf("the other session lives, of %s", who)
		}
	})
}

// A session is no way around the bounds of logins by code, of their mails neither.
func TestAMailedCodeOfAStepUpIsBounded(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		for range 5 {
			w.ada.posts("/auth/step-up", "method", "email").goes(t, "/auth/step-up?sent=email")
		}
		w.ada.posts("/auth/step-up", "method", "email").says(t, http.StatusTooManyRequests, "")
		w.ada.posts("/auth/step-up", "method", "link").says(t, http.StatusTooManyRequests, "")
		w.browser().posts("/auth/email-code", "email", "ada@example.com", "organization", w.organization).says(t, http.StatusTooManyRequests, "")
		for range 5 {
			w.ada.posts("/auth/step-up", "method", "email", "code", "000000").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		calls := w.stytch.Calls(stytchtest.AuthenticateEmailCode) + w.stytch.Calls(stytchtest.AuthenticateCode)
		w.ada.posts("/auth/step-up", "method", "email", "code", w.codeMail().Code).says(t, http.StatusTooManyRequests, "")
		if n := w.stytch.Calls(stytchtest.AuthenticateEmailCode) + w.stytch.Calls(stytchtest.AuthenticateCode); n != calls {
			t.Errorf("%d calls out of bounds", n-calls)
		}
		if log := w.log.String(); strings.Contains(log, w.codeMail().Code) {
			t.Errorf("the log has a code:\n%s", log)
		}
	})
}

// A code is mailed to a proved address alone.
func TestNoCodeIsMailedToAnAddressThatNobodyProved(t *testing.T) {
	w := newStepUpWorld(t, stytchtest.Consumer)
	w.raw("/v1/passwords", `{"email":"eve@example.com","password":"`+goodPassword+`","session_duration_minutes":60}`)
	w.signedIn("eve@example.com").posts("/auth/step-up", "method", "email").says(t, http.StatusBadRequest, "")
	if n := len(w.stytch.Mail()); n != 0 {
		t.Errorf("%d mails", n)
	}
}

func TestAClientStepsUpByAMailedCode(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		w.ada.asks(http.MethodPost, "/auth/step-up", `{"method":"email"}`).says(t, http.StatusOK, `"mailed":true`)
		w.ada.asks(http.MethodPost, "/auth/step-up", `{"method":"email","code":"`+w.codeMail().Code+`","return_to":"/secure"}`).says(t, http.StatusOK, `"next":"/secure"`)
		if !w.ada.isSteppedUp() {
			t.Error("not stepped up")
		}
	})
}
