package stytchtest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/impersonation"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/magiclinks/email"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/oauth"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAMagicLinkLogsInOrSignsUp(t *testing.T) {
	srv, clock, client := startConsumer(t)
	ada := srv.AddUser(stytchtest.User{Email: "ada@example.com"})
	const login, signup = "https://app.example.com/login", "https://app.example.com/signup"
	for _, row := range []struct {
		name    string
		params  email.LoginOrCreateParams
		to      string
		created bool
		want    string
	}{
		{"a user", email.LoginOrCreateParams{Email: "ada@example.com", LoginMagicLinkURL: login, SignupMagicLinkURL: signup}, login, false, ""},
		{"a stranger", email.LoginOrCreateParams{Email: "new@example.com", LoginMagicLinkURL: login, SignupMagicLinkURL: signup}, signup, true, ""},
		{"a stranger, whose account waits", email.LoginOrCreateParams{Email: "pending@example.com", LoginMagicLinkURL: login, CreateUserAsPending: true}, login, true, ""},
		{"not an address that is none", email.LoginOrCreateParams{Email: "ada", LoginMagicLinkURL: login}, "", false, "400 invalid_email"},
		{"not without a URL", email.LoginOrCreateParams{Email: "late@example.com"}, "", false, "400 no_login_redirect_url"},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := len(srv.Users())
			got, err := client.MagicLinks.Email.LoginOrCreate(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want != "" {
				if len(srv.Users()) != before {
					t.Error("somebody was added all the same")
				}
				return
			}
			if got.UserCreated != row.created || got.EmailID == "" {
				t.Errorf("answered %+v", got)
			}
			if mail := lastMail(t, srv); mail.TokenType != "magic_links" || !strings.HasPrefix(mail.Link, row.to+"?") {
				t.Errorf("the mail is %+v", mail)
			}
			opened, err := client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: lastMail(t, srv).Token, SessionDurationMinutes: 60})
			wantRefusal(t, err, "")
			if opened.UserID != got.UserID || opened.Session == nil || opened.User.Status != "active" || !opened.User.Emails[0].Verified || opened.MethodID != got.EmailID {
				t.Errorf("answered %+v", opened)
			}
			_, err = client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: lastMail(t, srv).Token})
			wantRefusal(t, err, "401 unable_to_auth_magic_link")
		})
	}
	_, err := client.MagicLinks.Email.Send(t.Context(), &email.SendParams{Email: ada.Email, LoginMagicLinkURL: login, LoginExpirationMinutes: 5})
	wantRefusal(t, err, "")
	clock.Advance(5 * time.Minute)
	_, err = client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: lastMail(t, srv).Token})
	wantRefusal(t, err, "401 unable_to_auth_magic_link")
	_, err = client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: "nobody-has-this-token"})
	wantRefusal(t, err, "404 magic_link_not_found")
	_, err = client.MagicLinks.Email.Send(t.Context(), &email.SendParams{Email: "stranger@example.com", LoginMagicLinkURL: login})
	wantRefusal(t, err, "404 email_not_found")
}

func TestAConsumerLinkIsBoundByPKCE(t *testing.T) {
	srv, _, client := startConsumer(t)
	for _, row := range []struct{ challenge, verifier, want string }{
		{challenge("the verifier"), "the verifier", ""},
		{challenge("the verifier"), "another", "400 pkce_mismatch"},
		{challenge("the verifier"), "", "400 pkce_expected_code_verifier"},
		{"", "the verifier", "400 pkce_did_not_expect_code_verifier"},
	} {
		_, err := client.MagicLinks.Email.LoginOrCreate(t.Context(), &email.LoginOrCreateParams{Email: "ada@example.com", LoginMagicLinkURL: callback, CodeChallenge: row.challenge})
		wantRefusal(t, err, "")
		_, err = client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: lastMail(t, srv).Token, CodeVerifier: row.verifier})
		wantRefusal(t, err, row.want)
	}
}

func TestWithoutADurationAConsumerGetsNoSession(t *testing.T) {
	srv, _, _ := startConsumer(t)
	srv.AddUser(stytchtest.User{Email: "ada@example.com", Password: "a long password"})
	for body, want := range map[string]bool{
		`{"email":"ada@example.com","password":"a long password"}`:                               false,
		`{"email":"ada@example.com","password":"a long password","session_duration_minutes":60}`: true,
	} {
		status, data := post(t, srv, "/v1/passwords/authenticate", body)
		has := at(data, "session") != "null" && at(data, "session_token") != `""` && at(data, "session_jwt") != `""`
		hasNone := at(data, "session") == "null" && at(data, "session_token") == `""` && at(data, "session_jwt") == `""`
		if status != 200 || has != want || hasNone == want {
			t.Errorf("%s answered %d %s", body, status, data)
		}
	}
}

func TestAFactorIsAddedToTheUsersOwnSessionOnly(t *testing.T) {
	srv, _, client := startConsumer(t)
	ada, bob := srv.AddUser(stytchtest.User{Email: "ada@example.com"}), srv.AddUser(stytchtest.User{Email: "bob@example.com"})
	own, foreign := ada.SignIn(stytchtest.SignedInBy("password")), bob.SignIn()
	authenticate := func(params magiclinks.AuthenticateParams) (*magiclinks.AuthenticateResponse, error) {
		_, err := client.MagicLinks.Email.LoginOrCreate(t.Context(), &email.LoginOrCreateParams{Email: "ada@example.com", LoginMagicLinkURL: callback})
		wantRefusal(t, err, "")
		params.Token = lastMail(t, srv).Token
		return client.MagicLinks.Authenticate(t.Context(), &params)
	}
	got, err := authenticate(magiclinks.AuthenticateParams{SessionToken: own.Token})
	wantRefusal(t, err, "")
	if got.Session == nil || got.Session.SessionID != own.ID || kinds(got.Session.AuthenticationFactors) != "password magic_link" {
		t.Errorf("answered %+v", got.Session)
	}
	got, err = authenticate(magiclinks.AuthenticateParams{SessionJWT: foreign.JWT(), SessionDurationMinutes: 60})
	wantRefusal(t, err, "")
	if got.Session == nil || got.Session.SessionID == foreign.ID || got.Session.UserID != ada.ID {
		t.Errorf("answered %+v", got.Session)
	}
	_, err = authenticate(magiclinks.AuthenticateParams{SessionToken: "nobody-has-this-token"})
	wantRefusal(t, err, "404 session_not_found")
	// The refusal has used nothing up.
	_, err = client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: lastMail(t, srv).Token})
	wantRefusal(t, err, "")
	_, err = authenticate(magiclinks.AuthenticateParams{SessionToken: own.Token, SessionJWT: own.JWT()})
	wantRefusal(t, err, "400 too_many_session_arguments")
}

func TestAUserGetsAnAddressByALink(t *testing.T) {
	srv, _, client := startConsumer(t)
	srv.AddUser(stytchtest.User{Email: "taken@example.com"})
	user := srv.AddUser(stytchtest.User{Phone: "+15550199"})
	session := user.SignIn(stytchtest.SignedInBy("otp"))
	send := func(params email.SendParams) error {
		params.LoginMagicLinkURL = callback
		_, err := client.MagicLinks.Email.Send(t.Context(), &params)
		return err
	}
	wantRefusal(t, send(email.SendParams{Email: "taken@example.com", UserID: user.ID}), "400 duplicate_email")
	wantRefusal(t, send(email.SendParams{Email: "ada@example.com", UserID: user.ID, SessionToken: session.Token}), "400 too_many_session_arguments")
	wantRefusal(t, send(email.SendParams{Email: "ada@example.com", SessionToken: session.Token}), "")
	got, err := client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: lastMail(t, srv).Token, SessionToken: session.Token})
	wantRefusal(t, err, "")
	if got.UserID != user.ID || got.User.Emails[0].Email != "ada@example.com" || !got.User.Emails[0].Verified || kinds(got.Session.AuthenticationFactors) != "otp magic_link" {
		t.Errorf("answered %+v", got)
	}
}

func TestAUserSignsInByAProvider(t *testing.T) {
	srv, _, client := startConsumer(t)
	ada := srv.AddUser(stytchtest.User{Email: "ada@example.com"})
	for _, provider := range []string{"google", "apple", "yahoo"} {
		t.Run(provider, func(t *testing.T) {
			srv.SetProviderUser("ada@example.com")
			path := "/v1/public/oauth/" + provider + "/start"
			query := params(srv, "login_redirect_url", callback, "code_challenge", challenge("the verifier"))
			token := arrive(t, srv, path, query, "oauth")
			_, err := client.OAuth.Authenticate(t.Context(), &oauth.AuthenticateParams{Token: token})
			wantRefusal(t, err, "400 pkce_expected_code_verifier")
			got, err := client.OAuth.Authenticate(t.Context(), &oauth.AuthenticateParams{Token: token, CodeVerifier: "the verifier", SessionDurationMinutes: 60})
			wantRefusal(t, err, "")
			if got.UserSession == nil || got.UserID != ada.ID || got.SessionJWT == "" || !strings.EqualFold(got.ProviderType, provider) || got.ProviderSubject == "" ||
				got.OAuthUserRegistrationID == "" || kinds(got.UserSession.AuthenticationFactors) != "oauth" ||
				string(got.UserSession.AuthenticationFactors[0].DeliveryMethod) != "oauth_"+provider {
				t.Errorf("answered %+v", got)
			}
			_, err = client.OAuth.Authenticate(t.Context(), &oauth.AuthenticateParams{Token: token, CodeVerifier: "the verifier"})
			wantRefusal(t, err, "404 oauth_token_not_found")
		})
	}
	srv.SetProviderUser("new@example.com")
	token := arrive(t, srv, "/v1/public/oauth/github/start", params(srv, "login_redirect_url", callback, "signup_redirect_url", callback), "oauth")
	got, err := client.OAuth.Authenticate(t.Context(), &oauth.AuthenticateParams{Token: token})
	wantRefusal(t, err, "")
	if got.UserSession != nil || got.UserID == ada.ID || got.User.Providers[0].ProviderType != "Github" || !got.User.Emails[0].Verified {
		t.Errorf("a stranger became %+v", got)
	}
	srv.SetProviderUser("")
	_, page := browse(t, srv, "/v1/public/oauth/google/start?"+params(srv, "login_redirect_url", callback).Encode())
	if links := linksOf(page); !slices.ContainsFunc(links, func(l string) bool { return strings.Contains(l, "ada%40example.com") }) {
		t.Errorf("the page offers %v", links)
	}
	response, page := browse(t, srv, "/v1/public/oauth/hubspot/start?"+params(srv, "login_redirect_url", callback).Encode())
	wantPageRefusal(t, response, page, "400 invalid_oauth_provider")
}

func TestAUserIsImpersonated(t *testing.T) {
	srv, _, client := startConsumer(t)
	user := srv.AddUser(stytchtest.User{})
	token := arrivedAt(t, user.Impersonate("support@example.com", callback), "impersonation")
	_, err := client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{Token: token})
	wantRefusal(t, err, "404 magic_link_not_found")
	got, err := client.Impersonation.Authenticate(t.Context(), &impersonation.AuthenticateParams{ImpersonationToken: token})
	wantRefusal(t, err, "")
	if got.UserID != user.ID || got.Session == nil || kinds(got.Session.AuthenticationFactors) != "impersonated" || got.Session.ExpiresAt.Sub(noon()) != time.Hour {
		t.Errorf("answered %+v", got)
	}
	_, err = client.Impersonation.Authenticate(t.Context(), &impersonation.AuthenticateParams{ImpersonationToken: token})
	wantRefusal(t, err, "401 unable_to_auth_impersonation_token")
}
