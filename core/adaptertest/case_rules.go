package adaptertest

import (
	"net/http"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// ruleCases are about what rules read of a request, and how they refuse it.
func ruleCases() []testCase {
	return []testCase{
		{"C52 a missing role is a 403, with a challenge for bearers only", func(s *stage) {
			s.serve(s.guarded(s.required(stytchkit.Role("role-of-alice"))))
			alice, carol := s.person("alice"), s.person("carol")
			s.send(get("/me", alice.live())).of("alice")
			s.send(get("/me", carol.live())).denied("permission_denied").untouched()
			s.send(get("/me", bearer(carol.jwt))).deniedBy("permission_denied", `Bearer error="insufficient_scope"`).untouched()
			s.send(get("/me", carol.stale())).denied("permission_denied").refreshed(carol)
			s.send(get("/me", navigation, carol.live())).deniedAsPage("permission_denied", "Not allowed").untouched()
		}},
		{"C52 a step-up says how recent the sign-in has to be", func(s *stage) {
			s.serve(s.guarded(s.required(stytchkit.AuthenticatedWithin(time.Minute))))
			alice := s.person("alice")
			s.send(get("/me", alice.live())).of("alice")
			s.clock.Advance(2 * time.Minute)
			s.send(get("/me", alice.live())).denied("reauthentication_required").untouched()
			s.send(get("/me", bearer(alice.jwt))).denied("reauthentication_required").untouched()
		}},
		{"C52 a rule reads a path parameter of its route, decoded, and the organization it names must be the session's", func(s *stage) {
			named := s.required(stytchkit.Organization(stytchkit.PathParam("org")))
			s.serve(App{
				Routes: []Route{
					{Method: http.MethodGet, Path: "/orgs/:org/me", Guards: []Guard{named}, Handler: s.me},
					{Method: http.MethodGet, Path: "/no-org", Guards: []Guard{named}, Handler: s.me},
				},
				Groups: []Group{{Prefix: "/api", Routes: []Route{{Method: http.MethodGet, Path: "/:org/me", Guards: []Guard{named}, Handler: s.me}}}},
			})
			alice := s.person("alice")
			for _, prefix := range []string{"/orgs", "/api"} {
				s.send(get(prefix+"/acme/me", alice.live())).of("alice")
				s.send(get(prefix+"/acme/me?org=other", alice.live())).of("alice")
				s.send(get(prefix+"/%61cme/me", alice.live())).of("alice")
				s.send(get(prefix+"/other/me?org=acme", alice.live())).denied("organization_mismatch").untouched()
				s.send(get(prefix+"/%2561cme/me", alice.live())).denied("organization_mismatch").untouched()
				s.send(get(prefix+"/acme%00/me", alice.live())).denied("organization_mismatch").untouched()
				s.send(get(prefix+"/acme%zz/me", alice.live())).refused()
				s.send(get(prefix + "/acme/me")).denied("session_missing")
			}
			s.send(get("/no-org", alice.live())).denied("route_misconfigured").untouched()
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
