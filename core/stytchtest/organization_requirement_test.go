package stytchtest_test

import (
	"slices"
	"testing"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/intermediatesessions"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/oauth"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/totps"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// googleOnly is a server whose organization guarded lets people in by Google alone, and a member
// of it and of acme.
func googleOnly(t *testing.T) (srv *stytchtest.Server, there, here *stytchtest.Member) {
	t.Helper()
	srv = start(t)
	srv.AddOrganization(stytchtest.Organization{Slug: "guarded", AuthMethods: []string{"google_oauth"}})
	there = srv.AddMember(stytchtest.Member{Organization: "guarded", Email: "ada@example.com", MFA: true})
	here = srv.AddMember(stytchtest.Member{Email: "ada@example.com", Password: "correct horse"})
	srv.SetProviderUser("ada@example.com")
	return srv, there, here
}

func TestALoginByAnotherFactorThanAllowedGivesNoSession(t *testing.T) {
	srv, there, here := googleOnly(t)
	client := sdk(t, srv)
	discovered := discover(t, srv, "ada@example.com")
	google := []string{"google_oauth"}
	byLink := byMail(t, srv, there, magiclinks.AuthenticateParams{})
	exchanged, err := client.Sessions.Exchange(t.Context(), &sessions.ExchangeParams{OrganizationID: "guarded", SessionToken: here.SignIn().Token})
	wantRefusal(t, err, "")
	entered, err := client.Discovery.IntermediateSessions.Exchange(t.Context(), &intermediatesessions.ExchangeParams{OrganizationID: "guarded", IntermediateSessionToken: discovered})
	wantRefusal(t, err, "")
	for name, got := range map[string]struct {
		authenticated          bool
		token, jwt, ist        string
		session                *sessions.MemberSession
		primary                *sessions.PrimaryRequired
		wantsMFA, keepsItsOwns bool
	}{
		"a magic link":             {byLink.MemberAuthenticated, byLink.SessionToken, byLink.SessionJWT, byLink.IntermediateSessionToken, byLink.MemberSession, byLink.PrimaryRequired, byLink.MFARequired != nil, true},
		"a session exchange":       {exchanged.MemberAuthenticated, exchanged.SessionToken, exchanged.SessionJWT, exchanged.IntermediateSessionToken, exchanged.MemberSession, exchanged.PrimaryRequired, exchanged.MFARequired != nil, true},
		"an intermediate exchange": {entered.MemberAuthenticated, entered.SessionToken, entered.SessionJWT, entered.IntermediateSessionToken, entered.MemberSession, entered.PrimaryRequired, entered.MFARequired != nil, entered.IntermediateSessionToken == discovered},
	} {
		if got.authenticated || got.token != "" || got.jwt != "" || got.session != nil || got.ist == "" || !got.wantsMFA || !got.keepsItsOwns {
			t.Errorf("%s answered %+v", name, got)
		}
		if got.primary == nil || !slices.Equal(got.primary.AllowedAuthMethods, google) {
			t.Errorf("%s: primary_required is %+v, want %v", name, got.primary, google)
		}
	}

	_, err = client.TOTPs.Authenticate(t.Context(), &totps.AuthenticateParams{OrganizationID: "guarded", MemberID: there.ID, Code: there.TOTP(), IntermediateSessionToken: discovered})
	wantRefusal(t, err, "400 action_available_only_once_primary_authentication_is_met")
	token := arrive(t, srv, oauthStart, params(srv, "slug", "guarded", "login_redirect_url", callback), "oauth")
	next, err := client.OAuth.Authenticate(t.Context(), &oauth.AuthenticateParams{OAuthToken: token, IntermediateSessionToken: discovered})
	wantRefusal(t, err, "")
	if next.MemberAuthenticated || next.PrimaryRequired != nil || next.MFARequired == nil || next.IntermediateSessionToken != discovered {
		t.Errorf("after the allowed factor: %+v", next)
	}
	done, err := client.TOTPs.Authenticate(t.Context(), &totps.AuthenticateParams{OrganizationID: "guarded", MemberID: there.ID, Code: there.TOTP(), IntermediateSessionToken: discovered})
	wantRefusal(t, err, "")
	if kinds(done.MemberSession.AuthenticationFactors) != "magic_link oauth totp" || done.Organization.AuthMethods != "RESTRICTED" ||
		!slices.Equal(done.Organization.AllowedAuthMethods, google) {
		t.Errorf("answered %+v", done)
	}
}

func TestDiscoveredOrganizationsSayWhatTheyWant(t *testing.T) {
	srv, _, _ := googleOnly(t)
	srv.AddOrganization(stytchtest.Organization{Slug: "strict", EmailDomains: []string{"example.com"}, MFARequired: true})
	got, err := sdk(t, srv).Discovery.Organizations.List(t.Context(), &organizations.ListParams{IntermediateSessionToken: discover(t, srv, "ada@example.com")})
	wantRefusal(t, err, "")
	want := map[string][3]bool{"guarded": {false, true, true}, "acme": {true, false, false}, "strict": {false, false, true}}
	if len(got.DiscoveredOrganizations) != len(want) {
		t.Fatalf("%d organizations were discovered", len(got.DiscoveredOrganizations))
	}
	for _, d := range got.DiscoveredOrganizations {
		slug := d.Organization.OrganizationSlug
		if is := [3]bool{d.MemberAuthenticated, d.PrimaryRequired != nil, d.MFARequired != nil}; is != want[slug] {
			t.Errorf("%s: member_authenticated, primary_required and mfa_required are %v, want %v", slug, is, want[slug])
		}
	}
}

func TestAPasswordDoesNotCountElsewhere(t *testing.T) {
	srv, _, here := googleOnly(t)
	client := sdk(t, srv)
	srv.AddMember(stytchtest.Member{Organization: "globex", Email: "ada@example.com"})
	login, err := client.Passwords.Authenticate(t.Context(), &passwords.AuthenticateParams{OrganizationID: "acme", EmailAddress: here.Email, Password: "correct horse"})
	wantRefusal(t, err, "")
	got, err := client.Sessions.Exchange(t.Context(), &sessions.ExchangeParams{OrganizationID: "globex", SessionToken: login.SessionToken})
	wantRefusal(t, err, "")
	if got.MemberAuthenticated || got.PrimaryRequired == nil || !slices.Contains(got.PrimaryRequired.AllowedAuthMethods, "magic_link") {
		t.Errorf("answered %+v", got)
	}
}
