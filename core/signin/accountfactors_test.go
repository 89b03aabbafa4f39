package signin_test

import (
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// changes is what a client is told that can be changed.
func (b *browser) changes() []string {
	b.w.t.Helper()
	var said struct{ Changes []string }
	r := b.asks(http.MethodGet, "/auth/account", "")
	if err := json.Unmarshal([]byte(r.body), &said); err != nil || r.StatusCode != http.StatusOK {
		b.w.t.Fatalf("got %d %s (%v)", r.StatusCode, r.body, err)
	}
	return said.Changes
}

func (b *browser) canChange(t *testing.T, want ...string) {
	t.Helper()
	got := slices.DeleteFunc(b.changes(), func(change string) bool { return change == "rotate_recovery_codes" })
	if want = append([]string{"sign_out_everywhere"}, want...); !slices.Equal(got, want) {
		t.Errorf("can change %v, want %v", got, want)
	}
}

// The first code of an app, or of a phone, counts for the session too, which goes on.
func TestAnAppIsAddedAndRemoved(t *testing.T) {
	inBothAccounts(t, holding{}, func(t *testing.T, w *accountWorld) {
		w.ada.canChange(t, "add_totp", "add_phone")
		before, _ := w.ada.session()
		page := w.ada.posts("/auth/account", "change", "add_totp")
		page.says(t, http.StatusOK, "Keep these recovery codes")
		if !strings.Contains(page.body, w.person.RecoveryCodes()[0]) || !strings.Contains(page.body, `src="data:image/png`) {
			t.Errorf("got\n%s", page.body)
		}
		again := w.ada.posts("/auth/account", "change", "add_totp", "code", "000000")
		again.says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		if strings.Contains(again.body, w.person.RecoveryCodes()[0]) {
			t.Error("the recovery codes are shown again")
		}
		w.ada.posts("/auth/account", "change", "add_totp", "code", w.person.TOTP()).goes(t, "/auth/account")
		after, _ := w.ada.session()
		if after == nil || after.ID() != before.ID() {
			t.Fatalf("the session is %v, want %v", after, before)
		}
		w.ada.gets("/auth/account").says(t, http.StatusOK, "Remove the app")
		w.ada.canChange(t, "remove_totp", "add_phone")
		w.elsewhere.posts("/auth/account", "change", "remove_totp").goes(t, accountStepUp) // it has not shown the app
		w.ada.posts("/auth/account", "change", "remove_totp").goes(t, "/auth/account")
		w.ada.canChange(t, "add_totp", "add_phone")
		w.ada.posts("/auth/account", "change", "remove_totp").says(t, http.StatusBadRequest, "")
	})
}

func TestAPhoneIsAddedAndRemoved(t *testing.T) {
	inBothAccounts(t, holding{}, func(t *testing.T, w *accountWorld) {
		for _, number := range []string{"", "555"} {
			w.ada.posts("/auth/account", "change", "add_phone", "phone", number).goes(t, "/auth/account?reason=phone_wrong")
		}
		w.ada.gets("/auth/account?reason=phone_wrong").says(t, http.StatusOK, html.EscapeString(signin.Message("phone_wrong")))
		w.ada.posts("/auth/account", "change", "add_phone", "phone", "+15550101").says(t, http.StatusOK, "Code sent to") // mistyped
		w.ada.posts("/auth/account", "change", "add_phone", "phone", "+1 (555) 0100").says(t, http.StatusOK, "&#43;15550100")
		code := w.lastText()
		w.ada.posts("/auth/account", "change", "add_phone", "phone", "+15550101", "code", code).goes(t, "/auth/account?reason=phone_wrong")
		w.ada.posts("/auth/account", "change", "add_phone", "phone", "+15550100", "code", "x").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		w.ada.posts("/auth/account", "change", "add_phone", "phone", "+15550100", "code", code).goes(t, "/auth/account")
		page := w.ada.gets("/auth/account")
		page.says(t, http.StatusOK, "Codes are sent to •••00")
		if strings.Contains(page.body, "5550100") {
			t.Errorf("the page says too much:\n%s", page.body)
		}
		w.ada.canChange(t, "add_totp", "remove_phone")
		w.ada.posts("/auth/account", "change", "remove_phone").goes(t, "/auth/account")
		w.ada.canChange(t, "add_totp", "add_phone")
	})
}

func (w *accountWorld) lastText() string {
	w.t.Helper()
	texts := w.stytch.Texts()
	if len(texts) == 0 {
		w.t.Fatal("nothing was sent")
	}
	return texts[len(texts)-1].Code
}

// Whoever has one factor shows it, not only another one, before a second is added.
func TestASecondFactorIsAddedBesideTheFirst(t *testing.T) {
	inBothAccounts(t, holding{phone: "+15550100"}, func(t *testing.T, w *accountWorld) {
		w.with(w.signIn(stytchtest.SignedInBy("password"))).posts("/auth/account", "change", "add_totp").goes(t, accountStepUp)
		w.ada.asks(http.MethodPost, "/auth/account", `{"change":"add_totp"}`).says(t, http.StatusOK, `"secret":"`)
		w.ada.asks(http.MethodPost, "/auth/account", `{"change":"add_totp","code":"`+w.person.TOTP()+`"}`).says(t, http.StatusOK, `"next":"/auth/account"`)
		w.ada.canChange(t, "remove_totp", "remove_phone")
	})
}

// Recovery codes are shown once; those before count no more. A consumer project cannot make new ones.
func TestRecoveryCodesAreRotated(t *testing.T) {
	inBothAccounts(t, holding{app: true}, func(t *testing.T, w *accountWorld) {
		before := w.person.RecoveryCodes()
		if w.kind == stytchtest.Consumer {
			w.ada.posts("/auth/account", "change", "rotate_recovery_codes").says(t, http.StatusBadRequest, "")
			return
		}
		page := w.ada.posts("/auth/account", "change", "rotate_recovery_codes")
		after := w.person.RecoveryCodes()
		page.says(t, http.StatusOK, after[0])
		if slices.Contains(after, before[0]) {
			t.Error("nothing has changed")
		}
		if again := w.ada.gets("/auth/account"); strings.Contains(again.body, after[0]) || page.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("kept or shown again:\n%s", again.body)
		}
		for _, secret := range after {
			if strings.Contains(w.log.String(), secret) {
				t.Error("the log has a code")
			}
		}
	})
}

// Whatever a form names, the session decides whose it is.
func TestNobodyChangesAnothersAccount(t *testing.T) {
	inBothAccounts(t, holding{phone: "+15550100", app: true}, func(t *testing.T, w *accountWorld) {
		adas, _ := w.ada.session()
		codes := w.person.RecoveryCodes()
		w.ada.posts("/auth/account", "change", "rotate_recovery_codes")
		if w.kind == stytchtest.B2B {
			codes = w.person.RecoveryCodes()
		}
		for _, change := range []string{"remove_totp", "remove_phone", "rotate_recovery_codes"} {
			w.bob.posts("/auth/account", "change", change, "member_id", adas.Subject(), "user_id", adas.Subject(), "organization_id", adas.OrganizationID(),
				"session_id", adas.ID(), "totp_id", "totp-test-1", "phone_id", "phone-number-test-1").says(t, http.StatusBadRequest, "")
		}
		taken := w.bob.posts("/auth/account", "change", "add_phone", "phone", "+15550100")
		if w.kind == stytchtest.Consumer {
			taken.goes(t, "/auth/account?reason=phone_wrong")
		}
		w.bob.posts("/auth/account", "change", "sign_out_everywhere", "member_id", adas.Subject(), "user_id", adas.Subject()).goes(t, "/login")
		if w.ada.whoami() == "" || w.elsewhere.whoami() == "" || !slices.Equal(codes, w.person.RecoveryCodes()) {
			t.Error("Bob has changed what is Ada's")
		}
		w.ada.canChange(t, "remove_totp", "remove_phone")
	})
}

// Codes are bounded as those of a step-up are.
func TestChangesOfAnAccountAreBounded(t *testing.T) {
	inBothAccounts(t, holding{}, func(t *testing.T, w *accountWorld) {
		for range 5 {
			w.ada.asks(http.MethodPost, "/auth/account", `{"change":"add_phone","phone":"+15550100"}`).says(t, http.StatusOK, `"adding":"add_phone"`)
		}
		w.ada.asks(http.MethodPost, "/auth/account", `{"change":"add_phone","phone":"+15550100"}`).says(t, http.StatusTooManyRequests, `"rate_limited"`)
		w.ada.asks(http.MethodPost, "/auth/account", `{"change":"nothing"}`).says(t, http.StatusBadRequest, "")
		if n := len(w.stytch.Texts()); n != 5 {
			t.Errorf("%d texts", n)
		}
	})
}

// The page needs no script, and each form says one change.
func TestTheAccountPage(t *testing.T) {
	w := newAccountWorld(t, stytchtest.Consumer, holding{phone: "+15550100", app: true, password: goodPassword})
	page := w.ada.gets("/auth/account")
	page.says(t, http.StatusOK, `href="/auth/password/change?return_to=%2Fauth%2Faccount"`)
	if strings.Contains(page.body, "<script") || strings.Contains(page.Header.Get("Content-Security-Policy"), "script-src") {
		t.Errorf("got\n%s", page.body)
	}
	var found []string
	for _, match := range regexp.MustCompile(`name="change" value="(\w+)"`).FindAllStringSubmatch(page.body, -1) {
		found = append(found, match[1])
	}
	slices.Sort(found)
	if want := []string{"remove_phone", "remove_totp", "sign_out_everywhere"}; !slices.Equal(found, want) {
		t.Errorf("the page changes %v, want %v", found, want)
	}
}
