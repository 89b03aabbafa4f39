package signin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const verifyText = "/auth/sms-code/verify"

// text is the latest code that was sent by SMS.
func (w *world) text() stytchtest.Text {
	w.t.Helper()
	texts := w.stytch.Texts()
	if len(texts) == 0 {
		w.t.Fatal("no text was sent")
	}
	return texts[len(texts)-1]
}

func TestACodeByTextSignsAUserIn(t *testing.T) {
	w := newConsumerWorld(t)
	uma := w.stytch.AddUser(stytchtest.User{Phone: "+15550100"})
	b := w.browser()
	form := b.gets("/auth/sms-code?return_to=/documents")
	form.says(t, http.StatusOK, `type="tel"`)
	b.posts(form.formIn(t), "phone", "+1 (555) 01-00", "return_to", "/documents").goes(t, verifyText)
	page := b.gets(verifyText)
	page.says(t, http.StatusOK, `inputmode="numeric" autocomplete="one-time-code"`)
	page.says(t, http.StatusOK, `name="phone" value="&#43;15550100"`)
	if to := w.text().To; to != "+15550100" {
		t.Errorf("sent to %s", to)
	}
	b.posts(page.formIn(t), "code", another(w.text().Code)).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
	b.posts(verifyMail, "code", w.text().Code).goes(t, "/login?reason=login_expired") // another path's
	b.posts(page.formIn(t), "code", w.text().Code).goes(t, "/documents")
	if who := b.whoami(); who != uma.ID {
		t.Errorf("signed in as %q, want %s", who, uma.ID)
	}
	b.holdsNoCode()
}

func TestACodeByTextThatComesTooLate(t *testing.T) {
	w := newConsumerWorld(t)
	b := w.browser()
	b.posts("/auth/sms-code", "phone", "+15550100").goes(t, verifyText)
	late := w.text().Code
	w.clock.Advance(2 * time.Minute)
	wrong := b.posts(verifyText, "code", late)
	wrong.says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
	wrong.says(t, http.StatusUnauthorized, `<form method="post" action="/auth/sms-code">`)
	b.posts("/auth/sms-code", "phone", "+15550100").goes(t, verifyText)
	b.posts(verifyText, "code", w.text().Code).goes(t, "/")
}

func TestACodeByTextIsBoundToItsBrowser(t *testing.T) {
	w := newConsumerWorld(t)
	w.browser().posts("/auth/sms-code", "phone", "+15550100").goes(t, verifyText)
	code := w.text().Code
	thief := w.browser()
	thief.posts(verifyText, "code", code, "phone", "+15550100").goes(t, "/login?reason=login_expired")
	thief.posts("/auth/sms-code", "phone", "+15550177").goes(t, verifyText)
	if w.text().Code != code {
		thief.posts(verifyText, "code", code, "phone", "+15550100").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
	}
	if who := thief.whoami(); who != "" {
		t.Errorf("signed in as %s", who)
	}
}

func TestANumberThatDoesNotWork(t *testing.T) {
	w := newConsumerWorld(t)
	for _, phone := range []string{"", "555 0100", "+0155501", "+15550100555010055", "+1555x", "+１５５５０１００"} {
		page := w.browser().posts("/auth/sms-code", "phone", phone, "return_to", "/documents")
		page.says(t, http.StatusBadRequest, signin.Message("phone_wrong"))
		page.says(t, http.StatusBadRequest, `name="return_to" value="/documents"`)
	}
	w.browser().asks(http.MethodPost, "/auth/sms-code", `{"phone":"555"}`).says(t, http.StatusBadRequest, `"phone_wrong"`)
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}
	for _, errorType := range []string{"invalid_phone_number", "invalid_phone_number_country_code", "downstream_carrier_error"} {
		w.stytch.Fail(stytchtest.SendSMS, stytchtest.Fault{Status: 400, ErrorType: errorType, Times: 1})
		r := w.browser().posts("/auth/sms-code", "phone", "+1 555 0100", "return_to", "/documents")
		r.says(t, http.StatusBadRequest, `value="&#43;1 555 0100"`)
		if len(r.Cookies()) != 0 {
			t.Errorf("cookies %v", r.Cookies())
		}
		w.clock.Advance(time.Minute)
	}
}

// That a number has told this application to send nothing more would tell that it had an account.
func TestACodeByTextTellsNobodyWhoHasAnAccount(t *testing.T) {
	w := newConsumerWorld(t)
	w.stytch.AddUser(stytchtest.User{Phone: "+15550100"})
	known := w.asked("/auth/sms-code", "phone", "+15550100", "")
	if unknown := w.asked("/auth/sms-code", "phone", "+15550177", ""); unknown != known || !strings.Contains(known, "code_wrong") {
		t.Errorf("whoever is known is told\n%s\nwhoever is not\n%s", known, unknown)
	}
	for _, errorType := range []string{"unsubscribed_phone_number", "user_lock_limit_reached"} {
		w.stytch.Fail(stytchtest.SendSMS, stytchtest.Fault{Status: 400, ErrorType: errorType})
		if silent := w.asked("/auth/sms-code", "phone", "+15550166", ""); silent != known {
			t.Errorf("whoever is known is told\n%s\nwith %s\n%s", known, errorType, silent)
		}
	}
}

func TestCodesToOneNumberAreBounded(t *testing.T) {
	w := newConsumerWorld(t)
	for range 5 {
		w.browser().posts("/auth/sms-code", "phone", "+15550100").goes(t, verifyText)
	}
	w.browser().posts("/auth/sms-code", "phone", "+1 555 0100").isBounded(t)
	if n := len(w.stytch.Texts()); n != 5 {
		t.Errorf("%d texts", n)
	}
}

func TestAClientSignsInByText(t *testing.T) {
	w := newConsumerWorld(t)
	b := w.browser()
	b.asks(http.MethodPost, "/auth/sms-code", `{"phone":"+15550100","return_to":"/x"}`).says(t, http.StatusOK, `{"sent":true,"next":"/auth/sms-code/verify"}`)
	b.asks(http.MethodGet, verifyText, "").says(t, http.StatusOK, `"phone":"+15550100"`)
	b.asks(http.MethodPost, verifyText, `{"code":"`+w.text().Code+`"}`).says(t, http.StatusOK, `"user_authenticated":true`)
}

// A text is no first factor of a member's.
func TestMembersSignInByNoText(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/auth/sms-code", verifyText} {
		w.browser().gets(path).says(t, http.StatusNotFound, "")
		w.browser().posts(path, "phone", "+15550100", "code", "123456").says(t, http.StatusNotFound, "")
		w.browser().asks(http.MethodPost, path, `{"phone":"+15550100"}`).says(t, http.StatusNotFound, `"not_found"`)
	}
}
