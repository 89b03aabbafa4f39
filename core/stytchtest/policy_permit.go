package stytchtest

import (
	"fmt"
	"slices"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
)

// Permit adds to the project's RBAC policy that a role may do these actions on a resource; "*" is
// every action. A role or resource that the policy does not know is added. To begin with nothing
// permitted, SetPolicy(rbac.Policy{}) first.
//
// An application that has fetched the policy sees the change when it fetches it again: within five
// minutes, or at once by Authenticator.RefreshPolicy.
func (s *Server) Permit(role, resource string, actions ...string) {
	if role == "" || resource == "" || len(actions) == 0 || slices.Contains(actions, "") {
		panic(fmt.Sprintf("stytchtest: Permit(%q, %q, %q) permits nothing (want a role, a resource and actions, such as Permit(\"editor\", \"documents\", \"read\"))", role, resource, actions))
	}
	_, _ = locked(s, func(st *state) (any, error) {
		st.policy = permitting(st.policy, role, resource, actions)
		return nil, nil
	})
}

// permitting is a policy that permits more. It shares nothing with p that it changes.
func permitting(p rbac.Policy, role, resource string, actions []string) rbac.Policy {
	actions = slices.Clone(actions)
	p.Roles = slices.Clone(p.Roles)
	i := slices.IndexFunc(p.Roles, func(r rbac.PolicyRole) bool { return r.RoleID == role })
	if i < 0 {
		i, p.Roles = len(p.Roles), append(p.Roles, rbac.PolicyRole{RoleID: role})
	}
	p.Roles[i].Permissions = append(slices.Clip(p.Roles[i].Permissions), rbac.PolicyRolePermission{ResourceID: resource, Actions: actions})

	p.Resources = slices.Clone(p.Resources)
	i = slices.IndexFunc(p.Resources, func(r rbac.PolicyResource) bool { return r.ResourceID == resource })
	if i < 0 {
		i, p.Resources = len(p.Resources), append(p.Resources, rbac.PolicyResource{ResourceID: resource})
	}
	p.Resources[i].Actions = withNamed(p.Resources[i].Actions, actions)
	return p
}

// withNamed is a list with the actions of another that it does not name; "*" names none.
func withNamed(known, actions []string) []string {
	known = slices.Clone(known)
	for _, action := range actions {
		if action != "*" && !slices.Contains(known, action) {
			known = append(known, action)
		}
	}
	return known
}
