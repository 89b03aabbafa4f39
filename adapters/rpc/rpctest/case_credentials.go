package rpctest

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const expired = 10 * time.Minute // the age of a JWT for which Stytch is asked

// credentialCases are about what a call presents.
func credentialCases() []testCase {
	return []testCase{
		{"a session, by cookies or as a bearer", func(s *stage) {
			s.guarded(s.auth.Require())
			alice := s.member()
			s.get(alice.byCookies(0)).of(alice.id).untouched()
			s.get(bearer(alice.JWT())).of(alice.id).untouched()
			s.get(header("Cookie", "theme=dark", "Cookie", jwtCookie(alice.JWT()))).of(alice.id).untouched()
			s.asked(0)
			s.get(bearer(alice.Token)).of(alice.id).untouched()
			s.asked(1)
		}},
		{"refreshed cookies come with the response", func(s *stage) {
			s.guarded(s.auth.Require())
			alice := s.member()
			s.get(alice.byCookies(expired)).of(alice.id).refreshed(alice)
		}},
		{"refreshed cookies come with a handler's error, too", func(s *stage) {
			s.serve(App{Guard: s.auth.Require(), Unary: func(context.Context) (string, error) { return "", context.DeadlineExceeded }})
			alice := s.member()
			if r := s.get(alice.byCookies(expired)).refreshed(alice); r.Err == nil || r.Reason != "" {
				s.t.Errorf("got %v for %q, want the handler's error", r.Err, r.Reason)
			}
		}},
		{"refreshed cookies come with a denial, and an ended session's are cleared", func(s *stage) {
			s.guarded(s.auth.Require(stytchkit.Role("nobody-has-it")))
			alice, bob := s.member(), s.member()
			s.get(alice.byCookies(expired)).denied(stytchkit.CodePermissionDenied).refreshed(alice)
			bob.End()
			s.get(bob.byCookies(expired)).denied(stytchkit.CodeSessionEnded).cleared()
		}},
		{"a bearer decides alone", func(s *stage) {
			s.guarded(s.auth.Require())
			alice, bob := s.member(), s.member()
			both := alice.byCookies(0)
			both.Set("Authorization", "bEaReR "+bob.JWT())
			s.get(both).of(bob.id)
			both.Set("Authorization", "Bearer "+forged(bob.JWT()))
			s.get(both).denied(stytchkit.CodeSessionInvalid).untouched()
			both.Set("Authorization", "Basic YTpi")
			s.get(both).of(alice.id)
		}},
		{"Optional lets everybody through", func(s *stage) {
			s.guarded(s.auth.Optional())
			alice := s.member()
			s.get(nil).of(anonymous).untouched()
			s.get(bearer(forged(alice.JWT()))).of(anonymous).untouched()
			s.get(alice.byCookies(0)).of(alice.id).untouched()
			alice.End()
			s.get(alice.byCookies(expired)).of(anonymous).cleared()
		}},
		{"an access token, where one is wanted, or either", func(s *stage) {
			client, alice := s.srv.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read"}}), s.member()
			s.guarded(s.auth.RequireToken(stytchkit.Scopes("read")))
			s.get(bearer(client.Token())).of(client.ID)
			s.get(nil).denied(stytchkit.CodeTokenMissing)
			s.get(header("Cookie", jwtCookie(client.Token()))).denied(stytchkit.CodeTokenMissing)
			s.get(bearer(alice.JWT())).denied(stytchkit.CodeTokenInvalid)
			s.guarded(s.auth.Require())
			s.get(bearer(client.Token())).denied(stytchkit.CodeSessionInvalid)
			s.guarded(s.auth.Either(s.auth.Require(), s.auth.RequireToken(stytchkit.Scopes("write"))))
			s.get(alice.byCookies(0)).of(alice.id)
			s.get(bearer(client.Token(stytchtest.Scopes("write")))).of(client.ID)
			s.get(bearer(client.Token())).denied(stytchkit.CodeInsufficientScope)
			s.get(nil).denied(stytchkit.CodeSessionMissing)
			s.asked(0)
		}},
		{"cookies count only from this origin and those that are trusted", func(s *stage) {
			s.configure(func(c *stytchkit.Config) { c.TrustedOrigins = []string{"https://app.trusted.example"} })
			s.guarded(s.auth.Require())
			alice := s.member()
			s.get(alice.byCookies(0, "Origin", "https://app.trusted.example", "Sec-Fetch-Site", "cross-site")).of(alice.id)
			s.get(alice.byCookies(0, "Sec-Fetch-Site", "same-origin")).of(alice.id)
			s.get(alice.byCookies(0, "Origin", "https://evil.example")).denied(stytchkit.CodeCrossOrigin).untouched()
			s.get(alice.byCookies(expired, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")).denied(stytchkit.CodeCrossOrigin).untouched()
			fromAfar := bearer(alice.JWT())
			fromAfar.Set("Origin", "https://evil.example")
			s.get(fromAfar).of(alice.id)
			s.asked(0)
			s.guarded(s.auth.Require(stytchkit.AllowCrossOrigin()))
			s.get(alice.byCookies(0, "Origin", "https://evil.example")).of(alice.id)
		}},
		{"of many calls at a time, each is its own caller's", crowd},
	}
}

// forged is a JWT with another signature.
func forged(jwt string) string {
	at := strings.LastIndexByte(jwt, '.') + 10
	other := "A"
	if jwt[at] == 'A' {
		other = "B"
	}
	return jwt[:at] + other + jwt[at+1:]
}

func crowd(s *stage) {
	s.guarded(s.auth.Require())
	var calls sync.WaitGroup
	for range 8 {
		caller := s.member()
		calls.Go(func() {
			for _, presented := range []http.Header{caller.byCookies(0), bearer(caller.JWT()), caller.byCookies(expired), bearer(caller.Token)} {
				if got := s.client.Call(s.t.Context(), Get, presented); got.Text != caller.id {
					s.t.Errorf("%s got %q, %v", caller.id, got.Text, got.Err)
				}
			}
		})
	}
	calls.Wait()
}
