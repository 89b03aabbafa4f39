package signin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
)

func TestCodesToOneAddressAreBounded(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		for _, email := range []string{"ada@example.com", "eve@example.com"} {
			for range 5 {
				w.asksForCode(email, organization)
			}
			calls := w.stytch.TotalCalls()
			for _, again := range []string{email, strings.ToUpper(email)} {
				r := w.browser().posts("/auth/email-code", "email", again, "organization", organization)
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
		w.asksForCode("ada@example.com", organization)
	})
}

func (r reply) isBounded(t *testing.T) {
	t.Helper()
	r.says(t, http.StatusTooManyRequests, "")
	if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || seconds < 50 || seconds > 70 {
		t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
	}
}

// Another flow for the same address gives no more tries.
func TestGuessesAtACodeAreBounded(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		for range 3 {
			b.posts(verifyMail, "code", another(w.code())).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		b = w.asksForCode("Ada@example.com", organization)
		for range 2 {
			b.posts(verifyMail, "code", another(w.code())).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		calls := w.stytch.TotalCalls()
		b.posts(verifyMail, "code", w.code()).isBounded(t)
		b.asks(http.MethodPost, verifyMail, `{"code":"`+w.code()+`"}`).says(t, http.StatusTooManyRequests, `"rate_limited"`)
		if n := w.stytch.TotalCalls() - calls; n != 0 {
			t.Errorf("%d calls out of bounds", n)
		}
		w.clock.Advance(time.Minute + time.Second)
		b.posts(verifyMail, "code", w.code()).goes(t, "/documents")
		b = w.asksForCode("ada@example.com", organization)
		for range 5 { // whoever had the code begins anew
			b.posts(verifyMail, "code", another(w.code())).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
	})
}

// Whoever guesses from many addresses has one flow's tries all the same.
func TestGuessesFromEverywhereAreBounded(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		cookies := b.held(verifyMail)
		guess := func(from, code string) int {
			r := httptest.NewRequest(http.MethodPost, w.app.URL+verifyMail, strings.NewReader(`{"code":"`+code+`"}`))
			r.Header.Set("Content-Type", "application/json")
			r.RemoteAddr = from + ":1234"
			for _, c := range cookies {
				r.AddCookie(c)
			}
			answer := httptest.NewRecorder()
			w.handler.ServeHTTP(answer, r)
			return answer.Code
		}
		for i := range 5 {
			if got := guess(fmt.Sprint("198.51.100.", i), another(w.code())); got != http.StatusUnauthorized {
				t.Fatalf("guess %d got %d", i, got)
			}
		}
		if got := guess("198.51.100.77", w.code()); got != http.StatusTooManyRequests {
			t.Errorf("a sixth guess got %d", got)
		}
		w.asksForCode("ada@example.com", organization).posts(verifyMail, "code", w.code()).goes(t, "/documents") // and its owner is not kept out
	})
}
