package stytchtest_test

import (
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords"
	passwordsemail "github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/email"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/existingpassword"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/session"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// living reports whether a member's session lives.
func living(t *testing.T, srv *stytchtest.Server, s *stytchtest.Session) bool {
	t.Helper()
	_, err := sdk(t, srv).Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: s.Token})
	return err == nil
}

func TestAPasswordIsResetByTheExistingOne(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{Email: "ada@example.com", Password: "a long password"})
	before := member.SignIn()
	for _, row := range []struct {
		name     string
		old, new string
		want     string
	}{
		{"not by a wrong one", "wrong", "a newer password", "401 unauthorized_credentials"},
		{"not to a weak one", "a long password", "weak", "400 weak_password"},
		{"not to a breached one", "a long password", stytchtest.BreachedPassword, "400 breached_password"},
		{"and every session ends", "a long password", "a newer password", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := client.Passwords.ExistingPassword.Reset(t.Context(), &existingpassword.ResetParams{
				OrganizationID: "acme", EmailAddress: "ada@example.com", ExistingPassword: row.old, NewPassword: row.new,
			})
			wantRefusal(t, err, row.want)
			if row.want == "" && (!got.MemberAuthenticated || got.SessionJWT == "" || living(t, srv, before)) {
				t.Errorf("answered %+v", got)
			}
		})
	}
}

func TestAPasswordIsResetByASession(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
	srv.AddOrganization(stytchtest.Organization{Slug: "globex"})
	before, other := member.SignIn(), member.SignIn()
	reset := func(params session.ResetParams) (*session.ResetResponse, error) {
		return client.Passwords.Sessions.Reset(t.Context(), &params)
	}
	_, err := reset(session.ResetParams{OrganizationID: "acme", Password: "a long password"})
	wantRefusal(t, err, "400 no_session_arguments")
	_, err = reset(session.ResetParams{OrganizationID: "globex", Password: "a long password", SessionToken: before.Token})
	wantRefusal(t, err, "404 organization_not_found")
	got, err := reset(session.ResetParams{OrganizationID: "acme", Password: "a long password", SessionToken: before.Token})
	wantRefusal(t, err, "")
	if !living(t, srv, before) || living(t, srv, other) || got.MemberSession.MemberSessionID != before.ID || kinds(got.MemberSession.AuthenticationFactors) != "magic_link password" {
		t.Errorf("answered %+v", got)
	}
	_, err = client.Passwords.Authenticate(t.Context(), &passwords.AuthenticateParams{OrganizationID: "acme", EmailAddress: "ada@example.com", Password: "a long password"})
	wantRefusal(t, err, "")
	clock.Advance(6 * time.Minute)
	_, err = reset(session.ResetParams{OrganizationID: "acme", Password: "a newer password", SessionToken: before.Token})
	wantRefusal(t, err, "401 session_too_old_to_reset_password")
}

func TestTheResetsMailOffersALoginByTheSameVerifier(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
	_, err := client.Passwords.Email.ResetStart(t.Context(), &passwordsemail.ResetStartParams{
		OrganizationID: "acme", EmailAddress: "ada@example.com", ResetPasswordRedirectURL: callback, LoginRedirectURL: callback, CodeChallenge: challenge("the verifier"),
	})
	wantRefusal(t, err, "")
	mail := lastMail(t, srv)
	token := arrivedAt(t, mail.LoginLink, "multi_tenant_magic_links")
	got, err := client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{MagicLinksToken: token, PkceCodeVerifier: "the verifier"})
	wantRefusal(t, err, "")
	if kinds(got.MemberSession.AuthenticationFactors) != "magic_link" {
		t.Errorf("answered %+v", got)
	}
	token = arrivedAt(t, mail.Link, "multi_tenant_passwords")
	_, err = client.Passwords.Email.Reset(t.Context(), &passwordsemail.ResetParams{PasswordResetToken: token, Password: "a long password", CodeVerifier: "the verifier"})
	wantRefusal(t, err, "")
}

func TestABreachedPasswordSignsNobodyIn(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	srv.AddMember(stytchtest.Member{Email: "ada@example.com", Password: stytchtest.BreachedPassword})
	authenticate := func(password string) error {
		_, err := client.Passwords.Authenticate(t.Context(), &passwords.AuthenticateParams{OrganizationID: "acme", EmailAddress: "ada@example.com", Password: password})
		return err
	}
	wantRefusal(t, authenticate(stytchtest.BreachedPassword), "401 member_reset_password")
	wantRefusal(t, authenticate("wrong"), "401 unauthorized_credentials")

	got, err := client.Passwords.StrengthCheck(t.Context(), &passwords.StrengthCheckParams{Password: stytchtest.BreachedPassword})
	wantRefusal(t, err, "")
	if got.ValidPassword || !got.BreachedPassword || got.StrengthPolicy != "zxcvbn" || !got.LudsFeedback.HasSymbol || got.LudsFeedback.MissingComplexity != 2 {
		t.Errorf("answered %+v", got)
	}
	got, err = client.Passwords.StrengthCheck(t.Context(), &passwords.StrengthCheckParams{Password: "weak"})
	wantRefusal(t, err, "")
	if got.ValidPassword || got.ZxcvbnFeedback.Warning == "" || got.LudsFeedback.MissingCharacters != 4 {
		t.Errorf("answered %+v", got)
	}
}
