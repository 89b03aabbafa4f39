package stytchtest_test

import (
	"testing"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/intermediatesessions"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks"
	magiclinksdiscovery "github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks/discovery"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/discovery"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/discovery/email"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// crossOrganization starts a project where passwords are good everywhere, with Ada in two places.
func crossOrganization(t *testing.T) (srv *stytchtest.Server, acme, globex *stytchtest.Member) {
	t.Helper()
	srv, _ = startAt(t, stytchtest.Options{CrossOrganizationPasswords: true})
	globex = srv.AddMember(stytchtest.Member{Organization: "globex", Email: "ada@example.com"})
	acme = srv.AddMember(stytchtest.Member{Organization: "acme", Email: "ada@example.com", Password: "a long password"})
	return srv, acme, globex
}

func TestAPasswordLeadsToAllOrganizations(t *testing.T) {
	srv, _, globex := crossOrganization(t)
	client := sdk(t, srv)
	for _, row := range []struct{ email, password, want string }{
		{"ada@example.com", "a long password", ""},
		{"ada@example.com", "wrong", "401 unauthorized_credentials"},
		{"nobody@example.com", "", "404 member_password_not_found"},
	} {
		got, err := client.Passwords.Discovery.Authenticate(t.Context(), &discovery.AuthenticateParams{EmailAddress: row.email, Password: row.password})
		wantRefusal(t, err, row.want)
		if row.want != "" {
			continue
		}
		if len(got.DiscoveredOrganizations) != 2 || !got.DiscoveredOrganizations[0].MemberAuthenticated {
			t.Errorf("answered %+v", got)
		}
		in, err := client.Discovery.IntermediateSessions.Exchange(t.Context(), &intermediatesessions.ExchangeParams{
			IntermediateSessionToken: got.IntermediateSessionToken, OrganizationID: globex.OrganizationID,
		})
		wantRefusal(t, err, "")
		if !in.MemberAuthenticated || in.MemberID != globex.ID || kinds(in.MemberSession.AuthenticationFactors) != "password" {
			t.Errorf("answered %+v", in)
		}
	}
	_, err := client.Passwords.Authenticate(t.Context(), &passwords.AuthenticateParams{OrganizationID: "globex", EmailAddress: "ada@example.com", Password: "a long password"})
	wantRefusal(t, err, "")
}

func TestADiscoveryResetLooksAsADiscoveryMagicLinkDoes(t *testing.T) {
	srv, acme, globex := crossOrganization(t)
	client := sdk(t, srv)
	_, err := client.Passwords.Discovery.Email.ResetStart(t.Context(), &email.ResetStartParams{
		EmailAddress: "ada@example.com", ResetPasswordRedirectURL: callback, DiscoveryRedirectURL: callback, PkceCodeChallenge: challenge("the verifier"),
	})
	wantRefusal(t, err, "")
	before, elsewhere := acme.SignIn(), globex.SignIn()
	mail := lastMail(t, srv)
	reset, login := arrivedAt(t, mail.Link, "discovery"), arrivedAt(t, mail.LoginLink, "discovery")

	_, err = client.MagicLinks.Discovery.Authenticate(t.Context(), &magiclinksdiscovery.AuthenticateParams{DiscoveryMagicLinksToken: reset, PkceCodeVerifier: "the verifier"})
	wantRefusal(t, err, "404 magic_link_not_found")
	_, err = client.Passwords.Discovery.Email.Reset(t.Context(), &email.ResetParams{PasswordResetToken: login, Password: "a newer password", PkceCodeVerifier: "the verifier"})
	wantRefusal(t, err, "401 unable_to_auth_password_reset_token")

	_, err = client.Passwords.Discovery.Email.Reset(t.Context(), &email.ResetParams{PasswordResetToken: reset, Password: "a newer password", PkceCodeVerifier: "another"})
	wantRefusal(t, err, "400 pkce_mismatch")
	got, err := client.Passwords.Discovery.Email.Reset(t.Context(), &email.ResetParams{PasswordResetToken: reset, Password: "a newer password", PkceCodeVerifier: "the verifier"})
	wantRefusal(t, err, "")
	if got.IntermediateSessionToken == "" || got.EmailAddress != "ada@example.com" || len(got.DiscoveredOrganizations) != 2 || living(t, srv, before) || living(t, srv, elsewhere) {
		t.Errorf("answered %+v", got)
	}
	for _, organization := range []string{"acme", "globex"} {
		_, err = client.Passwords.Authenticate(t.Context(), &passwords.AuthenticateParams{OrganizationID: organization, EmailAddress: "ada@example.com", Password: "a newer password"})
		wantRefusal(t, err, "")
	}
	_, err = client.MagicLinks.Discovery.Authenticate(t.Context(), &magiclinksdiscovery.AuthenticateParams{DiscoveryMagicLinksToken: login, PkceCodeVerifier: "the verifier"})
	wantRefusal(t, err, "")
	_, err = client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{MagicLinksToken: reset})
	wantRefusal(t, err, "404 magic_link_not_found")
}

func TestPasswordsAcrossOrganizationsAreTheProjectsDecision(t *testing.T) {
	client := sdk(t, start(t))
	_, err := client.Passwords.Discovery.Authenticate(t.Context(), &discovery.AuthenticateParams{EmailAddress: "ada@example.com", Password: "a long password"})
	wantRefusal(t, err, "400 cross_org_passwords_not_enabled")
	_, err = client.Passwords.Discovery.Email.ResetStart(t.Context(), &email.ResetStartParams{EmailAddress: "ada@example.com", ResetPasswordRedirectURL: callback})
	wantRefusal(t, err, "400 cross_org_passwords_not_enabled")
}
