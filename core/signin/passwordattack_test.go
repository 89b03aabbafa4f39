package signin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Who brings an intermediate session along learns from the time that it takes who has an account, where one
// that is refused costs another call.
func TestAPasswordCostsOneCallForEverybody(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		for _, password := range []string{goodPassword, otherPassword} {
			for _, email := range []string{"ada@example.com", "eve@example.com"} {
				w.stytch.ResetCalls()
				w.browser().does(http.MethodPost, "/auth/password", formOf("email", email, "password", password, "organization", organization),
					"Cookie: stytch_intermediate_session_token="+strings.Repeat("i", 44))
				if n := w.stytch.TotalCalls(); n != 1 {
					t.Errorf("%s, %s: %d calls", email, password, n)
				}
			}
		}
	})
}

// Nobody fills another one's mailbox, and whoever has no account is answered the same.
func TestMailsToOneAddressAreBounded(t *testing.T) {
	for _, target := range []string{"/auth/password/forgot", "/auth/magic-link"} {
		t.Run(target, func(t *testing.T) {
			inBothKinds(t, func(t *testing.T, w *world, organization string) { mailsAreBounded(t, w, target, organization) })
		})
	}
}

func mailsAreBounded(t *testing.T, w *world, target, organization string) {
	t.Helper()
	for _, email := range []string{"ada@example.com", "eve@example.com"} {
		for range 5 {
			w.browser().posts(target, "email", email, "organization", organization).goes(t, "/auth/magic-link")
		}
		calls := w.stytch.TotalCalls()
		for _, again := range []string{email, strings.ToUpper(email)} {
			r := w.browser().posts(target, "email", again, "organization", organization)
			r.isBounded(t)
			if len(r.Cookies()) != 0 {
				t.Errorf("cookies %v", r.Cookies())
			}
		}
		if n := w.stytch.TotalCalls() - calls; n != 0 {
			t.Errorf("%d calls out of bounds", n)
		}
	}
	w.clock.Advance(time.Minute + time.Second)
	w.browser().posts(target, "email", "ada@example.com", "organization", organization).goes(t, "/auth/magic-link")
}

// Whoever acts for somebody else is refused here, before Stytch is asked.
func TestNobodyChoosesAPasswordForWhomTheyActFor(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, _ string) {
		var link string
		if w.kind == stytchtest.B2B {
			link = w.stytch.Members()[0].Impersonate("support@example.com", w.app.URL+"/auth/callback")
		} else {
			link = w.stytch.Users()[0].Impersonate("support@example.com", w.app.URL+"/auth/callback")
		}
		b := w.browser()
		b.posts(b.opens(strings.TrimPrefix(link, w.app.URL))).goes(t, "/")
		w.stytch.ResetCalls()
		b.gets("/auth/password/new").says(t, http.StatusForbidden, signin.Message("impersonated"))
		b.posts("/auth/password/new", "password", otherPassword).says(t, http.StatusForbidden, signin.Message("impersonated"))
		b.asks(http.MethodPost, "/auth/password/new", `{"password":"`+otherPassword+`"}`).says(t, http.StatusForbidden, `"impersonated"`)
		if n := w.stytch.TotalCalls(); n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}
