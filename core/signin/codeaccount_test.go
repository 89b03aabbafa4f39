package signin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// asked is everything that somebody is told who asks for a code and enters a wrong one, and what it cost.
func (w *world) asked(path, field, address, organization string) string {
	w.t.Helper()
	before := w.stytch.TotalCalls()
	var all []string
	for _, asJSON := range []bool{false, true} {
		b := w.browser()
		var got []reply
		if asJSON {
			got = append(got,
				b.asks(http.MethodPost, path, fmt.Sprintf(`{%q:%q,"organization":%q}`, field, address, organization)),
				b.asks(http.MethodGet, path+"/verify", ""), b.asks(http.MethodPost, path+"/verify", `{"code":"000000"}`))
		} else {
			got = append(got, b.posts(path, field, address, "organization", organization), b.gets(path+"/verify"), b.posts(path+"/verify", "code", "000000"))
		}
		for _, r := range got {
			r.Header.Del("Date")
			for i, cookie := range r.Header["Set-Cookie"] {
				name, value, _ := strings.Cut(cookie, "=")
				value, attributes, _ := strings.Cut(value, ";")
				r.Header["Set-Cookie"][i] = fmt.Sprint(name, len(value), attributes)
			}
			all = append(all, strings.NewReplacer(strings.ReplaceAll(address, "+", "&#43;"), "ADDRESS", address, "ADDRESS").Replace(fmt.Sprint(r.StatusCode, r.Header, r.body)))
		}
	}
	return strings.Join(append(all, fmt.Sprint(w.stytch.TotalCalls()-before, " calls")), "\n")
}

func TestACodeTellsNobodyWhoHasAnAccount(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		known := w.asked("/auth/email-code", "email", "ada@example.com", organization)
		if !strings.Contains(known, "code_wrong") {
			t.Fatalf("said\n%s", known)
		}
		if unknown := w.asked("/auth/email-code", "email", "eve@example.com", organization); unknown != known {
			t.Errorf("whoever is known is told\n%s\nwhoever is not\n%s", known, unknown)
		}
		w.stytch.Fail(stytchtest.SendEmailCode, stytchtest.Fault{Status: 403, ErrorType: "user_lock_limit_reached"})
		w.stytch.Fail(verifies(organization), stytchtest.Fault{Status: 403, ErrorType: "user_lock_limit_reached"})
		if locked := w.asked("/auth/email-code", "email", "bob@example.com", organization); locked != known {
			t.Errorf("whoever is known is told\n%s\nwhoever is locked\n%s", known, locked)
		}
	})
}

// An intermediate session of somebody else's costs no second call where there is such a member.
func TestAnEarlierLoginTellsNobodyWhoHasAnAccount(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.B2B)
	for _, email := range []string{"ada@example.com", "eve@example.com"} {
		b := w.discovered("mallory@example.com", "")
		b.posts("/auth/email-code", "email", email, "organization", "acme").goes(t, verifyMail)
		before := w.stytch.TotalCalls()
		b.posts(verifyMail, "code", "000000").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		if n := w.stytch.TotalCalls() - before; n != 1 {
			t.Errorf("%s: %d calls", email, n)
		}
		if email == "ada@example.com" {
			b.posts(verifyMail, "code", w.code()).goes(t, "/")
			for _, cookie := range b.cookies() {
				if cookie != "stytch_session" && cookie != "stytch_session_jwt" {
					t.Errorf("%s is left", cookie)
				}
			}
		}
	}
}

// The cookie is as large where no code was sent: what is in it nobody can read.
func TestTheCookieTellsNobodyWhoHasAnAccount(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.Consumer)
	size := func() int { return len(w.asksForCode("ada@example.com", "").held(verifyMail)[0].Value) }
	sent := size()
	w.stytch.Fail(stytchtest.SendEmailCode, stytchtest.Fault{Status: 403, ErrorType: "user_lock_limit_reached"})
	if invented := size(); sent != invented {
		t.Errorf("%d characters where a code was sent, else %d", sent, invented)
	}
}
