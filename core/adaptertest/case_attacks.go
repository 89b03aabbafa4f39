package adaptertest

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// attackCases are what a request merely presents, and what a subdomain can put beside it.
func attackCases() []testCase {
	return []testCase{
		{"C70 a session's ID is no credential, at a guard, at the sign-out or at a sign-in", func(s *stage) {
			s.serve(s.signingOut())
			alice, mallory := s.person("alice"), s.person("mallory")
			for _, line := range []string{tokenCookie(alice.ID), bearer(alice.ID)} {
				s.send(post("/logout", line)).says("bye")
				s.send(post("/login", line)).says("hello")
				s.send(get("/me", line)).denied("session_ended")
			}
			s.send(get("/me", alice.live())).of("alice").untouched()
			s.send(get("/me", alice.stale())).of("alice").refreshed(alice)
			s.send(get("/me", bearer(mallory.jwt))).of("mallory")
		}},
		{"C71 cookies of two members are nobody's until Stytch says that one is over, and none is cleared", func(s *stage) {
			s.serve(s.signingOut())
			alice, mallory := s.person("alice"), s.person("mallory")
			s.send(get("/me", cookies(jwtPair(alice.expired()), jwtPair(mallory.jwt)))).denied("invalid_request").untouched()
			s.send(get("/me", cookies(jwtPair(mallory.jwt), jwtPair(alice.expired())))).denied("invalid_request").untouched()
			s.send(get("/me", cookies(jwtPair(alice.expired()), jwtPair(mallory.expired())))).denied("invalid_request").untouched()
			s.send(get("/me", alice.stale())).of("alice")
			mallory.End()
			s.clock.Advance(6 * time.Minute)
			s.send(get("/me", cookies(jwtPair(alice.expired()), jwtPair(mallory.jwt)))).of("alice")
		}},
		{"C72 more than four that may live are nobody's, and signing out ends all of them", func(s *stage) {
			s.serve(s.signingOut())
			alice := s.person("alice")
			var five []string
			for i := range 5 {
				five = append(five, jwtPair(alice.JWT(stytchtest.Age(time.Duration(1+i)*time.Second))))
			}
			s.send(get("/me", cookies(five...))).denied("invalid_request").untouched()
			s.send(get("/me", cookies(five[:4]...))).of("alice")
			s.send(post("/logout", cookies(five...))).says("bye").isPrivate().sets(signedOut()...)
			s.send(get("/me", bearer(alice.jwt))).denied("session_ended")
		}},
		{"C73 junk in front of a credential hides it neither from a guard nor from the sign-out", func(s *stage) {
			s.serve(s.signingOut())
			alice := s.person("alice")
			var junk []string
			for i := range 15 {
				junk = append(junk, tokenPair(fmt.Sprint("short", i)), jwtPair(fmt.Sprintf("made.up.%d", i)))
			}
			behind := cookies(append(junk, tokenPair(alice.Token), jwtPair(alice.jwt))...)
			s.send(get("/me", behind)).of("alice").untouched()
			s.send(post("/logout", behind)).says("bye")
			s.send(get("/me", bearer(alice.Token))).denied("session_ended")
			s.send(get("/me", bearer(alice.jwt))).denied("session_ended")
		}},
		{"C74 a sign-out by bearer touches no cookies; with nothing presented all are cleared", func(s *stage) {
			s.serve(s.signingOut())
			alice := s.person("alice")
			s.send(post("/logout", bearer(alice.jwt))).says("bye").untouched()
			s.send(get("/me", bearer(alice.jwt))).denied("session_ended")
			s.send(post("/logout")).says("bye").sets(signedOut()...)
		}},
		{"C75 a guard that may do without Stytch is not bound by an outer one that could not", func(s *stage) {
			s.serve(App{Guards: []Guard{{Auth: s.auth, Optional: true, Rules: rules(stytchkit.Fresh(0))}}, Routes: []Route{
				{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me},
			}})
			alice := s.person("alice")
			s.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: http.StatusInternalServerError})
			s.send(get("/me", alice.live())).of("alice").untouched()
			s.send(get("/me", jwtCookie(alice.expired()))).denied("stytch_unavailable").untouched()
		}},
		{"C76 the page about contradicting sessions leads to the sign-out", func(s *stage) {
			auth := s.authenticator(s.srv, func(c *stytchkit.Config) { c.LogoutURL = "/auth/logout" })
			s.serve(s.guarded(Guard{Auth: auth}))
			alice, carol := s.person("alice"), s.person("carol")
			page := s.send(get("/me", navigation, cookies(jwtPair(alice.jwt), jwtPair(carol.jwt))))
			page.deniedAsPage("invalid_request", "Ambiguous credentials").untouched()
			if !strings.Contains(page.text, `<a class="button" href="/auth/logout">Sign out</a>`) {
				page.fail("a link to the sign-out", "%q", page.text)
			}
		}},
	}
}

// signingOut has a route that needs a session, and unguarded ones that sign in as mallory and out.
func (s *stage) signingOut() App {
	return App{Routes: []Route{
		{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me},
		{Method: http.MethodPost, Path: "/logout", Handler: func(x Exchange) {
			if err := x.EndSession(s.auth); err != nil {
				s.t.Errorf("ending a session: %v", err)
			}
			x.Write(http.StatusOK, "bye")
		}},
		{Method: http.MethodPost, Path: "/login", Handler: func(x Exchange) {
			s.save(x, s.person("mallory"))
			x.Write(http.StatusOK, "hello")
		}},
	}}
}
