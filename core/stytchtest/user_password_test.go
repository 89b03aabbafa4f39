package stytchtest_test

import (
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/magiclinks"
	magicemail "github.com/stytchauth/stytch-go/v16/stytch/consumer/magiclinks/email"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/passwords"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/passwords/email"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/passwords/existingpassword"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/passwords/session"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAConsumerCreatesAPasswordAndSignsInByIt(t *testing.T) {
	srv, _, client := startConsumer(t)
	srv.AddUser(stytchtest.User{Email: "bob@example.com"})
	srv.AddUser(stytchtest.User{Email: "eve@example.com", Password: stytchtest.BreachedPassword})
	srv.AddUser(stytchtest.User{Email: "lou@example.com", Password: "a long password", Locked: true})
	for _, row := range []struct {
		name   string
		params passwords.CreateParams
		want   string
	}{
		{"an account", passwords.CreateParams{Email: "ada@example.com", Password: "a long password", Name: &users.Name{FirstName: "Ada"}, SessionDurationMinutes: 60}, ""},
		{"not one that there is", passwords.CreateParams{Email: "bob@example.com", Password: "a long password"}, "400 duplicate_email"},
		{"not by a short password", passwords.CreateParams{Email: "new@example.com", Password: "short"}, "400 weak_password"},
		{"not by a breached one", passwords.CreateParams{Email: "new@example.com", Password: stytchtest.BreachedPassword}, "400 breached_password"},
		{"not for an address that is none", passwords.CreateParams{Email: "new", Password: "a long password"}, "400 invalid_email"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := client.Passwords.Create(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want == "" && (got.Session == nil || got.User.Name.FirstName != "Ada" || got.User.Emails[0].Verified || kinds(got.Session.AuthenticationFactors) != "password") {
				t.Errorf("answered %+v", got)
			}
		})
	}
	for _, row := range []struct{ email, password, want string }{
		{"ada@example.com", "a long password", ""},
		{"ada@example.com", "another password", "401 unauthorized_credentials"},
		{"bob@example.com", "a long password", "404 no_user_password"},
		{"nobody@example.com", "a long password", "404 email_not_found"},
		{"eve@example.com", stytchtest.BreachedPassword, "401 reset_password"},
		{"lou@example.com", "a long password", "403 user_lock_limit_reached"},
	} {
		got, err := client.Passwords.Authenticate(t.Context(), &passwords.AuthenticateParams{Email: row.email, Password: row.password, SessionDurationMinutes: 60})
		wantRefusal(t, err, row.want)
		if row.want == "" && (got.Session == nil || got.SessionJWT == "") {
			t.Errorf("answered %+v", got)
		}
	}
}

// Whoever registers another's address with a password must not keep that password.
func TestAPasswordOfBeforeTheAddressWasProvedCountsNoMore(t *testing.T) {
	srv, _, client := startConsumer(t)
	_, err := client.Passwords.Create(t.Context(), &passwords.CreateParams{Email: "ada@example.com", Password: "a long password"})
	wantRefusal(t, err, "")
	_, err = client.MagicLinks.Email.LoginOrCreate(t.Context(), &magicemail.LoginOrCreateParams{Email: "ada@example.com", LoginMagicLinkURL: callback})
	wantRefusal(t, err, "")
	got, err := client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: lastMail(t, srv).Token})
	wantRefusal(t, err, "")
	if !got.User.Password.RequiresReset {
		t.Errorf("the user is %+v", got.User)
	}
	_, err = client.Passwords.Authenticate(t.Context(), &passwords.AuthenticateParams{Email: "ada@example.com", Password: "a long password"})
	wantRefusal(t, err, "401 reset_password")
}

func TestAConsumersPasswordIsReset(t *testing.T) {
	srv, clock, client := startConsumer(t)
	user := srv.AddUser(stytchtest.User{Email: "ada@example.com", Password: "a long password"})
	lives := func(s *stytchtest.Session) bool {
		_, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: s.Token})
		return err == nil
	}
	start := func(verifier string) stytchtest.Message {
		_, err := client.Passwords.Email.ResetStart(t.Context(), &email.ResetStartParams{
			Email: "ada@example.com", ResetPasswordRedirectURL: callback, LoginRedirectURL: callback, CodeChallenge: challenge(verifier),
		})
		wantRefusal(t, err, "")
		return lastMail(t, srv)
	}

	t.Run("by mail, which ends every session", func(t *testing.T) {
		before := user.SignIn()
		token := arrivedAt(t, start("the verifier").Link, "reset_password")
		reset := email.ResetParams{Token: token, Password: "weak", CodeVerifier: "the verifier", SessionDurationMinutes: 60}
		_, err := client.Passwords.Email.Reset(t.Context(), &reset)
		wantRefusal(t, err, "400 weak_password")
		reset.Password = "a newer password"
		got, err := client.Passwords.Email.Reset(t.Context(), &reset)
		wantRefusal(t, err, "")
		if lives(before) || got.Session == nil || kinds(got.Session.AuthenticationFactors) != "password" {
			t.Errorf("answered %+v", got)
		}
		_, err = client.Passwords.Email.Reset(t.Context(), &reset)
		wantRefusal(t, err, "401 unable_to_auth_password_reset_token")
		_, err = client.Passwords.Email.ResetStart(t.Context(), &email.ResetStartParams{Email: "nobody@example.com", ResetPasswordRedirectURL: callback})
		wantRefusal(t, err, "404 email_not_found")
	})
	t.Run("or not: the mail's other link logs in, by the same verifier", func(t *testing.T) {
		token := arrivedAt(t, start("the verifier").LoginLink, "login")
		_, err := client.Passwords.Email.Reset(t.Context(), &email.ResetParams{Token: token, Password: "a newer password", CodeVerifier: "the verifier"})
		wantRefusal(t, err, "401 unable_to_auth_password_reset_token")
		_, err = client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: token, CodeVerifier: "another"})
		wantRefusal(t, err, "400 pkce_mismatch")
		_, err = client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: token, CodeVerifier: "the verifier"})
		wantRefusal(t, err, "")
	})
	t.Run("by the existing one, which ends every session", func(t *testing.T) {
		before := user.SignIn()
		_, err := client.Passwords.ExistingPassword.Reset(t.Context(), &existingpassword.ResetParams{Email: "ada@example.com", ExistingPassword: "wrong", NewPassword: "the third password"})
		wantRefusal(t, err, "401 unauthorized_credentials")
		got, err := client.Passwords.ExistingPassword.Reset(t.Context(), &existingpassword.ResetParams{
			Email: "ada@example.com", ExistingPassword: "a newer password", NewPassword: "the third password", SessionDurationMinutes: 60, SessionToken: before.Token,
		})
		wantRefusal(t, err, "")
		if lives(before) || got.Session == nil {
			t.Errorf("answered %+v", got)
		}
	})
	t.Run("by a session, which ends every other one", func(t *testing.T) {
		before, other := user.SignIn(), user.SignIn()
		got, err := client.Passwords.Sessions.Reset(t.Context(), &session.ResetParams{Password: "the fourth password", SessionToken: before.Token})
		wantRefusal(t, err, "")
		if !lives(before) || lives(other) || got.Session.SessionID != before.ID || kinds(got.Session.AuthenticationFactors) != "magic_link password" {
			t.Errorf("answered %+v", got)
		}
		_, err = client.Passwords.Authenticate(t.Context(), &passwords.AuthenticateParams{Email: "ada@example.com", Password: "the fourth password"})
		wantRefusal(t, err, "")
		clock.Advance(6 * time.Minute)
		_, err = client.Passwords.Sessions.Reset(t.Context(), &session.ResetParams{Password: "the fifth password", SessionToken: before.Token})
		wantRefusal(t, err, "401 session_too_old_to_reset_password")
	})
}

func TestThePasswordsStrengthIsTold(t *testing.T) {
	_, _, client := startConsumer(t)
	for password, want := range map[string]passwords.StrengthCheckResponse{
		"short":                     {ValidPassword: false, Score: 1},
		"a long password":           {ValidPassword: true, Score: 4},
		stytchtest.BreachedPassword: {ValidPassword: false, Score: 4, BreachedPassword: true},
	} {
		got, err := client.Passwords.StrengthCheck(t.Context(), &passwords.StrengthCheckParams{Password: password})
		wantRefusal(t, err, "")
		if got.ValidPassword != want.ValidPassword || got.Score != want.Score || got.BreachedPassword != want.BreachedPassword ||
			got.StrengthPolicy != "zxcvbn" || got.Feedback == nil || got.Feedback.LudsRequirements == nil || !got.Feedback.LudsRequirements.HasLowerCase {
			t.Errorf("%q: %+v", password, got)
		}
	}
}
