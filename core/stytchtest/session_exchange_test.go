package stytchtest_test

import (
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestExchangeGivesASessionInAnotherOrganization(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	ada := stytchtest.Member{Email: "ada@example.com"}
	session := srv.AddMember(ada).SignIn()
	ada.Organization = "globex"
	there := srv.AddMember(ada)
	srv.AddMember(stytchtest.Member{Organization: "guarded", Email: "Ada@Example.com", MFA: true})
	srv.AddOrganization(stytchtest.Organization{Slug: "closed"})

	t.Run("where the member is a member", func(t *testing.T) {
		got, err := client.Sessions.Exchange(t.Context(), &sessions.ExchangeParams{OrganizationID: "globex", SessionJWT: session.JWT(), SessionDurationMinutes: 5})
		wantRefusal(t, err, "")
		if got.MemberID != there.ID || !got.MemberAuthenticated || got.SessionToken == session.Token || got.MemberSession.OrganizationSlug != "globex" {
			t.Errorf("answered %+v", got)
		}
		if lasts := got.MemberSession.ExpiresAt.Sub(*got.MemberSession.StartedAt); lasts != 5*time.Minute {
			t.Errorf("the new session lasts %v", lasts)
		}
	})
	t.Run("where a second factor is wanted, an intermediate session", func(t *testing.T) {
		got, err := client.Sessions.Exchange(t.Context(), &sessions.ExchangeParams{OrganizationID: "guarded", SessionToken: session.Token})
		wantRefusal(t, err, "")
		if got.MemberAuthenticated || got.SessionToken != "" || got.SessionJWT != "" || got.MemberSession != nil ||
			got.IntermediateSessionToken == "" || got.MFARequired == nil || got.PrimaryRequired != nil {
			t.Errorf("answered %+v", got)
		}
	})
	for _, row := range []struct {
		name   string
		params sessions.ExchangeParams
		want   string
	}{
		{"not where the member is a stranger", sessions.ExchangeParams{OrganizationID: "closed", SessionToken: session.Token}, "404 member_not_found"},
		{"not in an organization that is none", sessions.ExchangeParams{OrganizationID: "nowhere", SessionToken: session.Token}, "404 organization_not_found"},
		{"not by a session that is none", sessions.ExchangeParams{OrganizationID: "globex", SessionToken: "nobody-has-this-token"}, "404 session_not_found"},
		{"not by nothing", sessions.ExchangeParams{OrganizationID: "globex"}, "400 no_session_arguments"},
		{"not for a minute", sessions.ExchangeParams{OrganizationID: "globex", SessionToken: session.Token, SessionDurationMinutes: 1}, "400 invalid_session_duration_minutes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := client.Sessions.Exchange(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
		})
	}
}

func TestListingSessionsWantsAMemberOfTheOrganization(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{})
	srv.AddOrganization(stytchtest.Organization{Slug: "globex"})
	for _, row := range []struct {
		name, organization, member, want string
	}{
		{"a member of it", "acme", member.ID, ""},
		{"a member of another", "globex", member.ID, "404 member_not_found"},
		{"nobody's ID", "acme", "member-test-none", "404 member_not_found"},
		{"no such organization", "nowhere", member.ID, "404 organization_not_found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := client.Sessions.Get(t.Context(), &sessions.GetParams{OrganizationID: row.organization, MemberID: row.member})
			wantRefusal(t, err, row.want)
		})
	}
}
