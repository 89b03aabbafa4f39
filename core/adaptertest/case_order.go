package adaptertest

import (
	"context"
	"errors"
	"net/http"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// orderCases are about several rules that are not met: which is answered does not depend on the
// order in which they are written.
func orderCases() []testCase {
	return []testCase{
		{"C52 of several rules that are not met, the one that helps most is answered", func(s *stage) {
			const denied, stepUp = "permission_denied", "reauthentication_required"
			var (
				role          = stytchkit.Role("owner")
				permission    = stytchkit.Permission("documents", "delete")
				impersonation = stytchkit.NoImpersonation()
				within        = stytchkit.AuthenticatedWithin(time.Minute)
				mfa           = stytchkit.MFA()
				factors       = stytchkit.Factors("sso")
				check         = stytchkit.Check("the application's own", func(context.Context, *stytchkit.Session) error { return errors.New(secretReason) })
				passes        = stytchkit.Check("passes", func(context.Context, *stytchkit.Session) error { return nil })
				ago           = stytchtest.AuthenticatedAgo(time.Hour)
			)
			s.play(
				ruling{says: "a role before step-up", guard: rules(within, mfa, role), by: signedIn(ago), code: denied},
				ruling{says: "a permission before step-up", guard: rules(mfa, permission), code: denied},
				ruling{says: "an impersonation before step-up", guard: rules(mfa, impersonation), by: signedIn(stytchtest.ImpersonatedBy("support@example.com")), code: denied},
				ruling{says: "a role before the application's own check", guard: rules(check, role), code: denied},
				ruling{says: "step-up before the application's own check", guard: rules(check, factors), code: stepUp},
				ruling{says: "how long ago before how", guard: rules(mfa, within, factors), by: signedIn(ago), code: stepUp, maxAge: "60"},
				ruling{says: "of step-up, what is not met", guard: rules(within, factors), code: stepUp},
				ruling{says: "the application's own check where the others are met", guard: rules(within, check, role), roles: roles("owner"), code: denied},
				ruling{says: "nothing where all are met", guard: rules(passes, within, mfa, impersonation, role), roles: roles("owner"), by: signedIn(stytchtest.WithTOTP())},
				ruling{says: "a session before everything", guard: rules(check, within, role), nobody: true, code: "session_missing"},
			)
		}},
		{"C52 a role that is missing is denied even while permissions cannot be checked, and both before step-up", func(s *stage) {
			s.srv.Fail(stytchtest.RBACPolicy, stytchtest.Fault{Status: http.StatusInternalServerError})
			may := stytchkit.Permission("documents", "read")
			s.play(
				ruling{says: "a role", guard: rules(may, stytchkit.Role("owner")), code: "permission_denied"},
				ruling{says: "an impersonation", guard: rules(may, stytchkit.NoImpersonation()), by: signedIn(stytchtest.ImpersonatedBy("support@example.com")), code: "permission_denied"},
				ruling{says: "the permission itself", guard: rules(stytchkit.MFA(), may), code: "stytch_unavailable"},
			)
		}},
		{"C52 guards within each other are answered from the outside in, and each with its own rules", func(s *stage) {
			s.serve(App{Guards: []Guard{s.optional()}, Groups: []Group{{Prefix: "/api", Guards: []Guard{s.required(stytchkit.MFA())}, Routes: []Route{
				{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required(stytchkit.Role("role-of-alice"))}, Handler: s.me},
			}}}})
			alice, carol := s.person("alice"), s.person("carol")
			both := signInAs(s.srv, "both0", roles("role-of-alice"), stytchtest.WithTOTP())
			one := signInAs(s.srv, "other", nil, stytchtest.WithTOTP())
			s.send(get("/api/me", alice.live())).denied("reauthentication_required").untouched()
			s.send(get("/api/me", carol.live())).denied("reauthentication_required").untouched()
			s.send(get("/api/me", one.live())).denied("permission_denied").untouched()
			s.send(get("/api/me", both.live())).says(s.kind.describedAs("both0", "role-of-alice")).untouched()
			s.asked(0)
		}},
	}
}
