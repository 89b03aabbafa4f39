package stytchkit

import "context"

// Can reports whether the session's member may do this, as [Permission] would decide: for pages
// that show only what is allowed. It is false with an error while no policy could be fetched.
func (a *Authenticator) Can(ctx context.Context, s *Session, resource, action string) (bool, error) {
	if s == nil {
		return false, nil
	}
	policy, err := a.policy.Get(ctx)
	if err != nil {
		return false, err
	}
	return policy.Allows(s.view().Roles, resource, action), nil
}

// Permissions are the actions that the session's member may do, sorted, by resource; "*" is every
// action. The map is the caller's own.
func (a *Authenticator) Permissions(ctx context.Context, s *Session) (map[string][]string, error) {
	if s == nil {
		return map[string][]string{}, nil
	}
	policy, err := a.policy.Get(ctx)
	if err != nil {
		return nil, err
	}
	return policy.Of(s.view().Roles), nil
}

// RefreshPolicy fetches the RBAC policy now, or joins a fetch under way, and reports whether it
// came: for an application that has just changed it.
func (a *Authenticator) RefreshPolicy(ctx context.Context) error {
	return a.policy.Refresh(ctx)
}
