package policy

import (
	"slices"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
)

// resourcesOf are the actions on each resource that a policy lists or gives to a role.
func resourcesOf(policy *rbac.Policy) map[string][]string {
	list := make(map[string][]string, len(policy.Resources))
	for _, resource := range policy.Resources {
		list[resource.ResourceID] = append(list[resource.ResourceID], resource.Actions...)
	}
	for _, role := range policy.Roles {
		for _, permission := range role.Permissions {
			list[permission.ResourceID] = append(list[permission.ResourceID], permission.Actions...)
		}
	}
	return list
}

// Knows reports whether the policy names this action on this resource. [AnyAction] names none.
func (p *Policy) Knows(resource, action string) bool {
	return slices.Contains(p.resources[resource], action)
}

// HasRole reports whether the policy has the role. An organization may have roles of its own beside.
func (p *Policy) HasRole(id string) bool {
	_, ok := p.roles[id]
	return ok
}

// HasRoles reports whether the policy has all of these roles.
func (p *Policy) HasRoles(ids []string) bool {
	for _, id := range ids {
		if !p.HasRole(id) {
			return false
		}
	}
	return true
}
