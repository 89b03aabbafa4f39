package signin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// One client is bounded over all addresses, also where it asks each of them but once; what it then brings to
// an end is not counted.
func TestOneClientIsBoundedOverAllAddresses(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.browser()
		for i := range 600 {
			w.clock.Advance(10 * time.Millisecond) // as many a second as are counted
			got := b.asks(http.MethodPost, "/auth/password", fmt.Sprintf(`{"email":"%d@example.com","password":"Password1!","organization":%q}`, i, organization))
			if got.StatusCode == http.StatusUnauthorized {
				continue
			}
			got.says(t, http.StatusTooManyRequests, `"rate_limited"`)
			if i < 500 || i > 510 {
				t.Fatalf("bounded after %d addresses, want 500", i)
			}
			for _, target := range []string{"/auth/magic-link", "/auth/email-code", "/auth/password/forgot"} {
				b.asks(http.MethodPost, target, fmt.Sprintf(`{"email":"other@example.com","organization":%q}`, organization)).says(t, http.StatusTooManyRequests, `"rate_limited"`)
			}
			w.clock.Advance(7 * time.Second)
			b.asks(http.MethodPost, "/auth/magic-link", fmt.Sprintf(`{"email":"other@example.com","organization":%q}`, organization)).says(t, http.StatusOK, `"sent":true`)
			return
		}
		t.Error("never bounded")
	})
}

// An office signs in behind one address: what comes to a login is not counted.
func TestWhatComesToALoginIsNotCounted(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		for i := range 300 { // a mail, a try and another mail each
			w.clock.Advance(30 * time.Millisecond) // as many a second as are counted
			email := fmt.Sprintf("%d@example.com", i)
			if w.kind == stytchtest.B2B {
				w.stytch.AddMember(stytchtest.Member{Email: email, Organization: organization})
			}
			b := w.asksForCode(email, organization)
			b.posts(verifyMail, "code", w.code()).goes(t, "/documents")
			b = w.browser()
			b.posts("/auth/magic-link", "email", email, "organization", organization).goes(t, "/auth/magic-link")
			b.gets(w.link()).goes(t, "/")
		}
	})
}

// Whoever replays a login of their own within the moment in which it is remembered gains nothing.
func TestAReplayedLoginGivesNothingBack(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		try := func(i int) int {
			return w.browser().asks(http.MethodPost, "/auth/password", fmt.Sprintf(`{"email":"%d@example.com","password":"x","organization":%q}`, i, organization)).StatusCode
		}
		b := w.browser()
		b.posts("/auth/magic-link", "email", "ada@example.com", "organization", organization).goes(t, "/auth/magic-link")
		link, cookies := w.link(), b.held("/auth/callback")
		for i := range 500 {
			if i%2 == 0 {
				w.clock.Advance(20 * time.Millisecond)
			}
			try(i)
		}
		var pairs []string
		for _, c := range cookies {
			pairs = append(pairs, c.Name+"="+c.Value)
		}
		for range 20 {
			w.browser().gets(link, "Cookie: "+strings.Join(pairs, "; ")).goes(t, "/")
		}
		done := 0
		for i := range 10 {
			if try(1000+i) == http.StatusUnauthorized {
				done++
			}
		}
		if done > 3 { // one that was given back, and what five seconds have made up for
			t.Errorf("%d more tries", done)
		}
	})
}
