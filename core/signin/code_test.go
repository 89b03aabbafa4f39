package signin_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const verifyMail = "/auth/email-code/verify"

// code is the latest code that was mailed.
func (w *world) code() string {
	w.t.Helper()
	mail := w.stytch.Mail()
	if len(mail) == 0 || mail[len(mail)-1].Code == "" {
		w.t.Fatal("no code was mailed")
	}
	return mail[len(mail)-1].Code
}

// another is a code that this one is not.
func another(code string) string {
	if code == "123456" {
		return "654321"
	}
	return "123456"
}

// verifies is the endpoint that takes codes for an organization, or in a consumer project.
func verifies(organization string) stytchtest.Endpoint {
	if organization == "" {
		return stytchtest.AuthenticateCode
	}
	return stytchtest.AuthenticateEmailCode
}

// asksForCode is a browser that waits for a code at its page.
func (w *world) asksForCode(email, organization string) *browser {
	w.t.Helper()
	b := w.browser()
	b.posts("/auth/email-code", "email", email, "organization", organization, "return_to", "/documents").goes(w.t, verifyMail)
	return b
}

func (b *browser) holdsNoCode() {
	b.w.t.Helper()
	if slices.Contains(b.cookies(), "stytchkit_code") {
		b.w.t.Error("the code's cookie is left")
	}
}

func TestAMailedCodeSignsIn(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.browser()
		form := b.gets("/auth/email-code?organization=" + organization + "&return_to=/documents")
		form.says(t, http.StatusOK, `type="email"`)
		b.posts(form.formIn(t), "email", " ada@example.com ", "organization", organization, "return_to", "/documents").goes(t, verifyMail)
		page := b.gets(verifyMail)
		page.says(t, http.StatusOK, `inputmode="numeric" autocomplete="one-time-code"`)
		page.says(t, http.StatusOK, "ada@example.com")
		page.says(t, http.StatusOK, "Enter the newest one")
		code := w.code()
		b.posts(page.formIn(t), "code", code[:3]+" "+code[3:]).goes(t, "/documents")
		if b.whoami() == "" {
			t.Error("nobody is signed in")
		}
		b.holdsNoCode()
		if n := w.stytch.TotalCalls(); n != 2 {
			t.Errorf("%d calls", n)
		}
		b.posts(verifyMail, "code", code).goes(t, "/") // back, and sent again
	})
}

func TestACodeByDiscoveryLeadsToTheChoice(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.B2B)
	b := w.asksForCode("ada@example.com", "")
	b.posts(verifyMail, "code", w.code()).goes(t, "/auth/organizations")
	b.holdsNoCode()
	b.gets("/auth/organizations").says(t, http.StatusOK, "acme")
	if b.whoami() != "" {
		t.Error("signed in before an organization was chosen")
	}
}

func TestACodeMayNotBeAllThatIsNeeded(t *testing.T) {
	w := newWorld(t, func(c *signin.Config) { c.MFAURL = "" })
	alice := w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "acme", MFA: true})
	b := w.asksForCode("alice@acme.example", "acme")
	b.posts(verifyMail, "code", w.code()).goes(t, "/auth/mfa")
	b.holdsNoCode()
	b.posts("/auth/mfa", "method", "totp", "code", alice.TOTP()).goes(t, "/documents")
	b.isSignedInAs(alice)
}

func TestAWrongCodeLosesNothing(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		code := w.code()
		wrong := b.posts(verifyMail, "code", another(code))
		wrong.says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		for _, kept := range []string{`name="email" value="ada@example.com"`, `name="organization" value="` + organization + `"`, `name="return_to" value="/documents"`, `aria-describedby="wrong"`} {
			if !strings.Contains(wrong.body, kept) {
				t.Errorf("the page lacks %s:\n%s", kept, wrong.body)
			}
		}
		if strings.Contains(wrong.body, another(code)) {
			t.Error("the page repeats the code")
		}
		calls := w.stytch.TotalCalls()
		for _, none := range []string{"", "abcdef", "12345678901", "１２３４５６"} {
			b.posts(verifyMail, "code", none).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		if n := w.stytch.TotalCalls() - calls; n != 0 {
			t.Errorf("%d calls for what is no code", n)
		}
		b.posts(wrong.formIn(t), "code", code).goes(t, "/documents")
	})
}

// A code that is sent again makes the first one void, also in another tab: the newest flow counts.
func TestOnlyTheNewestCodeCounts(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		first := w.code()
		b.posts("/auth/email-code", "email", "ada@example.com", "organization", organization, "return_to", "/other").goes(t, verifyMail)
		if n := slices.Index(b.cookies(), "stytchkit_code"); n < 0 || slices.Contains(b.cookies()[n+1:], "stytchkit_code") {
			t.Errorf("the cookies are %q", b.cookies())
		}
		if second := w.code(); first != second {
			b.posts(verifyMail, "code", first).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		b.posts(verifyMail, "code", w.code()).goes(t, "/other")
	})
}

func TestACodeThatComesTooLate(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		w.clock.Advance(10 * time.Minute)
		b.posts(verifyMail, "code", w.code()).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		w.clock.Advance(10 * time.Minute)
		calls := w.stytch.Calls(verifies(organization))
		b.posts(verifyMail, "code", w.code()).goes(t, "/login?reason=login_expired")
		if n := w.stytch.Calls(verifies(organization)) - calls; n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestWhatIsNoAddressIsAskedForAgain(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		page := w.browser().posts("/auth/email-code", "email", "nobody", "organization", organization, "return_to", "/documents")
		page.says(t, http.StatusBadRequest, signin.Message("invalid_email"))
		for _, kept := range []string{`value="nobody"`, `name="return_to" value="/documents"`, `name="organization" value="` + organization + `"`} {
			if !strings.Contains(page.body, kept) {
				t.Errorf("the form lacks %s:\n%s", kept, page.body)
			}
		}
		w.browser().asks(http.MethodPost, "/auth/email-code", `{"email":"nobody"}`).says(t, http.StatusBadRequest, `"invalid_email"`)
		w.browser().asks(http.MethodPost, "/auth/email-code", `{"email":"ada@example.com","organization":"no name"}`).says(t, http.StatusBadRequest, `"invalid_input"`)
		if n := w.stytch.TotalCalls(); n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestAClientSignsInByACode(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.browser()
		sent := b.asks(http.MethodPost, "/auth/email-code", fmt.Sprintf(`{"email":"ada@example.com","organization":%q,"return_to":"/documents"}`, organization))
		sent.says(t, http.StatusOK, `{"sent":true,"next":"/auth/email-code/verify"}`)
		b.asks(http.MethodGet, verifyMail, "").says(t, http.StatusOK, `"email":"ada@example.com"`)
		b.asks(http.MethodPost, verifyMail, `{"code":"`+another(w.code())+`"}`).says(t, http.StatusUnauthorized, `"code_wrong"`)
		b.asks(http.MethodPost, verifyMail, `{"code":"`+w.code()+`"}`).says(t, http.StatusOK, `"next":"/documents"`)
		if b.whoami() == "" {
			t.Error("nobody is signed in")
		}
	})
}

func TestACodeInAnOutage(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: 500, Times: 1})
		r := w.browser().posts("/auth/email-code", "email", "ada@example.com", "organization", organization)
		r.says(t, http.StatusServiceUnavailable, "")
		if len(r.Cookies()) != 0 {
			t.Errorf("cookies %v", r.Cookies())
		}
		b := w.asksForCode("ada@example.com", organization)
		w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: 500, Times: 1})
		b.posts(verifyMail, "code", w.code()).says(t, http.StatusServiceUnavailable, "")
		b.posts(verifyMail, "code", w.code()).goes(t, "/documents")
	})
}

// A form that is sent twice, by a double click, uses the code once and gets one answer.
func TestACodeThatIsSentTwiceIsUsedOnce(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		cookies, code := b.held(verifyMail), w.code()
		var pairs []string
		for _, c := range cookies {
			pairs = append(pairs, c.Name+"="+c.Value)
		}
		w.stytch.ResetCalls()
		for range 3 {
			w.browser().does(http.MethodPost, verifyMail, formOf("code", code), "Cookie: "+strings.Join(pairs, "; ")).goes(t, "/documents")
		}
		if n := w.stytch.TotalCalls(); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}
