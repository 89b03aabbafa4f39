package stytchtest_test

import (
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/intermediatesessions"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/oauth"
	oauthdiscovery "github.com/stytchauth/stytch-go/v16/stytch/b2b/oauth/discovery"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestOAuthLogsIn(t *testing.T) {
	for _, row := range []struct {
		name      string
		user      string
		challenge string
		age       time.Duration
		params    oauth.AuthenticateParams
		want      string
	}{
		{"a member, without PKCE", "ada@example.com", "", 0, oauth.AuthenticateParams{}, ""},
		{"with the verifier of its challenge", "ada@example.com", challenge("secret"), 0, oauth.AuthenticateParams{PkceCodeVerifier: "secret"}, ""},
		{"whom the domain lets in", "new@acme.example", "", 0, oauth.AuthenticateParams{}, ""},
		{"not whom it does not", "eve@evil.example", "", 0, oauth.AuthenticateParams{}, "403 invalid_email_for_jit_provisioning"},
		{"not with another verifier", "ada@example.com", challenge("secret"), 0, oauth.AuthenticateParams{PkceCodeVerifier: "guess"}, "400 pkce_mismatch"},
		{"not without the verifier", "ada@example.com", challenge("secret"), 0, oauth.AuthenticateParams{}, "400 pkce_expected_code_verifier"},
		{"not with a verifier nobody expects", "ada@example.com", "", 0, oauth.AuthenticateParams{PkceCodeVerifier: "secret"}, "400 pkce_did_not_expect_code_verifier"},
		{"not after five minutes", "ada@example.com", "", 5 * time.Minute, oauth.AuthenticateParams{}, "404 oauth_token_not_found"},
		{"not by a token nobody has", "ada@example.com", "", 0, oauth.AuthenticateParams{OAuthToken: "nobody-has-this-token"}, "404 oauth_token_not_found"},
		{"not with an intermediate session that is none", "new@acme.example", "", 0, oauth.AuthenticateParams{IntermediateSessionToken: "none"}, "404 intermediate_session_not_found"},
		{"not on a session that is none", "new@acme.example", "", 0, oauth.AuthenticateParams{SessionToken: "nobody-has-this-token"}, "404 session_not_found"},
		{"not on two", "ada@example.com", "", 0, oauth.AuthenticateParams{SessionToken: "one", IntermediateSessionToken: "two"}, "400 too_many_session_arguments"},
		{"not for a minute", "ada@example.com", "", 0, oauth.AuthenticateParams{SessionDurationMinutes: 1}, "400 invalid_session_duration_minutes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv, clock := startAt(t, stytchtest.Options{})
			client := sdk(t, srv)
			srv.AddOrganization(stytchtest.Organization{Slug: "acme", EmailDomains: []string{"acme.example"}})
			srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
			srv.SetProviderUser(row.user)
			token := arrive(t, srv, oauthStart, params(srv, "slug", "acme", "login_redirect_url", callback, "pkce_code_challenge", row.challenge), "oauth")
			clock.Advance(row.age)
			if row.params.OAuthToken == "" {
				row.params.OAuthToken = token
			}
			got, err := client.OAuth.Authenticate(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want != "" {
				if n := len(srv.Members()); n != 1 {
					t.Errorf("%d members after a refusal, want the one there was", n)
				}
				return
			}
			factor := got.MemberSession.AuthenticationFactors[0]
			if !got.MemberAuthenticated || got.Member.EmailAddress != row.user || got.Member.Status != "active" || got.SessionJWT == "" ||
				factor.Type != "oauth" || factor.DeliveryMethod != "oauth_google" || factor.GoogleOAuthFactor.ProviderSubject != got.ProviderSubject ||
				got.ProviderType != "Google" || got.ProviderValues.AccessToken == "" {
				t.Errorf("answered %+v", got)
			}
			_, err = client.OAuth.Authenticate(t.Context(), &row.params)
			wantRefusal(t, err, "404 oauth_token_not_found") // a token works once
		})
	}
}

func TestEveryProviderHasItsFactor(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	srv.SetProviderUser(srv.AddMember(stytchtest.Member{}).Email)
	for _, provider := range []string{"google", "microsoft", "hubspot", "slack", "github"} {
		token := arrive(t, srv, "/v1/b2b/public/oauth/"+provider+"/start", params(srv, "slug", "acme", "login_redirect_url", callback), "oauth")
		got, err := client.OAuth.Authenticate(t.Context(), &oauth.AuthenticateParams{OAuthToken: token})
		wantRefusal(t, err, "")
		f := got.MemberSession.AuthenticationFactors[0]
		given := map[string]bool{
			"google": f.GoogleOAuthFactor != nil, "microsoft": f.MicrosoftOAuthFactor != nil, "hubspot": f.HubspotOAuthFactor != nil,
			"slack": f.SlackOAuthFactor != nil, "github": f.GithubOAuthFactor != nil,
		}
		for name, is := range given {
			if is != (name == provider) {
				t.Errorf("%s: the factor is %+v", provider, f)
			}
		}
	}
}

func TestOAuthOnTheMembersSessionProlongsIt(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{MFA: true})
	session := member.SignIn()
	other := srv.AddMember(stytchtest.Member{}).SignIn()
	srv.SetProviderUser(member.Email)
	query := params(srv, "slug", "acme", "login_redirect_url", callback)
	clock.Advance(30 * time.Minute)

	got, err := client.OAuth.Authenticate(t.Context(), &oauth.AuthenticateParams{
		OAuthToken: arrive(t, srv, oauthStart, query, "oauth"), SessionToken: session.Token, SessionDurationMinutes: 90,
	})
	wantRefusal(t, err, "")
	if got.SessionToken != session.Token || got.MemberSession.MemberSessionID != session.ID || len(got.MemberSession.AuthenticationFactors) != 3 ||
		!got.MemberSession.ExpiresAt.Equal(noon().Add(2*time.Hour)) {
		t.Errorf("answered %+v", got)
	}
	got, err = client.OAuth.Authenticate(t.Context(), &oauth.AuthenticateParams{
		OAuthToken: arrive(t, srv, oauthStart, query, "oauth"), SessionJWT: other.JWT(),
	})
	wantRefusal(t, err, "")
	if got.MemberAuthenticated || got.MFARequired == nil {
		t.Errorf("somebody else's session counted: %+v", got)
	}
}

func TestDiscoveryByOAuth(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
	srv.AddOrganization(stytchtest.Organization{Slug: "open", EmailDomains: []string{"example.com"}})
	srv.SetProviderUser("ada@example.com")
	authenticate := func(token, verifier string) (*oauthdiscovery.AuthenticateResponse, error) {
		return client.OAuth.Discovery.Authenticate(t.Context(), &oauthdiscovery.AuthenticateParams{DiscoveryOAuthToken: token, PkceCodeVerifier: verifier})
	}
	token := arrive(t, srv, discoveryOAuthStart, params(srv, "discovery_redirect_url", callback, "pkce_code_challenge", challenge("secret")), "discovery_oauth")
	_, err := authenticate(token, "guess")
	wantRefusal(t, err, "400 pkce_mismatch")
	_, err = client.OAuth.Authenticate(t.Context(), &oauth.AuthenticateParams{OAuthToken: token, PkceCodeVerifier: "secret"})
	wantRefusal(t, err, "404 oauth_token_not_found") // it is for discovery
	got, err := authenticate(token, "secret")
	wantRefusal(t, err, "")
	if got.EmailAddress != "ada@example.com" || len(got.DiscoveredOrganizations) != 2 || got.ProviderType != "Google" {
		t.Errorf("answered %+v", got)
	}
	_, err = authenticate(token, "secret")
	wantRefusal(t, err, "404 oauth_token_not_found")

	login, err := client.Discovery.IntermediateSessions.Exchange(t.Context(), &intermediatesessions.ExchangeParams{IntermediateSessionToken: got.IntermediateSessionToken, OrganizationID: "acme"})
	wantRefusal(t, err, "")
	if !login.MemberAuthenticated || login.MemberSession.AuthenticationFactors[0].DeliveryMethod != "oauth_google" {
		t.Errorf("answered %+v", login)
	}
}
