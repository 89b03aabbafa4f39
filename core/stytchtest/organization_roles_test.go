package stytchtest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stytchauth/stytch-go/v16/stytch"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// The SDK of this version does not know the endpoint, and lets one ask by its path.
func TestAnOrganizationsOwnRolesAreItsOwn(t *testing.T) {
	srv := start(t)
	auditor := rbac.PolicyRole{RoleID: "auditor", Description: "Looks at invoices", Permissions: []rbac.PolicyRolePermission{{ResourceID: "invoices", Actions: []string{"read"}}}}
	srv.AddOrganization(stytchtest.Organization{Slug: "acme", Roles: []rbac.PolicyRole{auditor}})
	member := srv.AddMember(stytchtest.Member{Roles: []string{"auditor"}})
	srv.AddOrganization(stytchtest.Organization{Slug: "globex"})
	api := sdk(t, srv)
	for organization, want := range map[string]string{
		member.OrganizationID: `{"roles":[{"role_id":"auditor","description":"Looks at invoices","permissions":[{"resource_id":"invoices","actions":["read"]}]}]}`,
		"globex":              `{"roles":[]}`,
	} {
		answer, err := api.Sessions.C.RawRequest(t.Context(), stytch.RequestParams{Method: http.MethodGet, Path: "/v1/b2b/rbac/organizations/" + organization})
		var said struct {
			Policy json.RawMessage `json:"org_policy"`
		}
		if err == nil {
			err = json.Unmarshal(answer, &said)
		}
		if err != nil || string(said.Policy) != want {
			t.Errorf("%s: got %s (%v), want %s", organization, said.Policy, err, want)
		}
	}
	session := member.SignIn()
	_, err := api.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{
		SessionToken:       session.Token,
		AuthorizationCheck: &sessions.AuthorizationCheck{OrganizationID: member.OrganizationID, ResourceID: "invoices", Action: "read"},
	})
	if err != nil {
		t.Errorf("what the organization's own role allows: %v", err)
	}
}
