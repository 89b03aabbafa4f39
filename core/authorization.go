package stytchkit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/policy"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Role wants the member to have at least one of these roles, by role ID.
func Role(ids ...string) Rule {
	name := "Role(" + quoted(ids) + ")"
	wantNames(name, "role ID, such as Role(\"stytch_admin\")", ids)
	ids = slices.Clone(ids)
	err := fmt.Errorf("%s: the member has none of these roles", name)
	return requirement(name, rankRole, func(_ context.Context, a *Authenticator, _ Request, s *Session) *refusal {
		if slices.ContainsFunc(ids, s.HasRole) {
			return nil
		}
		a.hintRoles(ids)
		return refuse(CodePermissionDenied, err)
	})
}

// AllRoles wants the member to have every one of these roles, by role ID.
func AllRoles(ids ...string) Rule {
	name := "AllRoles(" + quoted(ids) + ")"
	wantNames(name, "role ID, such as AllRoles(\"editor\", \"billing\")", ids)
	ids = slices.Clone(ids)
	err := fmt.Errorf("%s: the member lacks one of these roles", name)
	return requirement(name, rankRole, func(_ context.Context, a *Authenticator, _ Request, s *Session) *refusal {
		for _, id := range ids {
			if !s.HasRole(id) {
				a.hintRoles(ids)
				return refuse(CodePermissionDenied, err)
			}
		}
		return nil
	})
}

// Permission wants the member's roles to allow this action on this resource, by the project's RBAC
// policy. The policy is fetched once and refreshed in the background; a check makes no call. While
// no policy could be fetched the answer is 503, not 403; 500 where Stytch refuses the project.
//
// A role that is not in that policy is the organization's own, where Stytch lets the project have those:
// what it allows is asked once per organization and Config.Freshness, and is 503 while it is not known. An
// organization cannot widen a role of the project's.
func Permission(resource, action string) Rule {
	name := fmt.Sprintf("Permission(%q, %q)", resource, action)
	wantNames(name, "resource and an action, such as Permission(\"documents\", \"read\")", []string{resource, action})
	denied := fmt.Errorf("%s: no role of the member's allows it", name)
	rule := requirement(name, rankPermission, func(ctx context.Context, a *Authenticator, _ Request, s *Session) *refusal {
		allowed, err := a.allows(ctx, s.view(), resource, action)
		switch {
		case err != nil:
			return withoutPolicy(err)
		case !allowed:
			a.hintPermission(name, resource, action)
			return refuse(CodePermissionDenied, denied)
		}
		return nil
	})
	rule.set = func(g *Guard) { g.auth.policy.Start() }
	return rule
}

// withoutPolicy is the refusal while no policy could be fetched.
func withoutPolicy(err error) *refusal {
	if stytch.FailureOf(err).Verdict == stytch.Misconfigured {
		return refuse(CodeStytchMisconfigured, err)
	}
	return refuse(CodeStytchUnavailable, err)
}

// NoImpersonation refuses sessions in which somebody acts as the member; see [Session.Impersonator].
func NoImpersonation() Rule {
	const name = "NoImpersonation()"
	err := errors.New(name + ": the session is an impersonation")
	return requirement(name, rankRole, func(_ context.Context, _ *Authenticator, _ Request, s *Session) *refusal {
		if _, impersonated := s.Impersonator(); impersonated {
			return refuse(CodePermissionDenied, err)
		}
		return nil
	})
}

// Check is the application's own rule. An error denies with 403; its text reaches only logs and the
// error handler. It is called concurrently, after all other rules are met.
func Check(name string, check func(ctx context.Context, s *Session) error) Rule {
	rule := fmt.Sprintf("Check(%q)", name)
	if name == "" {
		refusing(rule, "the check has no name (write what it checks, such as Check(\"owns the document\", …))")
	}
	if check == nil {
		refusing(rule, "the check function is nil (want func(context.Context, *stytchkit.Session) error)")
	}
	return requirement(rule, rankCheck, func(ctx context.Context, a *Authenticator, _ Request, s *Session) (why *refusal) {
		defer func() {
			if p := recover(); p != nil {
				a.said.Error("stytchkit: a check panicked; the request is denied", "rule", rule, "panic", p)
				why = refuse(CodePermissionDenied, fmt.Errorf("%s panicked: %v", rule, p))
			}
		}()
		if err := check(ctx, s); err != nil {
			return refuse(CodePermissionDenied, fmt.Errorf("%s: %w", rule, err))
		}
		return nil
	})
}

func requirement(name string, r rank, check func(context.Context, *Authenticator, Request, *Session) *refusal) Rule {
	return Rule{name: name, rank: r, check: check, set: func(*Guard) {}}
}

// wantNames panics about a rule that names nothing.
func wantNames(rule, want string, names []string) {
	if len(names) == 0 || slices.Contains(names, "") {
		refusing(rule, "an empty list or name lets nobody in (write a "+want+")")
	}
}

func quoted(names []string) string {
	var list []string
	for _, name := range names {
		list = append(list, fmt.Sprintf("%q", name))
	}
	return strings.Join(list, ", ")
}

// allows decides about a permission. The organization's own roles are looked at only where the project's do
// not allow it and the member has one that is not the project's.
func (a *Authenticator) allows(ctx context.Context, s *session.Facts, resource, action string) (bool, error) {
	project, err := a.policy.Get(ctx)
	if err != nil || project.Allows(s.Roles, resource, action) {
		return err == nil, err
	}
	own, err := a.ownRoles(ctx, s, project)
	if err != nil || own == nil {
		return false, err
	}
	return policy.With{Project: project, Own: own}.Allows(s.Roles, resource, action), nil
}

// ownRoles are those that the session's organization has beside the project's; nil where the member has none
// of them, and where there are none: a project that may not have such roles has no member with one.
func (a *Authenticator) ownRoles(ctx context.Context, s *session.Facts, project *policy.Policy) (*policy.OwnRoles, error) {
	if s.Kind == session.User || project.HasRoles(s.Roles) {
		return nil, nil
	}
	own, _, err := a.profiles.Roles.Of(ctx, s)
	if err != nil && isRefused(stytch.FailureOf(err)) {
		return nil, nil
	}
	return own, err
}

// isRefused reports whether Stytch said no, rather than nothing.
func isRefused(f *stytch.Failure) bool {
	return f.Verdict == stytch.Refused || f.Verdict == stytch.Over
}

// Can reports whether the session's member may do this, as [Permission] would decide: for pages
// that show only what is allowed. It is false with an error while what decides could not be fetched.
func (a *Authenticator) Can(ctx context.Context, s *Session, resource, action string) (bool, error) {
	if s == nil {
		return false, nil
	}
	return a.allows(ctx, s.view(), resource, action)
}

// Permissions are the actions that the session's member may do, sorted, by resource; "*" is every
// action. The map is the caller's own.
func (a *Authenticator) Permissions(ctx context.Context, s *Session) (map[string][]string, error) {
	if s == nil {
		return map[string][]string{}, nil
	}
	project, err := a.policy.Get(ctx)
	if err != nil {
		return nil, err
	}
	own, err := a.ownRoles(ctx, s.view(), project)
	if err != nil {
		return nil, err
	}
	return policy.With{Project: project, Own: own}.Of(s.view().Roles), nil
}

// RefreshPolicy fetches the RBAC policy now, or joins a fetch under way, and reports whether it
// came: for an application that has just changed it. Organizations' own roles are asked for again when
// they are needed. The other replicas do so too.
func (a *Authenticator) RefreshPolicy(ctx context.Context) error {
	a.profiles.Roles.Forget()
	a.tell(PolicyChanged().fact)
	return a.policy.Refresh(ctx)
}
