// Package policy holds the project's RBAC policy: who may do what, kept current.
package policy

import (
	"maps"
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
)

// Policy is the project's, made to be asked: actions by role and resource.
type Policy struct {
	fetched time.Time
	roles   map[string]map[string]actions

	resources map[string][]string // what there is: actions by resource
}

// AnyAction stands for every action on a resource.
const AnyAction = "*"

type actions struct {
	all   bool
	named map[string]struct{}
}

func (a actions) allow(action string) bool {
	if a.all {
		return true
	}
	_, ok := a.named[action]
	return ok
}

// compile joins what a policy says about a role in several places, as Stytch's own check does.
func compile(policy *rbac.Policy, now time.Time) *Policy {
	c := &Policy{fetched: now, roles: map[string]map[string]actions{}, resources: resourcesOf(policy)}
	for _, role := range policy.Roles {
		resources := c.roles[role.RoleID]
		if resources == nil {
			resources = map[string]actions{}
			c.roles[role.RoleID] = resources
		}
		for _, permission := range role.Permissions {
			known := resources[permission.ResourceID]
			if known.named == nil {
				known.named = map[string]struct{}{}
			}
			for _, action := range permission.Actions {
				known.named[action] = struct{}{}
				known.all = known.all || action == AnyAction
			}
			resources[permission.ResourceID] = known
		}
	}
	return c
}

// Allows reports whether one of the roles allows the action on the resource.
func (p *Policy) Allows(roles []string, resource, action string) bool {
	for _, role := range roles {
		if granted, ok := p.roles[role][resource]; ok && granted.allow(action) {
			return true
		}
	}
	return false
}

// Of is what the roles allow, sorted, by resource. The map is the caller's own.
func (p *Policy) Of(roles []string) map[string][]string {
	granted := map[string]map[string]struct{}{}
	for _, role := range roles {
		for resource, actions := range p.roles[role] {
			if granted[resource] == nil {
				granted[resource] = map[string]struct{}{}
			}
			maps.Copy(granted[resource], actions.named)
		}
	}
	list := make(map[string][]string, len(granted))
	for resource, actions := range granted {
		list[resource] = slices.Sorted(maps.Keys(actions))
	}
	return list
}
