package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/network"
)

func (s *suite) returnsToThePage(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.open("/profile?tab=2")
	v.at("/login?reason=session_missing&return_to=%2Fprofile%3Ftab%3D2", "Sign in to see that page")
	v.press("Sign in as Mona Miller of acme")
	v.at("/profile?tab=2", "Your Profile", "mona@acme.example")
}

func (s *suite) signOut(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.signIn("Mona Miller", "acme")
	kept := v.cookies("/")
	v.press("Sign out")
	v.open("/")
	v.sees("You are not signed in")
	if left := v.cookies("/"); len(left) > 0 {
		t.Errorf("cookies are left: %v", left)
	}
	v.present(kept)
	v.open("/profile")
	v.at("/login?reason=session_ended&return_to=%2Fprofile", "Your session has ended")
}

func (s *suite) forgedCookie(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.signIn("Mona Miller", "acme")
	jwt := v.cookies("/")["stytch_session_jwt"]
	v.press("Sign out")
	forged := jwt[:len(jwt)-20] + "AAAAAAAAAAAAAAAAAAAA"
	v.setCookie(network.SetCookieParams{Name: "stytch_session_jwt", Value: forged})
	v.open("/profile")
	v.at("/login?reason=session_invalid&return_to=%2Fprofile", "That session is not valid")
	v.open("/")
	v.sees("You are not signed in")
	v.signIn("Mona Miller", "acme")
}

func (s *suite) deadCookieOfAPath(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	s.deadCookie(t, v, network.SetCookieParams{Path: "/profile"})
}

func (s *suite) deadCookieOfADomain(t *testing.T) {
	v := s.visit(t, named(t, s.embedded.URL, "app.demo.localhost"))
	s.deadCookie(t, v, network.SetCookieParams{Domain: ".demo.localhost"})
}

// deadCookie leaves the cookies of an ended session in the browser, with the path or domain of place,
// and signs in again: the browser then sends both.
func (s *suite) deadCookie(t *testing.T, v *visitor, place network.SetCookieParams) {
	v.signIn("Mona Miller", "acme")
	dead := v.cookies("/profile")
	v.press("Sign out")
	for name, value := range dead {
		place.Name, place.Value = name, value
		v.setCookie(place)
	}
	v.signIn("Ed Evans", "acme")
	v.open("/profile")
	v.at("/profile", "ed@acme.example")
	if sent := v.sent("/profile"); len(sent) != 4 {
		t.Errorf("the browser sends %d cookies, want a dead and a live one under each of the two names", len(sent))
	}
}

// endsAtStytch revokes the session as an administrator would in Stytch's dashboard.
func (s *suite) endsAtStytch(t *testing.T) {
	stytch := s.startSandbox(t)
	v := s.visit(t, s.start(t, stytch).URL)
	v.mint(stytch, "member=mona@acme.example")
	v.open("/")
	v.sees("You are signed in")
	revoke(t, stytch, v.cookies("/")["stytch_session"])

	v.press("GET /api/fresh") // a JWT proves a session for minutes; this route asks Stytch
	v.at("/login?reason=session_ended&return_to=%2Fapi%2Ffresh", "Your session has ended")
	if left := v.sent("/"); len(left) > 0 {
		t.Errorf("%d cookies of the ended session are left", len(left))
	}
}

// endsElsewhere signs out in another browser that has the same cookies.
func (s *suite) endsElsewhere(t *testing.T) {
	here, elsewhere := s.visit(t, s.embedded.URL), s.visit(t, s.embedded.URL)
	here.signIn("Mona Miller", "acme")
	elsewhere.present(here.cookies("/"))
	elsewhere.open("/profile")
	elsewhere.sees("mona@acme.example")
	elsewhere.press("Sign out")

	here.press("Profile")
	here.at("/login?reason=session_ended&return_to=%2Fprofile", "Your session has ended")
	here.press("Sign in as Mona Miller of acme")
	here.at("/profile", "mona@acme.example")
}
