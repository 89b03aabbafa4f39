package stytchtest_test

import (
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords"
	passwordsemail "github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/email"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAPasswordLogsIn(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{Email: "ada@example.com", Password: "correct horse"})
	srv.AddMember(stytchtest.Member{Email: "none@example.com"})
	srv.AddMember(stytchtest.Member{Email: "mfa@example.com", Password: "correct horse", MFA: true})
	srv.AddMember(stytchtest.Member{Email: "lou@example.com", Password: "correct horse", Locked: true})
	for _, row := range []struct {
		name   string
		params passwords.AuthenticateParams
		want   string
	}{
		{"not one who is locked out", passwords.AuthenticateParams{EmailAddress: "lou@example.com", Password: "correct horse"}, "403 user_lock_limit_reached"},
		{"the right one", passwords.AuthenticateParams{Password: "correct horse"}, ""},
		{"not a wrong one", passwords.AuthenticateParams{Password: "battery staple"}, "401 unauthorized_credentials"},
		{"not an empty one", passwords.AuthenticateParams{}, "401 unauthorized_credentials"},
		{"not where there is none", passwords.AuthenticateParams{EmailAddress: "none@example.com"}, "404 member_password_not_found"},
		{"not a stranger's", passwords.AuthenticateParams{EmailAddress: "eve@example.com", Password: "correct horse"}, "404 member_not_found"},
		{"not in an organization that is none", passwords.AuthenticateParams{OrganizationID: "nowhere", Password: "correct horse"}, "404 organization_not_found"},
		{"not with an intermediate session that is none", passwords.AuthenticateParams{Password: "correct horse", IntermediateSessionToken: "none"}, "404 intermediate_session_not_found"},
		{"not for a minute", passwords.AuthenticateParams{Password: "correct horse", SessionDurationMinutes: 1}, "400 invalid_session_duration_minutes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.params.OrganizationID == "" {
				row.params.OrganizationID = "acme"
			}
			if row.params.EmailAddress == "" {
				row.params.EmailAddress = member.Email
			}
			got, err := client.Passwords.Authenticate(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want == "" && (!got.MemberAuthenticated || got.SessionJWT == "" || kinds(got.MemberSession.AuthenticationFactors) != "password" ||
				got.MemberSession.AuthenticationFactors[0].DeliveryMethod != "knowledge" || got.Member.MemberPasswordID == "") {
				t.Errorf("answered %+v", got)
			}
		})
	}
	t.Run("with MFA, no session yet", func(t *testing.T) {
		got, err := client.Passwords.Authenticate(t.Context(), &passwords.AuthenticateParams{OrganizationID: "acme", EmailAddress: "mfa@example.com", Password: "correct horse"})
		wantRefusal(t, err, "")
		if got.MemberAuthenticated || got.SessionToken != "" || got.MemberSession != nil || got.IntermediateSessionToken == "" || got.MFARequired == nil {
			t.Errorf("answered %+v", got)
		}
	})
}

func TestAPasswordResetIsMailed(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
	for _, row := range []struct {
		name   string
		params passwordsemail.ResetStartParams
		want   string
	}{
		{"to a member", passwordsemail.ResetStartParams{OrganizationID: "acme", EmailAddress: member.Email, ResetPasswordRedirectURL: callback}, ""},
		{"not to a stranger", passwordsemail.ResetStartParams{OrganizationID: "acme", EmailAddress: "eve@example.com", ResetPasswordRedirectURL: callback}, "404 member_not_found"},
		{"not in an organization that is none", passwordsemail.ResetStartParams{OrganizationID: "nowhere", EmailAddress: member.Email, ResetPasswordRedirectURL: callback}, "404 organization_not_found"},
		{"not to an address that is none", passwordsemail.ResetStartParams{OrganizationID: "acme", EmailAddress: "ada", ResetPasswordRedirectURL: callback}, "400 invalid_email"},
		{"not without a redirect", passwordsemail.ResetStartParams{OrganizationID: "acme", EmailAddress: member.Email}, "400 no_password_reset_redirect_url"},
		{"not with a redirect to a path", passwordsemail.ResetStartParams{OrganizationID: "acme", EmailAddress: member.Email, ResetPasswordRedirectURL: "/reset"}, "400 invalid_url"},
		{"not for a minute", passwordsemail.ResetStartParams{OrganizationID: "acme", EmailAddress: member.Email, ResetPasswordRedirectURL: callback, ResetPasswordExpirationMinutes: 1}, "400 invalid_expiration"},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := len(srv.Mail())
			got, err := client.Passwords.Email.ResetStart(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want != "" {
				if sent := len(srv.Mail()) - before; sent != 0 {
					t.Errorf("%d messages were sent all the same", sent)
				}
				return
			}
			message := lastMail(t, srv)
			if got.MemberID != member.ID || message.To != member.Email || arrivedAt(t, message.Link, "multi_tenant_passwords") != message.Token {
				t.Errorf("sent %+v", message)
			}
		})
	}
}

func TestAPasswordIsReset(t *testing.T) {
	for _, row := range []struct {
		name      string
		challenge string
		minutes   int32
		age       time.Duration
		params    passwordsemail.ResetParams
		want      string
	}{
		{"without PKCE", "", 0, 0, passwordsemail.ResetParams{}, ""},
		{"with the verifier of its challenge", challenge("secret"), 0, 0, passwordsemail.ResetParams{CodeVerifier: "secret"}, ""},
		{"not with another verifier", challenge("secret"), 0, 0, passwordsemail.ResetParams{CodeVerifier: "guess"}, "400 pkce_mismatch"},
		{"not without the verifier", challenge("secret"), 0, 0, passwordsemail.ResetParams{}, "400 pkce_expected_code_verifier"},
		{"to nothing short", "", 0, 0, passwordsemail.ResetParams{Password: "horse"}, "400 weak_password"},
		{"not after half an hour", "", 0, 30 * time.Minute, passwordsemail.ResetParams{}, "401 unable_to_auth_password_reset_token"},
		{"after half an hour, when it was asked for", "", 60, 30 * time.Minute, passwordsemail.ResetParams{}, ""},
		{"not by a token nobody has", "", 0, 0, passwordsemail.ResetParams{PasswordResetToken: "nobody-has-this-token"}, "401 unable_to_auth_password_reset_token"},
		{"not with an intermediate session that is none", "", 0, 0, passwordsemail.ResetParams{IntermediateSessionToken: "none"}, "404 intermediate_session_not_found"},
		{"not for a minute", "", 0, 0, passwordsemail.ResetParams{SessionDurationMinutes: 1}, "400 invalid_session_duration_minutes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv, clock := startAt(t, stytchtest.Options{})
			client := sdk(t, srv)
			member := srv.AddMember(stytchtest.Member{Password: "correct horse"})
			session := member.SignIn(stytchtest.WithLifetime(24 * time.Hour))
			_, err := client.Passwords.Email.ResetStart(t.Context(), &passwordsemail.ResetStartParams{
				OrganizationID: "acme", EmailAddress: member.Email, ResetPasswordRedirectURL: callback,
				CodeChallenge: row.challenge, ResetPasswordExpirationMinutes: row.minutes,
			})
			wantRefusal(t, err, "")
			clock.Advance(row.age)

			if row.params.PasswordResetToken == "" {
				row.params.PasswordResetToken = lastMail(t, srv).Token
			}
			if row.params.Password == "" {
				row.params.Password = "battery staple"
			}
			got, err := client.Passwords.Email.Reset(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			signIn := func(password string) string {
				_, err := client.Passwords.Authenticate(t.Context(), &passwords.AuthenticateParams{OrganizationID: "acme", EmailAddress: member.Email, Password: password})
				return refusal(err)
			}
			_, err = client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
			if row.want != "" {
				wantRefusal(t, err, "")
				if said := signIn("correct horse"); said != "" {
					t.Errorf("the old password is refused with %q after a reset that was refused", said)
				}
				return
			}
			wantRefusal(t, err, "404 session_not_found") // a reset ends them all
			if !got.MemberAuthenticated || got.SessionJWT == "" || kinds(got.MemberSession.AuthenticationFactors) != "password" {
				t.Errorf("answered %+v", got)
			}
			if before, now := signIn("correct horse"), signIn("battery staple"); before != "401 unauthorized_credentials" || now != "" {
				t.Errorf("the old password is answered %q, the new one %q", before, now)
			}
			_, err = client.Passwords.Email.Reset(t.Context(), &row.params)
			wantRefusal(t, err, "401 unable_to_auth_password_reset_token") // a token works once
		})
	}
}
