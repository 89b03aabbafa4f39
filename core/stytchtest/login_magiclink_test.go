package stytchtest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks/email"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const callback = "https://app.example.com/auth/callback?from=mail"

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// lastMail is the newest message; it fails the test when there is none.
func lastMail(t *testing.T, srv *stytchtest.Server) stytchtest.Message {
	t.Helper()
	mail := srv.Mail()
	if len(mail) == 0 {
		t.Fatal("no mail was sent")
	}
	return mail[len(mail)-1]
}

func TestLoginOrSignupSendsALink(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	srv.AddOrganization(stytchtest.Organization{Slug: "acme", EmailDomains: []string{"acme.example"}})
	member := srv.AddMember(stytchtest.Member{Organization: "acme", Email: "ada@example.com"})
	srv.AddOrganization(stytchtest.Organization{Slug: "closed"})

	for _, row := range []struct {
		name   string
		params email.LoginOrSignupParams
		want   string
	}{
		{"to a member", email.LoginOrSignupParams{OrganizationID: "acme", EmailAddress: "ada@example.com", LoginRedirectURL: callback}, ""},
		{"to whom the domain lets in", email.LoginOrSignupParams{OrganizationID: "acme", EmailAddress: "new@acme.example", SignupRedirectURL: callback}, ""},
		{"not to another domain", email.LoginOrSignupParams{OrganizationID: "acme", EmailAddress: "eve@evil.example", LoginRedirectURL: callback}, "403 invalid_email_for_jit_provisioning"},
		{"not to strangers of a closed organization", email.LoginOrSignupParams{OrganizationID: "closed", EmailAddress: "eve@evil.example", LoginRedirectURL: callback}, "403 email_jit_provisioning_not_allowed"},
		{"not for an organization that is none", email.LoginOrSignupParams{OrganizationID: "nowhere", EmailAddress: "ada@example.com", LoginRedirectURL: callback}, "404 organization_not_found"},
		{"not to an address that is none", email.LoginOrSignupParams{OrganizationID: "acme", EmailAddress: "ada", LoginRedirectURL: callback}, "400 invalid_email"},
		{"not without a redirect", email.LoginOrSignupParams{OrganizationID: "acme", EmailAddress: "ada@example.com"}, "400 no_login_redirect_url"},
		{"not with a redirect to a path", email.LoginOrSignupParams{OrganizationID: "acme", EmailAddress: "ada@example.com", LoginRedirectURL: "/callback"}, "400 invalid_url"},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := len(srv.Mail())
			got, err := client.MagicLinks.Email.LoginOrSignup(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want != "" {
				if sent := len(srv.Mail()) - before; sent != 0 {
					t.Errorf("%d messages were sent all the same", sent)
				}
				return
			}
			if isNew := row.params.EmailAddress != member.Email; got.MemberCreated != isNew || isNew != (got.Member.Status == "pending") {
				t.Errorf("member_created is %t, status %q", got.MemberCreated, got.Member.Status)
			}
			message := lastMail(t, srv)
			link, err := url.Parse(message.Link)
			if err != nil || message.To != row.params.EmailAddress {
				t.Fatalf("sent %q to %q: %v", message.Link, message.To, err)
			}
			query := link.Query()
			if link.Path != "/auth/callback" || query.Get("from") != "mail" ||
				query.Get("stytch_token_type") != "multi_tenant_magic_links" || query.Get("token") != message.Token {
				t.Errorf("the link is %q", message.Link)
			}
		})
	}
}

func TestAMagicLinkLogsIn(t *testing.T) {
	for _, row := range []struct {
		name      string
		challenge string
		age       time.Duration
		params    magiclinks.AuthenticateParams
		want      string
	}{
		{"without PKCE", "", 0, magiclinks.AuthenticateParams{}, ""},
		{"with the verifier of its challenge", challenge("secret"), 0, magiclinks.AuthenticateParams{PkceCodeVerifier: "secret"}, ""},
		{"not with another verifier", challenge("secret"), 0, magiclinks.AuthenticateParams{PkceCodeVerifier: "guess"}, "400 pkce_mismatch"},
		{"not without the verifier", challenge("secret"), 0, magiclinks.AuthenticateParams{}, "400 pkce_expected_code_verifier"},
		{"not with a verifier nobody expects", "", 0, magiclinks.AuthenticateParams{PkceCodeVerifier: "secret"}, "400 pkce_did_not_expect_code_verifier"},
		{"in its last second", "", time.Hour - time.Second, magiclinks.AuthenticateParams{}, ""},
		{"not after an hour", "", time.Hour, magiclinks.AuthenticateParams{}, "401 unable_to_auth_magic_link"},
		{"not by a token nobody has", "", 0, magiclinks.AuthenticateParams{MagicLinksToken: "nobody-has-this-token"}, "404 magic_link_not_found"},
		{"not with an intermediate session that is none", "", 0, magiclinks.AuthenticateParams{IntermediateSessionToken: "none"}, "404 intermediate_session_not_found"},
		{"not for a minute", "", 0, magiclinks.AuthenticateParams{SessionDurationMinutes: 1}, "400 invalid_session_duration_minutes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv, clock := startAt(t, stytchtest.Options{})
			client := sdk(t, srv)
			member := srv.AddMember(stytchtest.Member{Status: "invited"})
			_, err := client.MagicLinks.Email.LoginOrSignup(t.Context(), &email.LoginOrSignupParams{
				OrganizationID: "acme", EmailAddress: member.Email, LoginRedirectURL: callback, PkceCodeChallenge: row.challenge,
			})
			wantRefusal(t, err, "")
			clock.Advance(row.age)

			params := row.params
			if params.MagicLinksToken == "" {
				params.MagicLinksToken = lastMail(t, srv).Token
			}
			got, err := client.MagicLinks.Authenticate(t.Context(), &params)
			wantRefusal(t, err, row.want)
			if row.want != "" {
				return
			}
			if !got.MemberAuthenticated || got.MemberID != member.ID || got.Member.Status != "active" ||
				got.SessionToken == "" || got.SessionJWT == "" || got.IntermediateSessionToken != "" {
				t.Errorf("answered %+v", got)
			}
			_, err = client.MagicLinks.Authenticate(t.Context(), &params)
			wantRefusal(t, err, "401 unable_to_auth_magic_link") // a link works once
		})
	}
}

func TestALoginThatWantsASecondFactorGivesNoSession(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{MFA: true})
	_, err := client.MagicLinks.Email.LoginOrSignup(t.Context(), &email.LoginOrSignupParams{
		OrganizationID: "acme", EmailAddress: member.Email, LoginRedirectURL: callback,
	})
	wantRefusal(t, err, "")
	got, err := client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{MagicLinksToken: lastMail(t, srv).Token})
	wantRefusal(t, err, "")
	if got.MemberAuthenticated || got.SessionToken != "" || got.SessionJWT != "" || got.MemberSession != nil {
		t.Errorf("a session was given: %+v", got)
	}
	if got.IntermediateSessionToken == "" || got.MFARequired == nil || got.MFARequired.MemberOptions.TOTPRegistrationID == "" {
		t.Errorf("answered %+v", got)
	}
	live, err := client.Sessions.Get(t.Context(), &sessions.GetParams{OrganizationID: "acme", MemberID: member.ID})
	wantRefusal(t, err, "")
	if len(live.MemberSessions) != 0 {
		t.Errorf("the server keeps %d sessions", len(live.MemberSessions))
	}
}

func TestAMagicLinkAddsToAnIntermediateSession(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
	ist := discover(t, srv, member.Email)
	_, err := client.MagicLinks.Email.LoginOrSignup(t.Context(), &email.LoginOrSignupParams{
		OrganizationID: "acme", EmailAddress: member.Email, LoginRedirectURL: callback,
	})
	wantRefusal(t, err, "")
	got, err := client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{
		MagicLinksToken: lastMail(t, srv).Token, IntermediateSessionToken: ist,
	})
	wantRefusal(t, err, "")
	if n := len(got.MemberSession.AuthenticationFactors); n != 2 {
		t.Errorf("the session has %d factors, want both", n)
	}
	_, err = client.Discovery.Organizations.List(t.Context(), &organizations.ListParams{IntermediateSessionToken: ist})
	wantRefusal(t, err, "404 intermediate_session_not_found") // a full session uses it up
}
