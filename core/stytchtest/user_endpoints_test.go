package stytchtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAConsumerProjectsEndpointsAreCountedFailedAndGuarded(t *testing.T) {
	srv, _ := startAt(t, stytchtest.Options{Vertical: stytchtest.Consumer})
	for endpoint, target := range map[stytchtest.Endpoint]string{
		stytchtest.Authenticate:              "POST /v1/sessions/authenticate",
		stytchtest.Revoke:                    "POST /v1/sessions/revoke",
		stytchtest.ListSessions:              "GET /v1/sessions",
		stytchtest.RBACPolicy:                "GET /v1/rbac/policy",
		stytchtest.GetUser:                   "GET /v1/users/user-test-1",
		stytchtest.UpdateUser:                "PUT /v1/users/user-test-1",
		stytchtest.DeleteUser:                "DELETE /v1/users/user-test-1",
		stytchtest.LoginOrCreate:             "POST /v1/magic_links/email/login_or_create",
		stytchtest.SendMagicLink:             "POST /v1/magic_links/email/send",
		stytchtest.AuthenticateMagicLink:     "POST /v1/magic_links/authenticate",
		stytchtest.AuthenticateOAuth:         "POST /v1/oauth/authenticate",
		stytchtest.AuthenticateImpersonation: "POST /v1/impersonation/authenticate",
		stytchtest.CreatePassword:            "POST /v1/passwords",
		stytchtest.AuthenticatePassword:      "POST /v1/passwords/authenticate",
		stytchtest.CheckPasswordStrength:     "POST /v1/passwords/strength_check",
		stytchtest.StartPasswordReset:        "POST /v1/passwords/email/reset/start",
		stytchtest.ResetPassword:             "POST /v1/passwords/email/reset",
		stytchtest.ResetPasswordByExisting:   "POST /v1/passwords/existing_password/reset",
		stytchtest.ResetPasswordBySession:    "POST /v1/passwords/session/reset",
		stytchtest.SendEmailCode:             "POST /v1/otps/email/login_or_create",
		stytchtest.SendSMS:                   "POST /v1/otps/sms/login_or_create",
		stytchtest.SendWhatsApp:              "POST /v1/otps/whatsapp/login_or_create",
		stytchtest.AuthenticateCode:          "POST /v1/otps/authenticate",
		stytchtest.CreateTOTP:                "POST /v1/totps",
		stytchtest.AuthenticateTOTP:          "POST /v1/totps/authenticate",
		stytchtest.UseRecoveryCode:           "POST /v1/totps/recover",
		stytchtest.ListRecoveryCodes:         "POST /v1/totps/recovery_codes",
		stytchtest.SendNewSMS:                "POST /v1/otps/sms/send",
		stytchtest.DeleteUserPhone:           "DELETE /v1/users/phone_numbers/phone-number-test-1",
		stytchtest.DeleteUserTOTP:            "DELETE /v1/users/totps/totp-test-1",
		stytchtest.StartWebAuthnRegistration: "POST /v1/webauthn/register/start",
		stytchtest.RegisterWebAuthn:          "POST /v1/webauthn/register",
		stytchtest.StartWebAuthn:             "POST /v1/webauthn/authenticate/start",
		stytchtest.AuthenticateWebAuthn:      "POST /v1/webauthn/authenticate",
		stytchtest.UpdateWebAuthn:            "PUT /v1/webauthn/webauthn-registration-test-1",
		stytchtest.DeleteWebAuthn:            "DELETE /v1/users/webauthn_registrations/webauthn-registration-test-1",
	} {
		t.Run(target, func(t *testing.T) {
			method, path, _ := strings.Cut(target, " ")
			answered := func() int {
				request, err := http.NewRequestWithContext(t.Context(), method, srv.URL()+path, http.NoBody)
				if err != nil {
					t.Fatal(err)
				}
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				_ = response.Body.Close()
				return response.StatusCode
			}
			if got := answered(); got != http.StatusUnauthorized {
				t.Errorf("answered %d to who presents nothing", got)
			}
			srv.Fail(endpoint, stytchtest.Fault{Status: http.StatusTooManyRequests, Times: 1})
			if got := answered(); got != http.StatusTooManyRequests {
				t.Errorf("answered %d under a fault of its own", got)
			}
			if n := srv.Calls(endpoint); n != 2 {
				t.Errorf("%d calls are counted under its name", n)
			}
		})
	}
}
