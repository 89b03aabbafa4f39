package stytchtest_test

import (
	"net/http"
	"testing"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations/members"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestABackendManagesMembers(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	acme := srv.AddOrganization(stytchtest.Organization{Slug: "acme"})
	srv.AddMember(stytchtest.Member{Organization: "globex", Email: "new@acme.example"})
	created, err := client.Organizations.Members.Create(t.Context(), &members.CreateParams{
		OrganizationID: acme.ID, EmailAddress: "new@acme.example", Name: "New", Roles: []string{"editor"},
	})
	if err != nil || created.Member.Name != "New" || created.Member.Status != "active" || len(created.Member.Roles) != 2 {
		t.Fatalf("created %+v (%v)", created, err)
	}
	_, err = client.Organizations.Members.Create(t.Context(), &members.CreateParams{OrganizationID: acme.ID, EmailAddress: "NEW@acme.example"})
	wantRefusal(t, err, "400 duplicate_member_email")
	_, err = client.Organizations.Members.Create(t.Context(), &members.CreateParams{OrganizationID: "nowhere", EmailAddress: "a@acme.example"})
	wantRefusal(t, err, "404 organization_not_found")
	_, err = client.Organizations.Members.Create(t.Context(), &members.CreateParams{OrganizationID: acme.ID, EmailAddress: "nobody"})
	wantRefusal(t, err, "400 invalid_email")

	name := "Newer"
	updated, err := client.Organizations.Members.Update(t.Context(), &members.UpdateParams{
		OrganizationID: acme.ID, MemberID: created.MemberID, Name: name, EmailAddress: "newer@acme.example", Roles: &[]string{"stytch_admin"},
	})
	if err != nil || updated.Member.Name != name || updated.Member.EmailAddress != "newer@acme.example" || !updated.Member.IsAdmin {
		t.Fatalf("updated %+v (%v)", updated, err)
	}
	for address, want := range map[string]int{"new@acme.example": 0, "newer@acme.example": 1} {
		found, err := client.Organizations.Members.Search(t.Context(), &members.SearchParams{
			OrganizationIds: []string{acme.ID},
			Query: &organizations.SearchQuery{Operator: "OR", Operands: []map[string]any{
				{"filter_name": "member_emails", "filter_value": []string{address}},
			}},
		})
		if err != nil || len(found.Members) != want || found.Organizations[acme.ID].OrganizationSlug != "acme" {
			t.Errorf("%s: found %+v (%v), want %d", address, found, err, want)
		}
	}

	srv.AddMember(stytchtest.Member{Organization: "acme", Email: "other@acme.example"})
	var session *stytchtest.Session
	for _, m := range srv.Members() {
		if m.ID == created.MemberID {
			session = m.SignIn()
		}
	}
	if _, err := client.Organizations.Members.Delete(t.Context(), &members.DeleteParams{OrganizationID: acme.ID, MemberID: created.MemberID}); err != nil {
		t.Fatal(err)
	}
	_, err = client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
	wantRefusal(t, err, "404 session_not_found")
	_, err = client.Organizations.Members.Delete(t.Context(), &members.DeleteParams{OrganizationID: acme.ID, MemberID: created.MemberID})
	wantRefusal(t, err, "404 member_not_found")
}

func TestAnOrganizationHasNoRolesOfItsOwn(t *testing.T) {
	srv := start(t)
	srv.AddOrganization(stytchtest.Organization{Slug: "acme"})
	for slug, want := range map[string]int{"acme": http.StatusOK, "nowhere": http.StatusNotFound} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL()+"/v1/b2b/rbac/organizations/"+slug, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(srv.ProjectID(), srv.Secret())
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: got %d, want %d", slug, res.StatusCode, want)
		}
	}
}
