package signin_test

import (
	"fmt"
	"net/http"
	"regexp"
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

// What the cookie names is of the same form and as lasting where no code was sent.
func TestTheCookieTellsNobodyWhoHasAnAccount(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.Consumer)
	method := func() string {
		t.Helper()
		value := w.asksForCode("ada@example.com", "").held(verifyMail)[0].Value
		found := regexp.MustCompile(`"m":"([^"]*)"`).FindStringSubmatch(decoded(t, value[:len(value)-22]))
		if found == nil {
			t.Fatal("the cookie names nothing")
		}
		return found[1]
	}
	shape := regexp.MustCompile(`^email-test-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	sent := method()
	w.stytch.Fail(stytchtest.SendEmailCode, stytchtest.Fault{Status: 403, ErrorType: "user_lock_limit_reached"})
	invented := method()
	if len(sent) != len(invented) || !shape.MatchString(invented) || method() != invented {
		t.Errorf("names %q where a code was sent, else %q", sent, invented)
	}
}
