package e2e

import "testing"

// tabsAgree has the corner of every tab follow who is signed in, and the seed's sample lead away.
func (s *suite) tabsAgree(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.signIn("Mona Miller", "acme")
	home, seed := v.tab("/"), v.tab("/seed")
	seed.shows(`"email_address": "mona@acme.example"`)
	seed.shows("session: null, fromCache: false, isInitialized: false")
	seed.shows("session: …, fromCache: true, isInitialized: true")
	seed.shows("session: …, fromCache: false, isInitialized: true")
	seed.leads("/login?return_to=%2Fseed", func() { v.press("Sign out") })
	home.shows("Sign in")
	v.signIn("Ed Evans", "acme")
	home.shows("ed@acme.example")
}
