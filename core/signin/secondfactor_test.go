package signin_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// atSecond is a browser whose login waits for a second factor on the handler's own page.
func atSecond(t *testing.T, m stytchtest.Member) (*world, *stytchtest.Member, *browser) {
	t.Helper()
	w := newWorld(t, func(c *signin.Config) { c.MFAURL = "" })
	w.stytch.AddOrganization(stytchtest.Organization{Slug: "acme", MFARequired: true})
	m.Email, m.Organization = "alice@acme.example", "acme"
	alice := w.stytch.AddMember(m)
	b := w.browser()
	b.posts("/auth/magic-link", "email", m.Email, "organization", "acme", "return_to", "/x").goes(t, "/auth/magic-link")
	b.gets(w.link()).goes(t, "/auth/mfa")
	w.stytch.ResetCalls()
	return w, alice, b
}

func (b *browser) isSignedInAs(m *stytchtest.Member) {
	b.w.t.Helper()
	if got := b.whoami(); got != m.ID {
		b.w.t.Errorf("signed in as %q, want %s", got, m.ID)
	}
	for _, name := range b.cookies() {
		if strings.Contains(name, "intermediate") || strings.Contains(name, "pending") {
			b.w.t.Errorf("%s is left", name)
		}
	}
}

func TestACodeOfTheAppEndsALogin(t *testing.T) {
	_, alice, b := atSecond(t, stytchtest.Member{MFA: true})
	page := b.gets("/auth/mfa")
	page.says(t, http.StatusOK, `autocomplete="one-time-code"`)
	if b.whoami() != "" {
		t.Fatal("signed in without a second factor")
	}
	b.posts("/auth/mfa", "method", "totp", "code", "000000").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
	code := alice.TOTP()
	b.posts("/auth/mfa", "method", "totp", "code", code[:3]+" "+code[3:]).goes(t, "/x")
	b.isSignedInAs(alice)
	b.gets("/auth/mfa").goes(t, "/") // nothing waits any more
}

// A code that Stytch has sent by itself is not sent again, or the first one would be void.
func TestACodeByTextEndsALogin(t *testing.T) {
	w, alice, b := atSecond(t, stytchtest.Member{MFA: true, Phone: "+15550100", NoAuthenticator: true})
	page := b.gets("/auth/mfa")
	page.says(t, http.StatusOK, "Code sent to •••00")
	if strings.Contains(page.body, "5550100") || strings.Contains(page.body, `name="method" value="totp"`) {
		t.Errorf("the page says too much:\n%s", page.body)
	}
	if n := w.stytch.Calls(stytchtest.SendSMS); n != 0 || len(w.stytch.Texts()) != 1 {
		t.Fatalf("%d calls to send, %d texts", n, len(w.stytch.Texts()))
	}
	b.posts("/auth/mfa", "method", "sms").goes(t, "/auth/mfa")
	b.gets("/auth/mfa").says(t, http.StatusOK, "Code sent to •••00")
	texts := w.stytch.Texts()
	if len(texts) != 2 {
		t.Fatalf("%d texts, want another one", len(texts))
	}
	b.posts("/auth/mfa", "method", "sms", "code", texts[0].Code).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
	b.posts("/auth/mfa", "method", "sms", "code", texts[1].Code).goes(t, "/x")
	b.isSignedInAs(alice)
}

func TestARecoveryCodeEndsALogin(t *testing.T) {
	_, alice, b := atSecond(t, stytchtest.Member{MFA: true})
	b.posts("/auth/mfa", "method", "recovery", "code", "wrong").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
	b.posts("/auth/mfa", "method", "recovery", "code", " "+alice.RecoveryCodes()[0]+" ").goes(t, "/x")
	b.isSignedInAs(alice)
}

// Who has no second factor sets one up: what Stytch tells once is shown once.
func TestAnAppIsSetUp(t *testing.T) {
	_, alice, b := atSecond(t, stytchtest.Member{})
	b.gets("/auth/mfa").says(t, http.StatusOK, "Choose one")
	page := b.posts("/auth/mfa", "method", "totp")
	page.says(t, http.StatusOK, `src="data:image/png;base64,`)
	for _, want := range append(alice.RecoveryCodes(), "I have kept the recovery codes") {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "img-src data:") {
		t.Errorf("the policy is %q", policy)
	}
	again := b.posts("/auth/mfa", "method", "totp", "code", "000000")
	again.says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
	if strings.Contains(again.body, alice.RecoveryCodes()[0]) {
		t.Error("the recovery codes are shown again")
	}
	b.posts("/auth/mfa", "method", "totp", "code", alice.TOTP()).goes(t, "/x")
	b.isSignedInAs(alice)
}

func TestAPhoneIsSetUp(t *testing.T) {
	w, alice, b := atSecond(t, stytchtest.Member{})
	b.posts("/auth/mfa", "method", "sms", "phone", "no number").says(t, http.StatusBadRequest, signin.Message("phone_wrong"))
	b.posts("/auth/mfa", "method", "sms", "phone", "+1 555-0100").goes(t, "/auth/mfa")
	texts := w.stytch.Texts()
	b.posts("/auth/mfa", "method", "sms", "code", texts[len(texts)-1].Code).goes(t, "/x")
	b.isSignedInAs(alice)
}

// Whoever has a factor cannot add another one by an intermediate session alone.
func TestNobodySetsUpAnotherFactorWithoutTheirs(t *testing.T) {
	w, _, b := atSecond(t, stytchtest.Member{MFA: true, Phone: "+15550100"})
	b.posts("/auth/mfa", "method", "totp").says(t, http.StatusUnauthorized, "")
	before := len(w.stytch.Texts())
	b.posts("/auth/mfa", "method", "sms", "phone", "+15550666").goes(t, "/auth/mfa")
	for _, text := range w.stytch.Texts()[before:] {
		if text.To != "+15550100" {
			t.Errorf("a code was sent to %s", text.To)
		}
	}
	if n := w.stytch.Calls(stytchtest.CreateTOTP); n != 0 {
		t.Errorf("%d calls to set an app up", n)
	}
}

func TestCodesAreBounded(t *testing.T) {
	w, alice, b := atSecond(t, stytchtest.Member{MFA: true, Phone: "+15550100"})
	for range 5 {
		b.posts("/auth/mfa", "method", "totp", "code", "000000").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
	}
	calls := w.stytch.TotalCalls()
	for _, method := range []string{"totp", "sms", "recovery"} {
		r := b.posts("/auth/mfa", "method", method, "code", alice.TOTP())
		if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); r.StatusCode != http.StatusTooManyRequests || err != nil || seconds < 1 {
			t.Errorf("%s: got %d, Retry-After %q", method, r.StatusCode, r.Header.Get("Retry-After"))
		}
	}
	if n := w.stytch.TotalCalls(); n != calls {
		t.Errorf("%d calls out of bounds", n-calls)
	}
	for range 5 {
		b.posts("/auth/mfa", "method", "sms").goes(t, "/auth/mfa")
	}
	b.posts("/auth/mfa", "method", "sms").says(t, http.StatusTooManyRequests, "")
}

func TestASecondFactorThatComesTooLate(t *testing.T) {
	w, alice, b := atSecond(t, stytchtest.Member{MFA: true})
	w.clock.Advance(11 * time.Minute)
	b.posts("/auth/mfa", "method", "totp", "code", alice.TOTP()).goes(t, "/login?reason=login_expired&return_to=%2Fx")
	w.browser().gets("/auth/mfa").goes(t, "/login?reason=login_expired")
	w.browser().posts("/auth/mfa", "method", "totp", "code", "123456").goes(t, "/login?reason=login_expired")
}

func TestAClientShowsASecondFactor(t *testing.T) {
	_, alice, b := atSecond(t, stytchtest.Member{MFA: true, Phone: "+15550100"})
	got := b.asks(http.MethodGet, "/auth/mfa", "")
	var said struct {
		Methods []string
		Phone   string
		Sent    bool
		Enrols  bool
	}
	if err := json.Unmarshal([]byte(got.body), &said); err != nil || strings.Join(said.Methods, " ") != "totp sms recovery" || said.Phone != "•••00" || !said.Sent || said.Enrols {
		t.Errorf("got %s (%v)", got.body, err)
	}
	b.asks(http.MethodPost, "/auth/mfa", `{"method":"totp","code":"000000"}`).says(t, http.StatusUnauthorized, `"code_wrong"`)
	b.asks(http.MethodPost, "/auth/mfa", `{"method":"totp","code":"`+alice.TOTP()+`"}`).says(t, http.StatusOK, `"member_authenticated":true`)
	b.isSignedInAs(alice)
}
