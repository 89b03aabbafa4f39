package adaptertest

import (
	"net/http"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// ruleCases are about what rules read of a request, and how they refuse it.
func ruleCases() []testCase {
	return []testCase{
		{"C52 a denied member's cookies are refreshed all the same", func(s *stage) {
			s.serve(s.guarded(s.required(stytchkit.Role("role-of-alice"))))
			carol := s.person("carol")
			s.send(get("/me", carol.stale())).denied("permission_denied").refreshed(carol)
			s.send(get("/me", navigation, carol.stale())).deniedAsPage("permission_denied", "Not allowed").refreshed(carol)
			s.asked(1) // its answer is remembered
		}},
		{"C52 a rule reads a path parameter of its route in a group too", func(s *stage) {
			named := s.required(stytchkit.Organization(stytchkit.PathParam("org")))
			s.serve(App{Groups: []Group{{Prefix: "/api", Routes: []Route{{Method: http.MethodGet, Path: "/:org/me", Guards: []Guard{named}, Handler: s.me}}}}})
			alice := s.person("alice")
			s.send(get("/api/acme/me", alice.live())).of("alice")
			s.send(get("/api/%61cme/me", alice.live())).of("alice")
			s.send(get("/api/other/me?org=acme", alice.live())).denied("organization_mismatch").untouched()
			s.send(get("/api/%2561cme/me", alice.live())).denied("organization_mismatch").untouched()
			s.send(get("/api/acme%zz/me", alice.live())).refused()
			s.send(get("/api/acme/me")).denied("session_missing")
		}},
		{"C52 a rule at a group reads the parameter of the group's route where the framework has it by then, and never lets a request through without", func(s *stage) {
			s.serve(App{Groups: []Group{{Prefix: "/api", Guards: []Guard{s.required(stytchkit.Organization(stytchkit.PathParam("org")))}, Routes: []Route{
				{Method: http.MethodGet, Path: "/:org/me", Handler: s.me},
			}}}})
			alice := s.person("alice")
			own, others := get("/api/acme/me", alice.live()), get("/api/other/me", alice.live())
			if s.can(ParamAtGroup) {
				s.send(own).varies().of("alice")
				s.send(others).varies().denied("organization_mismatch").untouched()
				return
			}
			s.send(own).varies().denied("route_misconfigured").untouched()
			s.send(others).varies().denied("route_misconfigured").untouched()
		}},
	}
}
