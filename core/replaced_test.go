package stytchkit_test

import (
	"net/http"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// save stores a session in the browser that sent r, in place of what it presented.
func (w *world) save(r *http.Request, s *stytchtest.Session) {
	w.t.Helper()
	if _, err := w.auth.SessionCookies(stytchkit.HTTPRequest{R: r}, s.Token, s.JWT(), s.ExpiresAt()); err != nil {
		w.t.Fatal(err)
	}
}

// presentedBy are the ways in which a browser presents a session whose JWT has expired.
func presentedBy(s *stytchtest.Session) map[string]*http.Request {
	expired := s.JWT(stytchtest.Age(10 * time.Minute))
	return map[string]*http.Request{
		"the JWT and the token": request(jwtCookie(expired), tokenCookie(s.Token)),
		"the JWT alone":         request(jwtCookie(expired)),
		"the token alone":       request(tokenCookie(s.Token)),
	}
}

// The cookies are the new session's by then.
func TestALateAnswerAboutAReplacedSessionTouchesNoCookies(t *testing.T) {
	for _, over := range []bool{false, true} {
		for _, by := range []string{"the JWT and the token", "the JWT alone", "the token alone"} {
			t.Run(by, func(t *testing.T) {
				w := newWorld(t)
				alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
				r := presentedBy(alice)[by]
				want := ""
				if over {
					alice.End()
					want = "session_ended"
				}
				hold := w.srv.Hold(stytchtest.Authenticate)
				late := make(chan stytchkit.Decision, 1)
				go func() { late <- check(w.auth.Require(), r) }()
				if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
					t.Fatal(err)
				}
				w.save(r, bob)
				hold.Release()
				if d := <-late; code(d) != want || setCookies(d) != "untouched" {
					t.Errorf("the late answer: got %q and cookies %s, want %q and untouched", code(d), setCookies(d), want)
				}
				if d := check(w.auth.Require(), r); code(d) != want || setCookies(d) != "untouched" {
					t.Errorf("one more request: got %q and cookies %s, want %q and untouched", code(d), setCookies(d), want)
				}
			})
		}
	}
}

func TestARememberedAnswerAboutAReplacedSessionSetsNoCookies(t *testing.T) {
	for _, by := range []string{"the JWT and the token", "the JWT alone", "the token alone"} {
		t.Run(by, func(t *testing.T) {
			w := newWorld(t)
			alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
			r := presentedBy(alice)[by]
			for range 2 {
				if d := check(w.auth.Require(), r); setCookies(d) != "set" {
					t.Fatalf("before: got %v with cookies %s, want set", d.Denial, setCookies(d))
				}
			}
			w.save(r, bob)
			if d := check(w.auth.Require(), r); d.Session.ID() != alice.ID || d.Source != stytchkit.FromCache || setCookies(d) != "untouched" {
				t.Errorf("got %v from %q with cookies %s, want alice from memory with the cookies untouched", d.Denial, d.Source, setCookies(d))
			}
		})
	}
}

func TestASessionThatIsSavedAgainIsNotReplaced(t *testing.T) {
	for _, by := range []string{"the JWT and the token", "the JWT alone", "the token alone"} {
		t.Run(by, func(t *testing.T) {
			w := newWorld(t)
			alice := w.member("alice@example.com")
			r := presentedBy(alice)[by]
			w.save(r, alice)
			if d := check(w.auth.Require(), r); d.Session.ID() != alice.ID || setCookies(d) != "set" {
				t.Errorf("got %v with cookies %s, want alice with hers set", d.Denial, setCookies(d))
			}
		})
	}
}

// Whether a session is over, and whether its cookies are another's by now, is known apart, in
// whatever order it was heard.
func TestASessionIsOverAndReplacedInEitherOrder(t *testing.T) {
	for name, saveFirst := range map[string]bool{"replaced and then over": true, "over and then replaced": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
			live := alice.JWT()
			r := request(jwtCookie(live))
			end := func() {
				alice.End()
				if d := check(w.auth.Require(stytchkit.Fresh(0)), bearer(alice.JWT(stytchtest.Age(time.Minute)))); code(d) != "session_ended" {
					t.Fatalf("Stytch's word came as %q", code(d))
				}
			}
			if saveFirst {
				w.save(r, bob)
				end()
			} else {
				end()
				w.save(r, bob)
			}
			for range 2 {
				if d := check(w.auth.Require(), r); code(d) != "session_ended" || setCookies(d) != "untouched" {
					t.Errorf("got %q with cookies %s, want session_ended with the cookies untouched", code(d), setCookies(d))
				}
			}
		})
	}
}
