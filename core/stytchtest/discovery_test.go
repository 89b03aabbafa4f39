package stytchtest_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/intermediatesessions"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks/discovery"
	emaildiscovery "github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks/email/discovery"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// discover logs an address in by discovery and returns the intermediate session token.
func discover(t *testing.T, srv *stytchtest.Server, address string) string {
	t.Helper()
	client := sdk(t, srv)
	_, err := client.MagicLinks.Email.Discovery.Send(t.Context(), &emaildiscovery.SendParams{
		EmailAddress: address, DiscoveryRedirectURL: callback, PkceCodeChallenge: challenge("secret"),
	})
	wantRefusal(t, err, "")
	got, err := client.MagicLinks.Discovery.Authenticate(t.Context(), &discovery.AuthenticateParams{
		DiscoveryMagicLinksToken: lastMail(t, srv).Token, PkceCodeVerifier: "secret",
	})
	wantRefusal(t, err, "")
	if got.EmailAddress != address {
		t.Errorf("discovered %q, want %q", got.EmailAddress, address)
	}
	return got.IntermediateSessionToken
}

func TestDiscoveryMailRefuses(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	for _, row := range []struct {
		name   string
		params emaildiscovery.SendParams
		want   string
	}{
		{"an address that is none", emaildiscovery.SendParams{EmailAddress: "ada", DiscoveryRedirectURL: callback}, "400 invalid_email"},
		{"no redirect", emaildiscovery.SendParams{EmailAddress: "ada@example.com"}, "400 no_discovery_redirect_url"},
		{"a redirect without a host", emaildiscovery.SendParams{EmailAddress: "ada@example.com", DiscoveryRedirectURL: "app:go"}, "400 invalid_url"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := client.MagicLinks.Email.Discovery.Send(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
		})
	}
}

func TestADiscoveryLinkWorksOnceAndOnlyForDiscovery(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	discover(t, srv, "ada@example.com")
	used := lastMail(t, srv)
	if used.TokenType != "discovery" {
		t.Errorf("the link has the token type %q", used.TokenType)
	}
	_, err := client.MagicLinks.Discovery.Authenticate(t.Context(), &discovery.AuthenticateParams{DiscoveryMagicLinksToken: used.Token, PkceCodeVerifier: "secret"})
	wantRefusal(t, err, "401 unable_to_auth_magic_link")
	_, err = client.MagicLinks.Discovery.Authenticate(t.Context(), &discovery.AuthenticateParams{DiscoveryMagicLinksToken: "nobody-has-this-token"})
	wantRefusal(t, err, "404 magic_link_not_found")
}

func TestDiscoveredOrganizationsSayHowOneBelongs(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	for slug, status := range map[string]string{"one": "active", "two": "invited", "three": "pending"} {
		srv.AddMember(stytchtest.Member{Organization: slug, Email: "ada@example.com", Status: status})
	}
	srv.AddMember(stytchtest.Member{Organization: "guarded", Email: "ada@example.com", MFA: true})
	srv.AddOrganization(stytchtest.Organization{Slug: "open", EmailDomains: []string{"example.com"}})
	srv.AddOrganization(stytchtest.Organization{Slug: "closed"})
	session := srv.AddMember(stytchtest.Member{Organization: "one", Email: "ada@example.com"}).SignIn()

	memberships := map[string]string{
		"one": "active_member", "two": "invited_member", "three": "pending_member",
		"guarded": "active_member", "open": "eligible_to_join_by_email_domain",
	}
	for _, row := range []struct {
		name   string
		params organizations.ListParams
		want   int
	}{
		{"by an intermediate session, joinable ones too", organizations.ListParams{IntermediateSessionToken: discover(t, srv, "ada@example.com")}, 5},
		{"by a session token, memberships", organizations.ListParams{SessionToken: session.Token}, 4},
		{"by a session JWT, memberships", organizations.ListParams{SessionJWT: session.JWT()}, 4},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := client.Discovery.Organizations.List(t.Context(), &row.params)
			wantRefusal(t, err, "")
			if got.EmailAddress != "ada@example.com" || len(got.DiscoveredOrganizations) != row.want {
				t.Fatalf("%s has %d organizations, want %d", got.EmailAddress, len(got.DiscoveredOrganizations), row.want)
			}
			for _, d := range got.DiscoveredOrganizations {
				slug := d.Organization.OrganizationSlug
				if d.Membership.Type != memberships[slug] {
					t.Errorf("%s: %s, want %s", slug, d.Membership.Type, memberships[slug])
				}
				if wantsMore := slug == "guarded"; d.MemberAuthenticated == wantsMore || (d.MFARequired != nil) != wantsMore {
					t.Errorf("%s: member_authenticated is %t", slug, d.MemberAuthenticated)
				}
			}
		})
	}
	for _, row := range []struct {
		name   string
		params organizations.ListParams
		want   string
	}{
		{"not by nothing", organizations.ListParams{}, "400 no_session_arguments"},
		{"not by two", organizations.ListParams{IntermediateSessionToken: "x", SessionToken: session.Token}, "400 too_many_session_arguments"},
		{"not by an intermediate session that is none", organizations.ListParams{IntermediateSessionToken: "x"}, "404 intermediate_session_not_found"},
		{"not by a session that is none", organizations.ListParams{SessionToken: "nobody-has-this-token"}, "404 session_not_found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := client.Discovery.Organizations.List(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
		})
	}
}

func TestCreatingAnOrganizationMakesItsAdmin(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	srv.AddOrganization(stytchtest.Organization{Slug: "taken"})
	ist := discover(t, srv, "ada@example.com")
	for _, row := range []struct {
		name   string
		params organizations.CreateParams
		want   string
	}{
		{"not under a slug that is taken", organizations.CreateParams{IntermediateSessionToken: ist, OrganizationSlug: "taken"}, "400 organization_slug_already_used"},
		{"not under a slug that is none", organizations.CreateParams{IntermediateSessionToken: ist, OrganizationSlug: "so not"}, "400 invalid_organization_slug"},
		{"not without an intermediate session", organizations.CreateParams{OrganizationSlug: "mine"}, "404 intermediate_session_not_found"},
		{"by the intermediate session, which refusals leave", organizations.CreateParams{IntermediateSessionToken: ist, OrganizationSlug: "mine", OrganizationName: "Mine"}, ""},
		{"not once it is used up", organizations.CreateParams{IntermediateSessionToken: ist, OrganizationSlug: "mine-too"}, "404 intermediate_session_not_found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := client.Discovery.Organizations.Create(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want == "" && (!got.MemberAuthenticated || got.SessionToken == "" || got.Organization.OrganizationName != "Mine" ||
				!slices.Contains(got.MemberSession.Roles, "stytch_admin")) {
				t.Errorf("answered %+v", got)
			}
		})
	}
	t.Run("name and slug are made up when they are not given", func(t *testing.T) {
		got, err := client.Discovery.Organizations.Create(t.Context(), &organizations.CreateParams{IntermediateSessionToken: discover(t, srv, "bob@example.com")})
		wantRefusal(t, err, "")
		if got.Organization.OrganizationSlug == "" || got.Organization.OrganizationName == "" {
			t.Errorf("made %+v", got.Organization)
		}
	})
}

func TestAnIntermediateSessionIsExchanged(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	srv.AddMember(stytchtest.Member{Organization: "invites", Email: "ada@example.com", Status: "invited"})
	srv.AddMember(stytchtest.Member{Organization: "guarded", Email: "ada@example.com", MFA: true})
	srv.AddOrganization(stytchtest.Organization{Slug: "open", EmailDomains: []string{"example.com"}})
	srv.AddOrganization(stytchtest.Organization{Slug: "closed"})
	exchange := func(ist, organization string) (*intermediatesessions.ExchangeResponse, error) {
		return client.Discovery.IntermediateSessions.Exchange(t.Context(), &intermediatesessions.ExchangeParams{IntermediateSessionToken: ist, OrganizationID: organization})
	}

	for _, row := range []struct{ name, organization, want string }{
		{"to accept an invitation", "invites", ""},
		{"to join by one's domain", "open", ""},
		{"not where one is a stranger", "closed", "403 email_jit_provisioning_not_allowed"},
		{"not with an organization that is none", "nowhere", "404 organization_not_found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			ist := discover(t, srv, "ada@example.com")
			got, err := exchange(ist, row.organization)
			wantRefusal(t, err, row.want)
			if row.want != "" {
				return
			}
			if !got.MemberAuthenticated || got.Member.Status != "active" || got.SessionJWT == "" {
				t.Errorf("answered %+v", got)
			}
			_, err = exchange(ist, row.organization)
			wantRefusal(t, err, "404 intermediate_session_not_found")
		})
	}
	t.Run("a missing second factor keeps it", func(t *testing.T) {
		ist := discover(t, srv, "ada@example.com")
		got, err := exchange(ist, "guarded")
		wantRefusal(t, err, "")
		if got.MemberAuthenticated || got.IntermediateSessionToken != ist || got.SessionToken != "" || got.MFARequired == nil {
			t.Errorf("answered %+v", got)
		}
		_, err = exchange(ist, "invites")
		wantRefusal(t, err, "")
	})
	t.Run("not after 10 minutes", func(t *testing.T) {
		ist := discover(t, srv, "ada@example.com")
		clock.Advance(10 * time.Minute)
		_, err := exchange(ist, "invites")
		wantRefusal(t, err, "404 intermediate_session_not_found")
	})
}
