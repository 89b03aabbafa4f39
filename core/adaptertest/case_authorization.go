package adaptertest

import (
	"context"
	"errors"
	"net/http"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// authorizationCases are the tables of the rules about who a member is.
func authorizationCases() []testCase {
	return []testCase{
		{"C52 Role", func(s *stage) {
			s.play(
				ruling{says: "who has the role is let through", guard: rules(stytchkit.Role("editor")), roles: roles("editor")},
				ruling{says: "who has another role is not", guard: rules(stytchkit.Role("editor")), roles: roles("stytch_admin"), code: "permission_denied"},
				ruling{says: "who has no role of their own is not", guard: rules(stytchkit.Role("editor")), code: "permission_denied"},
				ruling{says: "one of several roles is enough", guard: rules(stytchkit.Role("owner", "editor")), roles: roles("viewer", "editor")},
				ruling{says: "none of several roles is not", guard: rules(stytchkit.Role("owner", "editor")), roles: roles("viewer"), code: "permission_denied"},
				ruling{says: "everybody has the role that Stytch gives to everybody", guard: rules(stytchkit.Role(s.kind.everybody))},
				ruling{says: "a role in another case is another role", guard: rules(stytchkit.Role("Editor")), roles: roles("editor"), code: "permission_denied"},
				ruling{says: "a role that begins alike is another role", guard: rules(stytchkit.Role("editor")), roles: roles("editor_in_chief", "edit"), code: "permission_denied"},
				ruling{says: "a role with a space is another role", guard: rules(stytchkit.Role("editor")), roles: roles(" editor", "editor ", "viewer,editor"), code: "permission_denied"},
				ruling{says: "who has no session is asked for one first", guard: rules(stytchkit.Role("editor")), nobody: true, code: "session_missing"},
			)
		}},
		{"C52 AllRoles", func(s *stage) {
			s.play(
				ruling{says: "who has all of the roles is let through", guard: rules(stytchkit.AllRoles("editor", "billing")), roles: roles("billing", "viewer", "editor")},
				ruling{says: "who lacks one of them is not", guard: rules(stytchkit.AllRoles("editor", "billing")), roles: roles("editor"), code: "permission_denied"},
				ruling{says: "who has none of them is not", guard: rules(stytchkit.AllRoles("editor", "billing")), code: "permission_denied"},
				ruling{says: "a role that is asked for twice is had once", guard: rules(stytchkit.AllRoles("editor", "editor")), roles: roles("editor")},
				ruling{says: "two rules ask for a role each", guard: rules(stytchkit.Role("editor"), stytchkit.Role("billing")), roles: roles("editor"), code: "permission_denied"},
				ruling{says: "who has no session is asked for one first", guard: rules(stytchkit.AllRoles("editor")), nobody: true, code: "session_missing"},
			)
		}},
		{"C52 Permission", func(s *stage) {
			s.srv.Permit("approver", "invoices", "read", "approve")
			s.srv.Permit("bookkeeper", "invoices", "*")
			s.srv.Permit("literal", "*", "approve")
			may := stytchkit.Permission
			s.play(
				ruling{says: "whose role may do it is let through", guard: rules(may("invoices", "approve")), roles: roles("approver")},
				ruling{says: "whose role may do everything is let through", guard: rules(may("invoices", "approve")), roles: roles("bookkeeper")},
				ruling{says: "whose role may do something else is not", guard: rules(may("invoices", "delete")), roles: roles("approver"), code: "permission_denied"},
				ruling{says: "whose role may do it to something else is not", guard: rules(may("documents", "approve")), roles: roles("approver"), code: "permission_denied"},
				ruling{says: "a role that the policy does not know may do nothing", guard: rules(may("invoices", "approve")), roles: roles("unheard_of"), code: "permission_denied"},
				ruling{says: "what Stytch gives to everybody counts", guard: rules(may("documents", "read"))},
				ruling{says: "one of several roles is enough", guard: rules(may("invoices", "approve")), roles: roles("unheard_of", "editor", "approver")},
				ruling{says: "an action in another case is another action", guard: rules(may("invoices", "Approve")), roles: roles("approver"), code: "permission_denied"},
				ruling{says: "a resource in another case is another resource", guard: rules(may("Invoices", "approve")), roles: roles("approver"), code: "permission_denied"},
				ruling{says: "no resource stands for all", guard: rules(may("invoices", "approve")), roles: roles("literal"), code: "permission_denied"},
				ruling{says: "a role in another case is another role", guard: rules(may("invoices", "approve")), roles: roles("Approver"), code: "permission_denied"},
				ruling{says: "two rules ask for a permission each", guard: rules(may("invoices", "approve"), may("documents", "delete")), roles: roles("approver"), code: "permission_denied"},
				ruling{says: "who has no session is asked for one first", guard: rules(may("invoices", "approve")), nobody: true, code: "session_missing"},
			)
			if got := s.srv.Calls(stytchtest.RBACPolicy); got > 1 {
				s.t.Errorf("the policy was fetched %d times, want once for all", got)
			}
		}},
		{"C52 Permission, while no policy could be fetched, is unavailable rather than denied", noPolicy},
		{"C52 NoImpersonation", func(s *stage) {
			s.play(
				ruling{says: "the member is let through", guard: rules(stytchkit.NoImpersonation())},
				ruling{says: "who acts as the member is not", guard: rules(stytchkit.NoImpersonation()),
					by: signedIn(stytchtest.ImpersonatedBy("support@example.com")), code: "permission_denied"},
				ruling{says: "who acts as the member is not, whatever was shown beside", guard: rules(stytchkit.NoImpersonation()),
					by: signedIn(stytchtest.SignedInBy("password", "totp", "impersonated")), code: "permission_denied"},
				ruling{says: "where it is not asked for, who acts as the member is let through", guard: rules(stytchkit.Role(s.kind.everybody)),
					by: signedIn(stytchtest.ImpersonatedBy("support@example.com"))},
			)
		}},
		{"C52 Check", func(s *stage) {
			check := func(verdict func(*stytchkit.Session) error) []stytchkit.Rule {
				return rules(stytchkit.Check("the application's own", func(_ context.Context, own *stytchkit.Session) error { return verdict(own) }))
			}
			s.play(
				ruling{says: "whom the check takes is let through", guard: check(func(*stytchkit.Session) error { return nil })},
				ruling{says: "whom it refuses is not, and does not learn why", guard: check(func(*stytchkit.Session) error { return errors.New(secretReason) }), code: "permission_denied"},
				ruling{says: "a denial that a check made itself is no answer", guard: check(func(*stytchkit.Session) error {
					return &stytchkit.Denial{Status: http.StatusOK, Code: secretReason, Body: []byte(secretReason)}
				}), code: "permission_denied"},
				ruling{says: "a check that panics lets nobody through", guard: check(func(*stytchkit.Session) error { panic(secretReason) }), code: "permission_denied"},
				ruling{says: "a check with a mistake in it lets nobody through", guard: check(func(own *stytchkit.Session) error {
					return errors.New(own.Roles()[99])
				}), code: "permission_denied"},
				ruling{says: "it sees who asks", guard: check(func(own *stytchkit.Session) error {
					if own.Subject() != s.kind.people+rowName(5) || !own.HasRole("editor") {
						return errors.New(secretReason)
					}
					return nil
				}), roles: roles("editor")},
				ruling{says: "who has no session is asked for one first", guard: check(func(*stytchkit.Session) error { return errors.New(secretReason) }), nobody: true, code: "session_missing"},
			)
		}},
	}
}

func noPolicy(s *stage) {
	s.srv.Fail(stytchtest.RBACPolicy, stytchtest.Fault{Status: http.StatusInternalServerError})
	s.auth = s.authenticator(s.srv) // none has ever come
	s.serve(s.guarded(s.required(stytchkit.Permission("documents", "read"))))
	alice := s.person("alice")
	s.send(get("/me", alice.live())).denied("stytch_unavailable").untouched()
	s.send(get("/me", bearer(alice.jwt))).denied("stytch_unavailable").untouched()
	s.send(get("/me", navigation, alice.live())).deniedAsPage("stytch_unavailable", "Try again shortly").untouched()
	s.send(get("/me")).denied("session_missing").untouched()
	s.srv.Recover()
	s.clock.Advance(2 * time.Minute) // beyond every pause between attempts
	s.send(get("/me", alice.live())).of("alice").untouched()
	s.srv.Fail(stytchtest.RBACPolicy, stytchtest.Fault{Status: http.StatusInternalServerError})
	s.send(get("/me", alice.live())).of("alice").untouched()
}
