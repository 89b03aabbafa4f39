package stytchtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/intermediatesessions"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sso"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestSSOLogsIn(t *testing.T) {
	for _, row := range []struct {
		name       string
		connection stytchtest.Connection
		user       string
		query      []string
		age        time.Duration
		params     sso.AuthenticateParams
		want       string
	}{
		{"a member, by the connection", stytchtest.Connection{ID: "saml-1"}, "ada@example.com", []string{"connection_id", "saml-1"}, 0, sso.AuthenticateParams{}, ""},
		{"by the organization's only connection", stytchtest.Connection{}, "ada@example.com", []string{"organization_id", "acme"}, 0, sso.AuthenticateParams{}, ""},
		{"by the organization's slug", stytchtest.Connection{OIDC: true}, "ada@example.com", []string{"slug", "acme"}, 0, sso.AuthenticateParams{}, ""},
		{"with the verifier of its challenge", stytchtest.Connection{}, "ada@example.com", []string{"slug", "acme", "pkce_code_challenge", challenge("secret")}, 0, sso.AuthenticateParams{PkceCodeVerifier: "secret"}, ""},
		{"whom the connection lets in", stytchtest.Connection{JIT: true}, "new@example.com", []string{"slug", "acme"}, 0, sso.AuthenticateParams{}, ""},
		{"not whom it does not", stytchtest.Connection{}, "new@example.com", []string{"slug", "acme"}, 0, sso.AuthenticateParams{}, "403 invalid_connection_for_jit_provisioning"},
		{"not with another verifier", stytchtest.Connection{}, "ada@example.com", []string{"slug", "acme", "pkce_code_challenge", challenge("secret")}, 0, sso.AuthenticateParams{PkceCodeVerifier: "guess"}, "400 pkce_mismatch"},
		{"not without the verifier", stytchtest.Connection{}, "ada@example.com", []string{"slug", "acme", "pkce_code_challenge", challenge("secret")}, 0, sso.AuthenticateParams{}, "400 pkce_expected_code_verifier"},
		{"not after five minutes", stytchtest.Connection{}, "ada@example.com", []string{"slug", "acme"}, 5 * time.Minute, sso.AuthenticateParams{}, "404 sso_token_not_found"},
		{"not by a token nobody has", stytchtest.Connection{}, "ada@example.com", []string{"slug", "acme"}, 0, sso.AuthenticateParams{SSOToken: "nobody-has-this-token"}, "404 sso_token_not_found"},
		{"not with an intermediate session that is none", stytchtest.Connection{JIT: true}, "new@example.com", []string{"slug", "acme"}, 0, sso.AuthenticateParams{IntermediateSessionToken: "none"}, "404 intermediate_session_not_found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv, clock := startAt(t, stytchtest.Options{})
			client := sdk(t, srv)
			srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
			connection := srv.AddConnection(row.connection)
			srv.SetProviderUser(row.user)
			token := arrive(t, srv, ssoStart, params(srv, append(row.query, "login_redirect_url", callback)...), "sso")
			clock.Advance(row.age)
			if row.params.SSOToken == "" {
				row.params.SSOToken = token
			}
			got, err := client.SSO.Authenticate(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want != "" {
				if n := len(srv.Members()); n != 1 {
					t.Errorf("%d members after a refusal, want the one there was", n)
				}
				return
			}
			if !got.MemberAuthenticated || got.Member.EmailAddress != row.user || got.SessionJWT == "" {
				t.Errorf("answered %+v", got)
			}
			f := got.MemberSession.AuthenticationFactors[0]
			if saml := f.SAMLSSOFactor; !connection.OIDC && (saml == nil || saml.ProviderID != connection.ID || f.DeliveryMethod != "sso_saml") {
				t.Errorf("the factor is %+v", f)
			}
			if oidc := f.OIDCSSOFactor; connection.OIDC && (oidc == nil || oidc.ProviderID != connection.ID || f.DeliveryMethod != "sso_oidc") {
				t.Errorf("the factor is %+v", f)
			}
			_, err = client.SSO.Authenticate(t.Context(), &row.params)
			wantRefusal(t, err, "404 sso_token_not_found") // a token works once
		})
	}
}

func TestALoginMayBeginAtTheIdentityProvider(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{})
	connection := srv.AddConnection(stytchtest.Connection{})
	token := arrivedAt(t, connection.Link(member.Email, callback), "sso")
	_, err := client.SSO.Authenticate(t.Context(), &sso.AuthenticateParams{SSOToken: token, PkceCodeVerifier: "secret"})
	wantRefusal(t, err, "400 pkce_did_not_expect_code_verifier")
	got, err := client.SSO.Authenticate(t.Context(), &sso.AuthenticateParams{SSOToken: token})
	wantRefusal(t, err, "")
	if got.MemberID != member.ID || !got.MemberAuthenticated {
		t.Errorf("answered %+v", got)
	}
}

func TestConnectionsSayWhatIsWrong(t *testing.T) {
	srv := start(t)
	member := srv.AddMember(stytchtest.Member{})
	for name, f := range map[string]func(){
		"Link of a Connection that no server knows": func() { (&stytchtest.Connection{}).Link(member.Email, callback) },
		"Connection.Link: 400 invalid_url":          func() { srv.AddConnection(stytchtest.Connection{}).Link(member.Email, "/callback") },
		"Connection.Link: 400 invalid_email":        func() { srv.AddConnection(stytchtest.Connection{}).Link("ada", callback) },
	} {
		if said := panics(f); !strings.Contains(said, name) {
			t.Errorf("said %q, want %q in it", said, name)
		}
	}
}

// panics is what f panics with.
func panics(f func()) (said string) {
	defer func() { said, _ = recover().(string) }()
	f()
	return ""
}

func TestAnOrganizationListsItsConnections(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	first := srv.AddConnection(stytchtest.Connection{Name: "Okta", JIT: true})
	srv.AddConnection(stytchtest.Connection{ID: first.ID, Name: "Okta again", JIT: true})
	srv.AddConnection(stytchtest.Connection{Name: "Entra"})
	srv.AddOrganization(stytchtest.Organization{Slug: "acme", Name: "Acme"}) // keeps them
	got, err := client.Organizations.Get(t.Context(), &organizations.GetParams{OrganizationID: "acme"})
	wantRefusal(t, err, "")
	o := got.Organization
	if len(o.SSOActiveConnections) != 2 || o.SSOActiveConnections[0].DisplayName != "Okta again" || o.SSOActiveConnections[0].ConnectionID != first.ID ||
		o.SSOJITProvisioning != "RESTRICTED" || len(o.SSOJITProvisioningAllowedConnections) != 1 {
		t.Errorf("answered %+v", o)
	}
}

func TestSSOCountsOnlyWhereItWasShown(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	srv.AddMember(stytchtest.Member{Email: "ada@example.com", MFA: true})
	srv.AddMember(stytchtest.Member{Organization: "globex", Email: "ada@example.com"})
	token := arrivedAt(t, srv.AddConnection(stytchtest.Connection{}).Link("ada@example.com", callback), "sso")
	got, err := client.SSO.Authenticate(t.Context(), &sso.AuthenticateParams{SSOToken: token})
	wantRefusal(t, err, "")
	if got.MemberAuthenticated || got.MFARequired == nil {
		t.Fatalf("answered %+v", got)
	}
	_, err = client.Discovery.IntermediateSessions.Exchange(t.Context(), &intermediatesessions.ExchangeParams{
		IntermediateSessionToken: got.IntermediateSessionToken, OrganizationID: "globex",
	})
	wantRefusal(t, err, "400 invalid_intermediate_session_token_for_organization")
}
