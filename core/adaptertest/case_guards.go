package adaptertest

import (
	"net/http"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// guardCases are about where guards stand.
func guardCases() []testCase {
	return []testCase{
		{"C26-C27 a preflight or another OPTIONS never runs a handler unauthenticated, and costs no call", func(s *stage) {
			s.serve(App{Routes: []Route{
				{Path: "/any", Guards: []Guard{s.required()}, Handler: s.me},
				{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me},
			}})
			preflight := []string{"Origin: https://other.example", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: authorization"}
			s.send(get("/any", preflight...).by(http.MethodOptions)).denied("session_missing").untouched()
			s.send(get("/any").by(http.MethodOptions)).denied("session_missing").untouched()
			s.send(get("/me", preflight...).by(http.MethodOptions)).refused()
			s.asked(0)
			s.send(get("/any", s.person("alice").live()).by(http.MethodOptions)).of("alice").untouched()
		}},
		{"C28-C29 a group's guard stands before each of its routes, and before no other", func(s *stage) {
			s.serve(App{
				Routes: []Route{{Method: http.MethodGet, Path: "/open", Handler: s.me}},
				Groups: []Group{{Prefix: "/api", Guards: []Guard{s.required()}, Routes: []Route{
					{Method: http.MethodGet, Path: "/me", Handler: s.me},
					{Method: http.MethodPost, Path: "/deep/er", Handler: s.me},
				}}},
			})
			alice := s.person("alice")
			s.send(get("/open", alice.live())).ofNobody()
			s.send(get("/api/me")).denied("session_missing")
			s.send(get("/api/me", alice.live())).of("alice")
			s.send(post("/api/deep/er")).denied("session_missing")
			s.send(post("/api/deep/er", alice.live())).of("alice")
		}},
		{"C30 nested guards decide once, and set one set of cookies", func(s *stage) {
			s.serve(s.nested())
			alice := s.person("alice")
			s.send(get("/api/me", alice.stale())).of("alice").refreshed(alice)
			s.asked(1)
			s.send(get("/api/me", alice.live())).of("alice").untouched()
			s.asked(0)
			s.send(get("/api/me")).denied("session_missing").untouched()
		}},
		{"C30 the inner guard says why the outer one found no session", func(s *stage) {
			s.serve(s.nested())
			alice := s.person("alice")
			s.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: http.StatusInternalServerError})
			s.send(get("/api/me", alice.stale())).denied("stytch_unavailable").untouched()
			s.asked(1)
			s.srv.Recover()
			alice.End()
			s.send(get("/api/me", alice.byToken())).denied("session_ended").cleared()
			s.asked(1)
			s.send(get("/api/me", bearer(alice.forged(0)))).denied("session_invalid").untouched()
			s.asked(0)
		}},
		{"C30 Stytch is asked again only where the inner guard is stricter", func(s *stage) {
			s.serve(s.nested(stytchkit.Fresh(0)))
			alice := s.person("alice")
			s.send(get("/api/me", alice.live())).of("alice").refreshed(alice)
			s.asked(1)
			s.send(get("/api/me", alice.stale())).of("alice").refreshed(alice)
			s.asked(1)
			alice.End()
			s.send(get("/api/me", alice.live())).denied("session_ended").cleared()
			s.asked(1)
		}},
		{"C31 two Authenticators in one application do not mix", twoAuthenticators},
		{"C32 a dead cookie on an optional route is cleared, and the anonymous are served", func(s *stage) {
			s.serve(s.guarded(s.optional()))
			alice := s.person("alice")
			stale := alice.stale()
			alice.End()
			s.send(get("/me", stale)).ofNobody().cleared()
			s.send(get("/me", bearer(alice.Token))).ofNobody().untouched()
		}},
	}
}

// nested has an optional guard at the application, a required one at the group and one at the route.
func (s *stage) nested(rules ...stytchkit.Rule) App {
	return App{Guards: []Guard{s.optional()}, Groups: []Group{{Prefix: "/api", Guards: []Guard{s.required()}, Routes: []Route{
		{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required(rules...)}, Handler: s.me},
	}}}}
}

func twoAuthenticators(s *stage) {
	partners := s.standIn("project-test-partners")
	other := s.authenticator(partners, func(c *stytchkit.Config) {
		c.Cookies.Session, c.Cookies.JWT, c.Cookies.Intermediate = "partner_session", "partner_session_jwt", "partner_intermediate"
	})
	both := func(x Exchange) {
		ctx := x.Context()
		x.Write(http.StatusOK, describe(s.auth.SessionFrom(ctx))+" and "+describe(other.SessionFrom(ctx))+", innermost "+s.look(x))
	}
	s.serve(App{Guards: []Guard{s.optional()}, Routes: []Route{
		{Method: http.MethodGet, Path: "/both", Guards: []Guard{{Auth: other, Optional: true}}, Handler: both},
		{Method: http.MethodGet, Path: "/partners", Guards: []Guard{{Auth: other}}, Handler: both},
		{Method: http.MethodGet, Path: "/ours", Guards: []Guard{s.required()}, Handler: s.me},
	}})
	alice, carol := s.person("alice"), s.personAt(partners, "carol")
	ours, theirs := jwtPair(alice.jwt), "partner_session_jwt="+carol.jwt
	s.send(get("/both", cookies(ours, theirs))).says(s.kind.described("alice") + " and " + s.kind.described("carol") + ", innermost " + s.kind.described("carol"))
	s.send(get("/both", cookies(ours))).says(s.kind.described("alice") + " and " + anonymous + ", innermost " + anonymous)
	s.send(get("/both", cookies(theirs))).says(anonymous + " and " + s.kind.described("carol") + ", innermost " + s.kind.described("carol"))
	s.send(get("/partners", cookies(ours, theirs))).says(s.kind.described("alice") + " and " + s.kind.described("carol") + ", innermost " + s.kind.described("carol"))
	s.send(get("/partners", cookies(ours))).denied("session_missing").untouched()
	s.send(get("/partners", cookies("partner_session_jwt="+alice.jwt))).denied("session_invalid").untouched()
	s.send(get("/ours", cookies(theirs))).denied("session_missing").untouched()
	s.send(get("/ours", jwtCookie(carol.jwt))).denied("session_invalid").untouched()
	s.asked(0)
}
