package stytchkit_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// subjectOf is the member or user whose session it is.
func subjectOf(s *stytchtest.Session) string { return fmt.Sprint(s.Claims()["sub"]) }

func organizationOf(s *stytchtest.Session) string {
	of, _ := s.Claims()[organizationClaim].(map[string]any)
	return fmt.Sprint(of["organization_id"])
}

// endingsOf say alice is, or of what, that it has ended.
func endingsOf(alice *stytchtest.Session) map[string]stytchkit.Event {
	return map[string]stytchkit.Event{
		"her":              stytchkit.MemberEnded(subjectOf(alice)),
		"her organization": stytchkit.OrganizationEnded(organizationOf(alice)),
	}
}

// changesOf are those that change her.
func changesOf(alice *stytchtest.Session) map[string]stytchkit.Event {
	return map[string]stytchkit.Event{
		"her":              stytchkit.MemberChanged(subjectOf(alice)),
		"her organization": stytchkit.OrganizationChanged(organizationOf(alice)),
	}
}

// presentedLive are the ways in which a browser presents a live session.
func presentedLive(s *stytchtest.Session) map[string]*http.Request {
	return map[string]*http.Request{
		"the JWT and the token": request(jwtCookie(s.JWT()), tokenCookie(s.Token)),
		"the JWT alone":         request(jwtCookie(s.JWT())),
		"the token alone":       request(tokenCookie(s.Token)),
	}
}

// asks checks a request, which costs so many calls.
func (w *world) asks(what string, r *http.Request, wantCode string, wantCalls int) stytchkit.Decision {
	w.t.Helper()
	w.srv.ResetCalls()
	d := check(w.auth.Require(), r)
	w.idle()
	if code(d) != wantCode || w.asked() != wantCalls {
		w.t.Errorf("%s: got %q after %d calls, want %q after %d", what, code(d), w.asked(), wantCode, wantCalls)
	}
	return d
}

// Whom Stytch confirms costs one call, and so do the cookies that come with it.
func TestWhoIsSaidToHaveEndedIsAskedAboutOnce(t *testing.T) {
	for _, of := range []string{"her", "her organization"} {
		for _, by := range []string{"the JWT and the token", "the JWT alone", "the token alone"} {
			t.Run(of+" by "+by, func(t *testing.T) {
				w := newWorld(t)
				alice := w.member("alice@example.com")
				r := presentedLive(alice)[by]
				check(w.auth.Require(), r)
				w.clock.Advance(time.Second)
				w.auth.Announce(endingsOf(alice)[of])
				d := w.asks("the first request", r, "", 1)
				w.asks("the second", r, "", 0)
				for _, c := range d.Cookies {
					if c.Name == "stytch_session_jwt" {
						w.asks("with the cookies that came", request(jwtCookie(c.Value)), "", 0)
					}
				}
				w.auth.Announce(endingsOf(alice)[of])
				w.asks("announced at the same moment", r, "", 0)
				w.clock.Advance(time.Millisecond)
				w.auth.Announce(endingsOf(alice)[of])
				w.asks("announced anew", r, "", 1)
			})
		}
	}
}

func TestWhoHasEndedIsDeniedAndInAnOutageLosesNoCookies(t *testing.T) {
	for by, calls := range map[string]int{"the JWT and the token": 2, "the JWT alone": 1, "the token alone": 1} {
		t.Run(by, func(t *testing.T) {
			w := newWorld(t)
			alice, bob := w.member("alice@example.com"), w.srv.AddMember(stytchtest.Member{Email: "bob@other.example", Organization: "other"}).SignIn()
			r, bobs := presentedLive(alice)[by], presentedLive(bob)[by]
			check(w.auth.Require(), r)
			check(w.auth.Require(), bobs)
			alice.End()
			w.clock.Advance(time.Second)
			w.auth.Announce(stytchkit.OrganizationEnded(organizationOf(alice)))
			w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
			if d := w.asks("in an outage", r, "stytch_unavailable", 1); setCookies(d) != "untouched" {
				t.Errorf("cookies %s, want them untouched", setCookies(d))
			}
			w.srv.Recover()
			if d := w.asks("after it", r, "session_ended", calls); setCookies(d) != "cleared" {
				t.Errorf("cookies %s, want them cleared", setCookies(d))
			}
			w.asks("another organization's member", bobs, "", 0)
		})
	}
}

// A change costs nobody a wait, and nothing in an outage.
func TestWhoHasChangedIsServedWhileStytchIsAsked(t *testing.T) {
	for _, of := range []string{"her", "her organization"} {
		for _, by := range []string{"the JWT and the token", "the JWT alone", "the token alone"} {
			for _, seen := range []bool{true, false} {
				if !seen && by == "the token alone" {
					continue // is asked about anyway
				}
				t.Run(of+" by "+by, func(t *testing.T) {
					w := newWorld(t)
					alice := w.member("alice@example.com")
					r := presentedLive(alice)[by]
					if seen {
						check(w.auth.Require(), r)
					}
					w.clock.Advance(time.Second)
					w.auth.Announce(changesOf(alice)[of])
					w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
					w.asks("in an outage", r, "", 1)
					w.srv.Recover()
					w.clock.Advance(2 * time.Second)
					hold := w.srv.Hold(stytchtest.Authenticate)
					if d := check(w.auth.Require(), r); d.Session.ID() != alice.ID || !d.FromCache {
						t.Errorf("while Stytch is asked: %v, from cache %v", d.Denial, d.FromCache)
					}
					hold.Release()
					w.idle()
					d := w.asks("then", r, "", 0)
					if !d.Session.VouchedAt().Equal(w.clock.Now()) {
						t.Errorf("the session is of %v, want it as Stytch tells it now", d.Session.VouchedAt())
					}
				})
			}
		}
	}
}

func TestASessionThatIsSaidToHaveEndedIsOver(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	r := request(jwtCookie(alice.JWT()), tokenCookie(alice.Token))
	check(w.auth.Require(), r)
	w.auth.Announce(stytchkit.SessionEnded(alice.ID))
	if d := w.asks("the next request", request(jwtCookie(alice.JWT())), "session_ended", 0); setCookies(d) != "untouched" {
		t.Errorf("cookies %s, want them untouched: who ended it has cleared them", setCookies(d))
	}
}

// A JWT's time is Stytch's: one that may be older than the event by as far as the clocks may be apart is
// asked about.
func TestAJWTThatIsNewerThanTheEventProves(t *testing.T) {
	for later, calls := range map[time.Duration]int{0: 1, 5 * time.Second: 1, 6 * time.Second: 0} {
		w := newWorld(t)
		alice := w.member("alice@example.com")
		w.auth.Announce(stytchkit.MemberEnded(subjectOf(alice)))
		w.clock.Advance(later)
		w.asks("a JWT made "+later.String()+" later", bearer(alice.JWT()), "", calls)
	}
}

// A call under way when an event is heard may have been answered before it.
func TestAnAnswerFromBeforeAnEventDoesNotCount(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	r := request(tokenCookie(alice.Token))
	hold := w.srv.Hold(stytchtest.Authenticate)
	late := make(chan stytchkit.Decision, 1)
	go func() { late <- check(w.auth.Require(), r) }()
	if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Second)
	w.auth.Announce(stytchkit.MemberEnded(subjectOf(alice)))
	hold.Release()
	if d := <-late; d.Session.ID() != alice.ID || w.asked() != 2 {
		t.Errorf("got %v after %d calls, want alice after a second one", d.Denial, w.asked())
	}
}

func TestEventsAboutNobodySayNothing(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	r := bearer(alice.JWT())
	check(w.auth.Require(), r)
	for _, of := range []func(string) stytchkit.Event{
		stytchkit.SessionEnded, stytchkit.MemberChanged, stytchkit.MemberEnded, stytchkit.OrganizationChanged,
		stytchkit.OrganizationEnded, stytchkit.UserChanged, stytchkit.UserEnded,
	} {
		if of("") != (stytchkit.Event{}) {
			t.Errorf("%+v is about nobody", of(""))
		}
		w.auth.Announce(of(""), stytchkit.Event{}, of("somebody-else"))
	}
	w.asks("the next request", r, "", 0)
}

func TestAUserIsAskedAboutLikeAMember(t *testing.T) {
	w := newWorldOf(t, stytchtest.Consumer)
	uma := w.srv.AddUser(stytchtest.User{Email: "uma@example.com"}).SignIn()
	r := bearer(uma.JWT())
	check(w.auth.Require(), r)
	w.auth.Announce(stytchkit.UserEnded(subjectOf(uma)))
	w.asks("the next request", r, "", 1)
	w.clock.Advance(time.Second)
	w.auth.Announce(stytchkit.UserChanged(subjectOf(uma)))
	w.asks("one more", r, "", 1)
	w.asks("then", r, "", 0)
}
