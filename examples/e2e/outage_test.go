package e2e

import (
	"net/http"
	"testing"
)

// outage kills the stand-in's process under a visitor whose JWT has expired, so that Stytch has to be
// asked about them.
func (s *suite) outage(t *testing.T) {
	stytch := s.startSandbox(t)
	v := s.visit(t, s.start(t, stytch).URL)
	v.mint(stytch, "member=ada@acme.example", "jwt_age=10m")
	before := v.cookies("/")

	stytch.Kill()
	v.open("/")
	v.sees("Your session cannot be checked", "You have not been signed out")
	v.pressFor(http.StatusServiceUnavailable, "Profile")
	v.at("/profile", "Try again shortly", "stytch_unavailable")
	if after := v.cookies("/"); after["stytch_session"] != before["stytch_session"] || after["stytch_session_jwt"] != before["stytch_session_jwt"] {
		t.Fatalf("the outage changed the cookies: %v, then %v", before, after)
	}

	if err := stytch.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	v.press("Try again")
	v.at("/profile", "Your Profile", "ada@acme.example")
	if after := v.cookies("/"); after["stytch_session"] != before["stytch_session"] {
		t.Errorf("the session is another one after the outage: %v, then %v", before, after)
	}
}

func (s *suite) pagesOfAnOutage(t *testing.T) {
	stytch := s.startSandbox(t)
	v := s.visit(t, s.start(t, stytch).URL)
	v.mint(stytch, "member=ada@acme.example", "jwt_age=10m")
	stytch.Kill()
	v.open("/")
	v.look("home-undecided")
	v.openFor(http.StatusServiceUnavailable, "/profile")
	v.look("unavailable")
}
