package adaptertest

import (
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
	}
}
