package signin_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// A code signs in only where it was asked for, and only who it was asked for.
func TestACodeIsBoundToItsBrowser(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		ada := w.asksForCode("ada@example.com", organization)
		code := w.code()
		calls := w.stytch.TotalCalls()
		theirs := []string{"code", code, "email", "ada@example.com", "organization", organization, "method_id", "email-test-1", "return_to", "/x"}
		thief := w.browser()
		thief.gets(verifyMail).goes(t, "/login?reason=login_expired")
		thief.posts(verifyMail, theirs...).goes(t, "/login?reason=login_expired")
		thief.asks(http.MethodPost, verifyMail, `{"code":"`+code+`"}`).says(t, http.StatusUnauthorized, `"login_expired"`)
		if n := w.stytch.TotalCalls() - calls; n != 0 {
			t.Errorf("%d calls for whoever has asked for no code", n)
		}
		eve := w.asksForCode("eve@example.com", organization)
		if w.lastMailTo("eve@example.com") != code {
			eve.posts(verifyMail, theirs...).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		for _, b := range []*browser{thief, eve} {
			if who := b.whoami(); who != "" {
				t.Errorf("signed in as %s", who)
			}
		}
		ada.posts(verifyMail, "code", code).goes(t, "/documents")
	})
}

func (w *world) lastMailTo(email string) string {
	for _, m := range slices.Backward(w.stytch.Mail()) {
		if m.To == email {
			return m.Code
		}
	}
	return ""
}

// What a code is for is in a cookie that this application has sealed.
func TestAForgedCodeCookieCostsNoCall(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		code, calls := w.code(), w.stytch.TotalCalls()
		for _, c := range b.held(verifyMail) {
			for _, forged := range []string{"A" + c.Value, c.Value[:len(c.Value)-22], c.Value[:len(c.Value)-22] + strings.Repeat("A", 22), "", "x"} {
				w.browser().does(http.MethodPost, verifyMail, formOf("code", code), "Cookie: "+c.Name+"="+forged).goes(t, "/login?reason=login_expired")
			}
		}
		if n := w.stytch.TotalCalls() - calls; n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestACodeLeadsNowhereElse(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		for _, evil := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "/auth/logout"} {
			b := w.browser()
			b.posts("/auth/email-code", "email", "ada@example.com", "organization", organization, "return_to", evil).goes(t, verifyMail)
			if page := b.gets(verifyMail + "?return_to=" + evil); strings.Contains(page.body, "evil") {
				t.Errorf("the page has it:\n%s", page.body)
			}
			b.posts(verifyMail, "code", w.code(), "return_to", evil).goes(t, "/")
		}
		if page := w.browser().gets("/auth/email-code?return_to=//evil.example&organization=%3Cevil%3E"); strings.Contains(page.body, "evil") {
			t.Errorf("the page has it:\n%s", page.body)
		}
	})
}

func TestCodesAreNotLogged(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		code := w.code()
		b.posts(verifyMail, "code", another(code)+"9")
		w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: 500, Times: 1})
		b.posts(verifyMail, "code", code).says(t, http.StatusServiceUnavailable, "")
		b.posts(verifyMail, "code", code).goes(t, "/documents")
		for _, secret := range []string{code, another(code) + "9", "ada@example.com"} {
			if strings.Contains(w.log.String(), secret) {
				t.Errorf("the log has %s:\n%s", secret, w.log)
			}
		}
	})
}
