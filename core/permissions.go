package stytchkit

import (
	"context"

	"github.com/stytchkit/stytchkit/core/internal/policy"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

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
