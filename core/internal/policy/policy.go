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
	roles   roles

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
	return &Policy{fetched: now, roles: compileRoles(policy.Roles), resources: resourcesOf(policy)}
}

// roles are what each role may do: actions by resource.
type roles map[string]map[string]actions

// OwnRoles are those that an organization has beside the project's.
type OwnRoles struct{ roles roles }

// CompileOwn makes an organization's roles ready to be asked.
func CompileOwn(own []rbac.PolicyRole) *OwnRoles { return &OwnRoles{compileRoles(own)} }

func compileRoles(listed []rbac.PolicyRole) roles {
	compiled := roles{}
	for _, role := range listed {
		resources := compiled[role.RoleID]
		if resources == nil {
			resources = map[string]actions{}
			compiled[role.RoleID] = resources
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
	return compiled
}

// Allows reports whether one of the roles allows the action on the resource.
func (p *Policy) Allows(roles []string, resource, action string) bool {
	return With{Project: p}.Allows(roles, resource, action)
}

// With is a project's policy with the roles that an organization has beside the project's.
type With struct {
	Project *Policy
	Own     *OwnRoles // nil: none
}

// Allows is [Policy.Allows] of both.
func (w With) Allows(roles []string, resource, action string) bool {
	for _, role := range roles {
		if granted, ok := w.role(role)[resource]; ok && granted.allow(action) {
			return true
		}
	}
	return false
}

// role is what a role may do. One that the project has is the project's alone: an organization cannot widen
// it.
func (w With) role(id string) map[string]actions {
	if role, ok := w.Project.roles[id]; ok || w.Own == nil {
		return role
	}
	return w.Own.roles[id]
}

// Of is what the roles allow, sorted, by resource. The map is the caller's own.
func (w With) Of(roles []string) map[string][]string {
	granted := map[string]map[string]struct{}{}
	for _, role := range roles {
		for resource, actions := range w.role(role) {
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
