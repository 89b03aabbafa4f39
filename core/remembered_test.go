package stytchkit_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// One call per freshness, whatever the credential.
func TestEveryAnswerIsRememberedForTheFreshness(t *testing.T) {
	for name, present := range map[string]func(s *stytchtest.Session) *http.Request{
		"an opaque token as bearer":              func(s *stytchtest.Session) *http.Request { return bearer(s.Token) },
		"an opaque token as cookie":              func(s *stytchtest.Session) *http.Request { return request(tokenCookie(s.Token)) },
		"a live JWT that is too old":             func(s *stytchtest.Session) *http.Request { return bearer(s.JWT(stytchtest.Age(2 * time.Minute))) },
		"an expired JWT":                         func(s *stytchtest.Session) *http.Request { return bearer(s.JWT(stytchtest.Age(time.Hour))) },
		"a JWT of a clock that is ahead of ours": func(s *stytchtest.Session) *http.Request { return bearer(s.JWT(stytchtest.Age(-time.Minute))) },
	} {
		w := newWorld(t)
		guard, r := w.auth.Require(stytchkit.Fresh(time.Minute)), present(w.member("alice@example.com"))
		for minute := range 3 {
			w.srv.ResetCalls()
			for range 20 {
				if d := check(guard, r); d.Denial != nil {
					t.Fatalf("%s: %v", name, d.Denial)
				}
			}
			if w.asked() != 1 {
				t.Errorf("%s: 20 requests in minute %d cost %d calls, want 1", name, minute, w.asked())
			}
			w.clock.Advance(time.Minute + 6*time.Second)
		}
	}
}

// What ended anywhere ends what is remembered, at once, whatever it is remembered under.
func TestAnEndSeenAnywhereEndsWhatIsRemembered(t *testing.T) {
	for name, row := range map[string]struct {
		present func(s *stytchtest.Session) *http.Request
		ends    func(w *world, s *stytchtest.Session)
	}{
		"a token that Stytch calls over on a Fresh(0) route": {
			func(s *stytchtest.Session) *http.Request { return bearer(s.Token) },
			func(w *world, s *stytchtest.Session) {
				s.End()
				check(w.auth.Require(stytchkit.Fresh(0)), bearer(s.Token))
			},
		},
		"a token whose session Stytch calls over by its JWT": {
			func(s *stytchtest.Session) *http.Request { return bearer(s.Token) },
			func(w *world, s *stytchtest.Session) {
				s.End()
				check(w.auth.Require(stytchkit.Fresh(0)), bearer(s.JWT()))
			},
		},
		"a token that signs out here": {
			func(s *stytchtest.Session) *http.Request { return bearer(s.Token) },
			func(w *world, s *stytchtest.Session) { _, _ = endSession(w.auth, bearer(s.Token)) },
		},
		"a token whose session signs out here by its JWT": {
			func(s *stytchtest.Session) *http.Request { return bearer(s.Token) },
			func(w *world, s *stytchtest.Session) { _, _ = endSession(w.auth, bearer(s.JWT())) },
		},
		"a JWT whose session signs out here by its token": {
			func(s *stytchtest.Session) *http.Request { return bearer(s.JWT()) },
			func(w *world, s *stytchtest.Session) {
				check(w.auth.Require(), bearer(s.Token)) // so that it is known whose token it is
				_, _ = endSession(w.auth, bearer(s.Token))
			},
		},
		"a token that Stytch refuses for another reason": {
			func(s *stytchtest.Session) *http.Request { return bearer(s.Token) },
			func(w *world, s *stytchtest.Session) {
				w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 400, ErrorType: "invalid_session_token"})
				check(w.auth.Require(stytchkit.Fresh(0)), bearer(s.Token))
				w.srv.Recover()
			},
		},
	} {
		w := newWorld(t)
		alice := w.member("alice@example.com")
		r := row.present(alice)
		if d := check(w.auth.Require(), r); d.Session.ID() != alice.ID {
			t.Fatalf("%s: %v", name, d.Denial)
		}
		row.ends(w, alice)
		w.srv.ResetCalls()
		if d := check(w.auth.Require(), r); d.Denial == nil || d.Denial.Status != 401 || w.asked() != 0 {
			t.Errorf("%s: got %v, %q after %d calls; want 401 at once", name, d.Session, code(d), w.asked())
		}
	}
}

// An answer that was on its way when its session ended here is not remembered past that.
func TestAnAnswerOnItsWayDoesNotOutliveTheSignOut(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	check(w.auth.Require(), bearer(alice.Token)) // proven
	w.clock.Advance(6 * time.Minute)
	hold := w.srv.Hold(stytchtest.Authenticate)
	answers := make(chan string, 1)
	go func() { answers <- code(check(w.auth.Require(), bearer(alice.Token))) }()
	if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
		t.Fatal(err)
	}
	w.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500}) // so that Stytch goes on to call it alive
	if _, err := endSession(w.auth, bearer(alice.JWT())); err == nil {
		t.Fatal("the revocation went through")
	}
	hold.Release()
	if got := <-answers; got != "session_ended" {
		t.Errorf("the request that waited: %q, want session_ended", got)
	}
	if d := check(w.auth.Require(), bearer(alice.Token)); code(d) != "session_ended" {
		t.Errorf("afterwards: %v, %q", d.Session, code(d))
	}
}

// The state of a remembered answer needs no call of its own.
func TestTheStateOfARememberedAnswerNeedsNoCall(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Email: "alice@example.com", Name: "Alice"}).SignIn()
	check(w.auth.Require(), bearer(alice.Token))
	w.srv.ResetCalls()
	d := check(w.auth.Require(), bearer(alice.Token))
	s, err := w.auth.State(d.Context(t.Context()))
	if err != nil || s.Member.Name != "Alice" || s.Organization == nil || !s.FromCache || w.srv.Calls(stytchtest.All) != 0 {
		t.Errorf("got %+v, %v after %d calls; want Alice from memory", s, err, w.srv.Calls(stytchtest.All))
	}
}

// Browsers drop a cookie of more than 4096 bytes and keep the old one: the JWT of a large session is not
// set but deleted, and the opaque token decides.
func TestAJWTThatNoBrowserWouldKeepIsDeleted(t *testing.T) {
	w := newWorld(t)
	large := w.srv.AddMember(stytchtest.Member{Email: "carol@example.com"}).SignIn(stytchtest.WithClaims(map[string]any{"profile": strings.Repeat("c", 3500)}))
	if len(large.JWT()) < 4096 {
		t.Fatalf("the JWT has %d bytes, want one that is too long", len(large.JWT()))
	}
	alice := w.member("alice@example.com")
	r := request(tokenCookie(alice.Token), jwtCookie(alice.JWT()))
	deletesJWT := func(how string, cookies []*http.Cookie) {
		t.Helper()
		byName := map[string]*http.Cookie{}
		for _, c := range cookies {
			byName[c.Name] = c
		}
		if c := byName["stytch_session"]; c == nil || c.Value != large.Token {
			t.Errorf("%s: got %v, want carol's token", how, cookies)
		}
		if c := byName["stytch_session_jwt"]; c == nil || c.MaxAge >= 0 {
			t.Errorf("%s: got %v, want the JWT's cookie deleted", how, cookies)
		}
	}
	cookies, err := w.auth.SessionCookies(stytchkit.HTTPRequest{R: r}, large.Token, large.JWT(), large.ExpiresAt())
	if err != nil {
		t.Fatal(err)
	}
	deletesJWT("signing in over alice", cookies)
	deletesJWT("refreshed", check(w.auth.Require(), request(tokenCookie(large.Token), jwtCookie(large.JWT(stytchtest.Age(10*time.Minute))))).Cookies)
	w.srv.ResetCalls()
	for range 5 {
		if d := check(w.auth.Require(), request(tokenCookie(large.Token))); d.Session.ID() != large.ID {
			t.Fatalf("got %v, want carol by her token", d.Denial)
		}
	}
	if w.asked() > 1 {
		t.Errorf("5 requests by the token alone cost %d calls, want one at most", w.asked())
	}
	if n := strings.Count(w.log.String(), "longer than browsers keep"); n != 1 {
		t.Errorf("said %d times, want once:\n%s", n, w.log.String())
	}
}

// A heavy session counts for as many as it is large.
func TestALargeSessionCountsForSeveral(t *testing.T) {
	for name, presented := range map[string]func(*stytchtest.Session) *http.Request{
		"by JWT":    func(s *stytchtest.Session) *http.Request { return bearer(s.JWT()) },
		"by Stytch": func(s *stytchtest.Session) *http.Request { return bearer(s.Token) },
	} {
		remembered := func(claim int) int {
			w := newWorld(t, func(c *stytchkit.Config) { c.Limits.Sessions = 32 })
			for range 64 {
				s := w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithClaims(map[string]any{"profile": strings.Repeat("c", claim)}))
				check(w.auth.Require(), presented(s))
			}
			w.auth.CleanUp()
			return w.auth.Health().Sessions
		}
		usual, large := remembered(10), remembered(3900)
		if usual > 32 || usual < 24 || large > usual/3 {
			t.Errorf("%s, of a limit of 32, %d usual sessions and %d large ones are remembered", name, usual, large)
		}
	}
}

// An ending is remembered for an hour: an answer that may be used for longer proves nothing then.
func TestAnAnswerFromBeforeAForgottenEndingProvesNothing(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithLifetime(24 * time.Hour))
	lenient := w.auth.Require(stytchkit.Fresh(3 * time.Hour))
	check(lenient, bearer(alice.Token))
	w.clock.Advance(10 * time.Minute)
	w.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 400, ErrorType: "some_other_reason"}) // which is not retried
	_, _ = endSession(w.auth, bearer(alice.Token))
	w.clock.Advance(61 * time.Minute)
	_, _ = endSession(w.auth, bearer(w.member("bob@example.com").JWT())) // makes the old ending go
	w.srv.ResetCalls()
	if d := check(lenient, bearer(alice.Token)); d.Source == stytchkit.FromCache || w.asked() != 1 {
		t.Errorf("got %v from %s after %d calls, want Stytch asked", d.Session, d.Source, w.asked())
	}
}
