package stytchtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/impersonation"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestImpersonationGivesASessionThatSaysSo(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	srv.AddOrganization(stytchtest.Organization{Slug: "acme", AuthMethods: []string{"sso"}})
	member := srv.AddMember(stytchtest.Member{MFA: true})
	authenticate := func(token string) (*impersonation.AuthenticateResponse, error) {
		return client.Impersonation.Authenticate(t.Context(), &impersonation.AuthenticateParams{ImpersonationToken: token})
	}

	token := arrivedAt(t, member.Impersonate("support@example.com", callback), "multi_tenant_impersonation")
	_, err := client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{MagicLinksToken: token})
	wantRefusal(t, err, "404 magic_link_not_found")
	got, err := authenticate(token)
	wantRefusal(t, err, "")
	f := got.MemberSession.AuthenticationFactors
	if !got.MemberAuthenticated || got.MemberID != member.ID || got.SessionJWT == "" || got.IntermediateSessionToken != "" || got.MFARequired != nil ||
		kinds(f) != "impersonated" || f[0].DeliveryMethod != "impersonation" || f[0].ImpersonatedFactor.ImpersonatorEmailAddress != "support@example.com" ||
		f[0].ImpersonatedFactor.ImpersonatorID == "" || got.MemberSession.ExpiresAt.Sub(noon()) != time.Hour {
		t.Errorf("answered %+v", got)
	}
	for minutes, want := range map[int32]string{0: "", 60: "400 session_not_mutable"} {
		_, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: got.SessionToken, SessionDurationMinutes: minutes})
		wantRefusal(t, err, want)
	}
	_, err = authenticate(token)
	wantRefusal(t, err, "401 unable_to_auth_impersonation_token") // a token works once
	_, err = authenticate("nobody-has-this-token")
	wantRefusal(t, err, "401 unable_to_auth_impersonation_token")
	late := arrivedAt(t, member.Impersonate("support@example.com", callback), "multi_tenant_impersonation")
	clock.Advance(5 * time.Minute)
	_, err = authenticate(late)
	wantRefusal(t, err, "401 unable_to_auth_impersonation_token")
}

func TestImpersonateSaysWhatIsWrong(t *testing.T) {
	member := start(t).AddMember(stytchtest.Member{})
	for want, f := range map[string]func(){
		"Impersonate of a Member that no server knows": func() { (&stytchtest.Member{}).Impersonate("support@example.com", callback) },
		"Impersonate: 400 invalid_url":                 func() { member.Impersonate("support@example.com", "") },
		"Impersonate: 400 invalid_email":               func() { member.Impersonate("support", callback) },
	} {
		if said := panics(f); !strings.Contains(said, want) {
			t.Errorf("said %q, want %q in it", said, want)
		}
	}
}
