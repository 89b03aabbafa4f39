package stytchtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestEveryEndpointIsCountedFailedAndGuarded(t *testing.T) {
	srv := start(t)
	public := map[stytchtest.Endpoint]int{ // what they answer to who presents nothing
		stytchtest.JWKS: http.StatusOK, stytchtest.StartOAuth: http.StatusBadRequest,
		stytchtest.StartDiscoveryOAuth: http.StatusBadRequest, stytchtest.StartSSO: http.StatusBadRequest,
	}
	for _, endpoint := range []stytchtest.Endpoint{
		stytchtest.Authenticate, stytchtest.Revoke, stytchtest.Exchange, stytchtest.ListSessions, stytchtest.JWKS,
		stytchtest.RBACPolicy, stytchtest.GetOrganization, stytchtest.GetMember,
		stytchtest.CreateMember, stytchtest.SearchMembers, stytchtest.UpdateMember, stytchtest.DeleteMember, stytchtest.DeleteMemberPhone, stytchtest.DeleteMemberTOTP, stytchtest.OrganizationPolicy,
		stytchtest.LoginOrSignup, stytchtest.AuthenticateMagicLink, stytchtest.SendDiscovery, stytchtest.AuthenticateDiscovery, stytchtest.Invite,
		stytchtest.StartOAuth, stytchtest.StartDiscoveryOAuth, stytchtest.AuthenticateOAuth, stytchtest.AuthenticateDiscoveryOAuth,
		stytchtest.StartSSO, stytchtest.AuthenticateSSO, stytchtest.AuthenticateImpersonation,
		stytchtest.AuthenticatePassword, stytchtest.StartPasswordReset, stytchtest.ResetPassword,
		stytchtest.CheckPasswordStrength, stytchtest.ResetPasswordByExisting, stytchtest.ResetPasswordBySession,
		stytchtest.AuthenticateDiscoveryPassword, stytchtest.StartDiscoveryPasswordReset, stytchtest.ResetDiscoveryPassword,
		stytchtest.SendEmailCode, stytchtest.AuthenticateEmailCode, stytchtest.SendDiscoveryEmailCode, stytchtest.AuthenticateDiscoveryEmailCode,
		stytchtest.CreateTOTP, stytchtest.AuthenticateTOTP, stytchtest.SendSMS, stytchtest.AuthenticateSMS,
		stytchtest.UseRecoveryCode, stytchtest.GetRecoveryCodes, stytchtest.RotateRecoveryCodes,
		stytchtest.CreateM2MClient, stytchtest.GetM2MClient, stytchtest.SearchM2MClients, stytchtest.UpdateM2MClient, stytchtest.DeleteM2MClient,
		stytchtest.StartSecretRotation, stytchtest.CancelSecretRotation, stytchtest.RotateSecret, stytchtest.IssueToken, stytchtest.IntrospectToken,
		stytchtest.ListDiscovered, stytchtest.CreateOrganization, stytchtest.ExchangeIntermediate,
	} {
		t.Run(string(endpoint), func(t *testing.T) {
			method, path, _ := strings.Cut(string(endpoint), " ")
			path = strings.NewReplacer("{provider}", "google", "{project_id}", srv.ProjectID(), "{organization_id}", "acme", "{member_id}", "member-test-1", "{client_id}", "m2m-client-test-1").Replace(path)
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
			want, isPublic := public[endpoint]
			if !isPublic {
				want = http.StatusUnauthorized
			}
			if got := answered(); got != want {
				t.Errorf("answered %d to who presents nothing, want %d", got, want)
			}
			srv.Fail(endpoint, stytchtest.Fault{Status: 429, ErrorType: "too_few_tokens_authenticated", Times: 1})
			if got := answered(); got != http.StatusTooManyRequests {
				t.Errorf("answered %d under a fault of its own", got)
			}
			if n := srv.Calls(endpoint); n != 2 {
				t.Errorf("%d calls are counted under its name", n)
			}
		})
	}
	if n := srv.Calls(stytchtest.Other); n != 0 {
		t.Errorf("%d calls are counted as others", n)
	}
}
