package stytchtest_test

import (
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/otp"
	otpemail "github.com/stytchauth/stytch-go/v16/stytch/consumer/otp/email"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/otp/sms"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/otp/whatsapp"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/totps"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAConsumerSignsInByACode(t *testing.T) {
	srv, clock, client := startConsumer(t)
	srv.AddUser(stytchtest.User{Email: "ada@example.com", Phone: "+15550199"})
	for _, row := range []struct {
		name     string
		send     func() (method, code string)
		lives    time.Duration
		delivery string
	}{
		{"by mail", func() (string, string) {
			got, err := client.OTPs.Email.LoginOrCreate(t.Context(), &otpemail.LoginOrCreateParams{Email: "ada@example.com"})
			wantRefusal(t, err, "")
			return got.EmailID, lastMail(t, srv).Code
		}, 10 * time.Minute, "email"},
		{"by SMS", func() (string, string) {
			got, err := client.OTPs.Sms.LoginOrCreate(t.Context(), &sms.LoginOrCreateParams{PhoneNumber: "+15550199"})
			wantRefusal(t, err, "")
			return got.PhoneID, lastText(t, srv).Code
		}, 2 * time.Minute, "sms"},
		{"by WhatsApp", func() (string, string) {
			got, err := client.OTPs.Whatsapp.LoginOrCreate(t.Context(), &whatsapp.LoginOrCreateParams{PhoneNumber: "+15550199", ExpirationMinutes: 5})
			wantRefusal(t, err, "")
			return got.PhoneID, lastText(t, srv).Code
		}, 5 * time.Minute, "whatsapp"},
	} {
		t.Run(row.name, func(t *testing.T) {
			authenticate := func(method, code string) (*otp.AuthenticateResponse, error) {
				return client.OTPs.Authenticate(t.Context(), &otp.AuthenticateParams{MethodID: method, Code: code, SessionDurationMinutes: 60})
			}
			method, first := row.send()
			_, second := row.send()
			if first != second {
				_, err := authenticate(method, first)
				wantRefusal(t, err, "404 otp_code_not_found") // only the newest works
			}
			_, err := authenticate("email-test-of-nobody", second)
			wantRefusal(t, err, "404 otp_code_not_found")
			got, err := authenticate(method, second)
			wantRefusal(t, err, "")
			f := got.Session.AuthenticationFactors
			if got.MethodID != method || kinds(f) != "otp" || string(f[0].DeliveryMethod) != row.delivery {
				t.Errorf("answered %+v", got)
			}
			_, err = authenticate(method, second)
			wantRefusal(t, err, "401 unable_to_auth_otp_code")
			_, late := row.send()
			clock.Advance(row.lives)
			_, err = authenticate(method, late)
			wantRefusal(t, err, "401 unable_to_auth_otp_code")
		})
	}
	created, err := client.OTPs.Sms.LoginOrCreate(t.Context(), &sms.LoginOrCreateParams{PhoneNumber: "+15550177"})
	wantRefusal(t, err, "")
	got, err := client.OTPs.Authenticate(t.Context(), &otp.AuthenticateParams{MethodID: created.PhoneID, Code: lastText(t, srv).Code})
	wantRefusal(t, err, "")
	if !created.UserCreated || got.UserID != created.UserID || len(got.User.Emails) != 0 || !got.User.PhoneNumbers[0].Verified {
		t.Errorf("a stranger became %+v", got)
	}
	_, err = client.OTPs.Sms.LoginOrCreate(t.Context(), &sms.LoginOrCreateParams{PhoneNumber: "555"})
	wantRefusal(t, err, "400 invalid_phone_number")
	_, err = client.OTPs.Email.LoginOrCreate(t.Context(), &otpemail.LoginOrCreateParams{Email: "ada@example.com", ExpirationMinutes: 11})
	wantRefusal(t, err, "400 invalid_expiration")
}

func TestAConsumerEnrolsAnAuthenticatorApp(t *testing.T) {
	srv, clock, client := startConsumer(t)
	user := srv.AddUser(stytchtest.User{})
	session := user.SignIn()
	authenticate := func(code string) (*totps.AuthenticateResponse, error) {
		return client.TOTPs.Authenticate(t.Context(), &totps.AuthenticateParams{UserID: user.ID, TOTPCode: code, SessionToken: session.Token})
	}
	_, err := authenticate("123456")
	wantRefusal(t, err, "404 totp_not_found")
	created, err := client.TOTPs.Create(t.Context(), &totps.CreateParams{UserID: user.ID})
	wantRefusal(t, err, "")
	if created.Secret == "" || created.QrCode == "" || len(created.RecoveryCodes) != 10 || len(created.User.TOTPs) != 1 || created.User.TOTPs[0].Verified {
		t.Errorf("answered %+v", created)
	}
	_, err = client.TOTPs.Recover(t.Context(), &totps.RecoverParams{UserID: user.ID, RecoveryCode: created.RecoveryCodes[0]})
	wantRefusal(t, err, "404 recovery_codes_not_found")
	got, err := authenticate(user.TOTP())
	wantRefusal(t, err, "")
	if got.TOTPID != created.TOTPID || !got.User.TOTPs[0].Verified || got.Session.SessionID != session.ID || kinds(got.Session.AuthenticationFactors) != "magic_link totp" {
		t.Errorf("answered %+v", got)
	}
	_, err = authenticate(user.TOTP())
	wantRefusal(t, err, "401 totp_code_already_authenticated")
	_, err = client.TOTPs.Create(t.Context(), &totps.CreateParams{UserID: user.ID})
	wantRefusal(t, err, "400 active_totp_exists")

	recovered, err := client.TOTPs.Recover(t.Context(), &totps.RecoverParams{UserID: user.ID, RecoveryCode: user.RecoveryCodes()[0], SessionToken: session.Token})
	wantRefusal(t, err, "")
	if kinds(recovered.Session.AuthenticationFactors) != "magic_link totp recovery_codes" {
		t.Errorf("answered %+v", recovered)
	}
	codes, err := client.TOTPs.RecoveryCodes(t.Context(), &totps.RecoveryCodesParams{UserID: user.ID})
	wantRefusal(t, err, "")
	if len(codes.TOTPs) != 1 || len(codes.TOTPs[0].RecoveryCodes) != 9 {
		t.Errorf("answered %+v", codes)
	}

	late := srv.AddUser(stytchtest.User{})
	_, err = client.TOTPs.Create(t.Context(), &totps.CreateParams{UserID: late.ID, ExpirationMinutes: 5})
	wantRefusal(t, err, "")
	clock.Advance(5 * time.Minute)
	_, err = client.TOTPs.Authenticate(t.Context(), &totps.AuthenticateParams{UserID: late.ID, TOTPCode: late.TOTP()})
	wantRefusal(t, err, "401 expired_totp")
}
