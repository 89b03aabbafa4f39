package stytchtest

import (
	"net/http"
	"slices"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
)

// SetPolicy replaces the project's RBAC policy. The one a server starts with knows the resource
// documents: stytch_member may read, editor read and create, stytch_admin everything; in a consumer
// project they are stytch_user, editor and admin.
func (s *Server) SetPolicy(policy rbac.Policy) {
	_, _ = locked(s, func(st *state) (any, error) {
		st.policy = policy
		return nil, nil
	})
}

func defaultPolicy(vertical Vertical) rbac.Policy {
	role := func(id string, actions ...string) rbac.PolicyRole {
		return rbac.PolicyRole{
			RoleID:      id,
			Permissions: []rbac.PolicyRolePermission{{ResourceID: "documents", Actions: actions}},
		}
	}
	everybody, admin := roleMember, roleAdmin
	if vertical == Consumer {
		everybody, admin = roleUser, "admin"
	}
	return rbac.Policy{
		Roles: []rbac.PolicyRole{
			role(everybody, "read"),
			role("editor", "read", "create"),
			role(admin, "*"),
		},
		Resources: []rbac.PolicyResource{{
			ResourceID: "documents",
			Actions:    []string{"read", "create", "update", "delete"},
		}},
	}
}

func (s *Server) rbacPolicy(*http.Request) (any, error) {
	policy, err := locked(s, func(st *state) (rbac.Policy, error) { return st.policy, nil })
	return struct {
		envelope
		Policy policyObject `json:"policy"`
	}{ok(), policyOf(policy)}, err
}

// authorizationCheck asks whether a session's roles grant an action.
type authorizationCheck struct {
	OrganizationID string `json:"organization_id"`
	ResourceID     string `json:"resource_id"`
	Action         string `json:"action"`
}

type verdict struct {
	Authorized    bool     `json:"authorized"`
	GrantingRoles []string `json:"granting_roles"`
}

// authorize gives no verdict without a check, and none that refuses: that is an error.
func (st *state) authorize(g grant, check *authorizationCheck) (*verdict, error) {
	if check == nil {
		return nil, nil
	}
	if !g.isUser() && check.OrganizationID != g.Organization.ID {
		return nil, errSessionTenancy
	}
	var granting []string
	for _, role := range slices.Concat(st.policy.Roles, g.Organization.Roles) {
		if slices.Contains(g.roles(), role.RoleID) && allows(role, check) {
			granting = append(granting, role.RoleID)
		}
	}
	switch {
	case granting == nil && g.isUser():
		return nil, errConsumerAuthorization
	case granting == nil:
		return nil, errSessionAuthorization
	}
	return &verdict{true, granting}, nil
}

func allows(role rbac.PolicyRole, check *authorizationCheck) bool {
	return slices.ContainsFunc(role.Permissions, func(p rbac.PolicyRolePermission) bool {
		return p.ResourceID == check.ResourceID &&
			(slices.Contains(p.Actions, "*") || slices.Contains(p.Actions, check.Action))
	})
}

type policyObject struct {
	Roles     []policyRole     `json:"roles"`
	Resources []policyResource `json:"resources"`
	Scopes    []policyScope    `json:"scopes"`
}

type policyRole struct {
	RoleID      string             `json:"role_id"`
	Description string             `json:"description"`
	Permissions []policyPermission `json:"permissions"`
}

type policyResource struct {
	ResourceID  string   `json:"resource_id"`
	Description string   `json:"description"`
	Actions     []string `json:"actions"`
}

type policyScope struct {
	Scope       string             `json:"scope"`
	Description string             `json:"description"`
	Permissions []policyPermission `json:"permissions"`
}

type policyPermission struct {
	ResourceID string   `json:"resource_id"`
	Actions    []string `json:"actions"`
}

func rolesOf(roles []rbac.PolicyRole) []policyRole {
	objects := []policyRole{}
	for _, r := range roles {
		permissions := []policyPermission{}
		for _, granted := range r.Permissions {
			permissions = append(permissions, policyPermission{granted.ResourceID, orEmpty(granted.Actions)})
		}
		objects = append(objects, policyRole{r.RoleID, r.Description, permissions})
	}
	return objects
}

func policyOf(p rbac.Policy) policyObject {
	object := policyObject{Resources: []policyResource{}, Scopes: []policyScope{}}
	object.Roles = rolesOf(p.Roles)
	for _, r := range p.Resources {
		object.Resources = append(object.Resources, policyResource{r.ResourceID, r.Description, orEmpty(r.Actions)})
	}
	for _, s := range p.Scopes {
		permissions := []policyPermission{}
		for _, granted := range s.Permissions {
			permissions = append(permissions, policyPermission{granted.ResourceID, orEmpty(granted.Actions)})
		}
		object.Scopes = append(object.Scopes, policyScope{s.Scope, s.Description, permissions})
	}
	return object
}
