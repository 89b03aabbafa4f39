package stytchtest_test

import (
	"reflect"
	"testing"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations/members"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestOrganizationsAreFoundByIDAndSlug(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	acme := srv.AddOrganization(stytchtest.Organization{Slug: "acme", Name: "Acme Inc."})
	for _, row := range []struct{ name, ref, want string }{
		{"by ID", acme.ID, ""},
		{"by slug", "acme", ""},
		{"not by name", "Acme Inc.", "404 organization_not_found"},
		{"not by what needs escaping", "acme/../acme", "404 organization_not_found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := client.Organizations.Get(t.Context(), &organizations.GetParams{OrganizationID: row.ref})
			wantRefusal(t, err, row.want)
			if row.want == "" && (got.Organization.OrganizationID != acme.ID || got.Organization.OrganizationName != "Acme Inc.") {
				t.Errorf("found %+v", got.Organization)
			}
		})
	}
}

func TestMembersAreFoundInTheirOrganization(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	ada := srv.AddMember(stytchtest.Member{Email: "ada@example.com", Roles: []string{"stytch_admin"}})
	srv.AddOrganization(stytchtest.Organization{Slug: "globex"})
	for _, row := range []struct {
		name   string
		params members.GetParams
		want   string
	}{
		{"by ID", members.GetParams{OrganizationID: ada.OrganizationID, MemberID: ada.ID}, ""},
		{"by address, in any case", members.GetParams{OrganizationID: "acme", EmailAddress: "ADA@example.com"}, ""},
		{"not in another organization", members.GetParams{OrganizationID: "globex", MemberID: ada.ID}, "404 member_not_found"},
		{"not in an organization that is none", members.GetParams{OrganizationID: "nowhere", MemberID: ada.ID}, "404 organization_not_found"},
		{"not by nobody's address", members.GetParams{OrganizationID: "acme", EmailAddress: "eve@example.com"}, "404 member_not_found"},
		{"not by nothing", members.GetParams{OrganizationID: "acme"}, "400 invalid_member_get_fields"},
		{"not by both", members.GetParams{OrganizationID: "acme", MemberID: ada.ID, EmailAddress: ada.Email}, "400 invalid_member_get_fields"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := client.Organizations.Members.Get(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want == "" && (got.MemberID != ada.ID || !got.Member.IsAdmin || got.Organization.OrganizationSlug != "acme") {
				t.Errorf("found %+v", got.Member)
			}
		})
	}
}

func TestAddingAgainReplaces(t *testing.T) {
	srv := start(t)
	before := srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
	session := before.SignIn()
	after := srv.AddMember(stytchtest.Member{Email: "Ada@example.com", Roles: []string{"editor"}})
	acme := srv.AddOrganization(stytchtest.Organization{Slug: "acme", Name: "Acme Inc."})

	if after.ID != before.ID || acme.ID != before.OrganizationID || len(srv.Members()) != 1 {
		t.Errorf("member %s became %s, organization %s became %s", before.ID, after.ID, before.OrganizationID, acme.ID)
	}
	claims, ok := session.Claims()["https://stytch.com/session"].(map[string]any)
	if want := []string{"stytch_member", "editor"}; !ok || !reflect.DeepEqual(claims["roles"], want) {
		t.Errorf("the session that was open has %v, want the new roles %v", claims["roles"], want)
	}
	renamed := srv.AddMember(stytchtest.Member{ID: before.ID, Email: "lovelace@example.com"})
	if renamed.ID != before.ID || len(srv.Members()) != 1 {
		t.Errorf("the same ID with another address became %+v", renamed)
	}
}

func TestThePolicyIsServed(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	granted := func() map[string][]string {
		got, err := client.RBAC.Policy(t.Context(), &rbac.PolicyParams{})
		wantRefusal(t, err, "")
		roles := map[string][]string{}
		for _, role := range got.Policy.Roles {
			roles[role.RoleID] = role.Permissions[0].Actions
		}
		return roles
	}
	if got, want := granted(), map[string][]string{"stytch_member": {"read"}, "editor": {"read", "create"}, "stytch_admin": {"*"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("the default policy grants %v, want %v", got, want)
	}
	srv.SetPolicy(rbac.Policy{Roles: []rbac.PolicyRole{{RoleID: "reader", Permissions: []rbac.PolicyRolePermission{{ResourceID: "books", Actions: []string{"read"}}}}}})
	if got, want := granted(), map[string][]string{"reader": {"read"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("the policy that was set grants %v, want %v", got, want)
	}
}
