package adaptertest

import (
	"context"
	"net/http"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// freshnessCases are the tables of the rules about how a request is decided. The leeway between
// clocks is 5 seconds.
func freshnessCases() []testCase {
	return []testCase{
		{"C52 Fresh", func(s *stage) {
			table := []struct {
				says  string
				guard []stytchkit.Rule
				age   time.Duration // of the JWT
				asks  int
			}{
				{"by default a JWT is good for as long as it lives", nil, 5*time.Minute + 4*time.Second, 0},
				{"by default Stytch is asked about one that has expired", nil, 5*time.Minute + 5*time.Second, 1},
				{"one as old as may be is good", rules(stytchkit.Fresh(time.Minute)), time.Minute + 5*time.Second, 0},
				{"Stytch is asked about one a second older", rules(stytchkit.Fresh(time.Minute)), time.Minute + 6*time.Second, 1},
				{"Fresh(0) asks Stytch about a new one", rules(stytchkit.Fresh(0)), 0, 1},
				{"a freshness beyond its life makes no JWT live longer", rules(stytchkit.Fresh(time.Hour)), 6 * time.Minute, 1},
				{"of two, the stricter counts", rules(stytchkit.Fresh(0), stytchkit.Fresh(time.Hour)), time.Minute, 1},
				{"of two, the stricter counts the other way round", rules(stytchkit.Fresh(time.Hour), stytchkit.Fresh(0)), time.Minute, 1},
			}
			var app App
			for i, row := range table {
				app.Routes = append(app.Routes, s.ruled(rowPath(i), row.guard))
			}
			s.serve(app)
			for i, row := range table {
				s.row(row.says, func() {
					p := s.person(rowName(i))
					a := s.send(get(rowPath(i), cookies(tokenPair(p.Token), jwtPair(p.JWT(stytchtest.Age(row.age)))))).of(rowName(i))
					if row.asks == 0 {
						a.untouched()
					} else {
						a.refreshed(p)
					}
					s.asked(row.asks)
				})
			}
		}},
		{"C81 with ExtendBy sessions slide, and one that Stytch extends for nobody is not refused", sliding},
		{"C52 Fresh is how soon a revocation is seen", func(s *stage) {
			s.serve(App{Routes: []Route{
				s.ruled("/lately", rules(stytchkit.Fresh(time.Minute))),
				s.ruled("/now", rules(stytchkit.Fresh(0))),
			}})
			alice := s.person("alice")
			s.send(get("/now", alice.live())).of("alice").refreshed(alice)
			s.send(get("/now", bearer(alice.jwt))).of("alice").untouched()
			s.asked(2)
			alice.End()
			s.send(get("/lately", alice.live())).of("alice").refreshed(alice) // by the answer of just now, with its cookies
			s.asked(0)
			s.send(get("/now", alice.live())).denied("session_ended").cleared()
			s.send(get("/lately", alice.live())).denied("session_ended").cleared()
		}},
		{"C52 Fresh(0) needs Stytch, and says so without signing anybody out", func(s *stage) {
			s.serve(s.guarded(s.required(stytchkit.Fresh(0), stytchkit.Role("nobody-has-it"))))
			alice := s.person("alice")
			s.srv.Stop()
			s.send(get("/me", alice.live())).denied("stytch_unavailable").untouched()
			s.send(get("/me", navigation, alice.live())).deniedAsPage("stytch_unavailable", "Try again shortly").untouched()
		}},
		{"C52 Stale", func(s *stage) {
			s.serve(s.guarded(s.required(stytchkit.Fresh(time.Minute), stytchkit.Stale(time.Minute))))
			alice, carol := s.person("alice"), s.person("carol")
			s.send(get("/me", alice.live())).of("alice").untouched()
			s.send(get("/me", carol.live())).of("carol").untouched()
			s.clock.Advance(time.Minute + 6*time.Second)
			hold := s.srv.Hold(stytchtest.Authenticate)
			s.send(get("/me", alice.live())).of("alice").untouched() // while Stytch has not answered
			s.waits(hold, 1)
			hold.Release()
			s.asked(1)
			s.clock.Advance(time.Minute)
			waited := s.send(get("/me", carol.live())).of("carol")
			waited.refreshed(person{carol.Session, carol.JWT()})
			s.asked(1)
		}},
		{"C52 a Stale rule goes neither with Fresh(0) nor with step-up, and Fresh(0) knows no staleness from elsewhere", func(s *stage) {
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.StaleWhileRevalidate = time.Hour })
			s.serve(App{Routes: []Route{
				s.ruled("/now", rules(stytchkit.Fresh(0))),
				s.ruled("/step-up", rules(stytchkit.AuthenticatedWithin(time.Hour))),
				s.ruled("/stale", nil),
			}})
			alice := s.person("alice")
			s.send(get("/stale", alice.live())).of("alice").untouched()
			s.clock.Advance(6 * time.Minute)
			s.srv.Stop()
			s.send(get("/now", alice.live())).denied("stytch_unavailable").untouched()
			s.send(get("/step-up", alice.live())).denied("stytch_unavailable").untouched()
			s.send(get("/stale", alice.live())).of("alice").untouched()
		}},
	}
}

// waits returns when that many requests wait at Stytch.
func (s *stage) waits(hold *stytchtest.Hold, n int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	if err := hold.Waiting(ctx, n); err != nil {
		s.t.Fatal(err)
	}
}

// sliding: Stytch refuses to extend an impersonated session, which lives all the same.
func sliding(s *stage) {
	s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.ExtendBy = 2 * time.Hour })
	s.serve(App{Guards: []Guard{s.required()}, Routes: []Route{{Method: http.MethodGet, Path: "/until", Handler: func(x Exchange) {
		x.Write(http.StatusOK, x.Session().ExpiresAt().Format(time.TimeOnly))
	}}}})
	alice := s.person("alice")
	s.send(get("/until", alice.byToken())).says("14:00:00").refreshed(person{Session: alice.Session, jwt: alice.JWT()})
	s.asked(1)
	acted := signInAs(s.srv, "carol", nil, stytchtest.ImpersonatedBy("support@example.com"), stytchtest.WithToken("opaque-token-of-carol-0000000000000000000000"))
	s.send(get("/until", jwtCookie(acted.expired()))).says("13:00:00").refreshed(acted)
	s.send(get("/until", acted.byToken())).says("13:00:00").refreshed(acted)
	s.asked(4)
	acted.End()
	s.clock.Advance(6 * time.Minute)
	s.send(get("/until", jwtCookie(acted.jwt))).denied("session_ended").cleared()
}
