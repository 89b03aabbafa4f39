package stytchtest_test

import (
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/otp/email"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/otp/email/discovery"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestACodeByMailLogsIn(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	srv.AddOrganization(stytchtest.Organization{Slug: "acme", EmailDomains: []string{"acme.example"}})
	srv.AddMember(stytchtest.Member{Organization: "acme", Email: "ada@example.com"})
	send := func(address, want string) string {
		_, err := client.OTPs.Email.LoginOrSignup(t.Context(), &email.LoginOrSignupParams{OrganizationID: "acme", EmailAddress: address})
		wantRefusal(t, err, want)
		if want != "" {
			return ""
		}
		return lastMail(t, srv).Code
	}
	authenticate := func(address, code, want string) *email.AuthenticateResponse {
		got, err := client.OTPs.Email.Authenticate(t.Context(), &email.AuthenticateParams{OrganizationID: "acme", EmailAddress: address, Code: code})
		wantRefusal(t, err, want)
		return got
	}

	first, second := send("ada@example.com", ""), send("ada@example.com", "")
	if first != second {
		authenticate("ada@example.com", first, "404 otp_code_not_found") // only the newest works
	}
	got := authenticate("ada@example.com", second, "")
	if !got.MemberAuthenticated || got.MethodID == "" || kinds(got.MemberSession.AuthenticationFactors) != "email_otp" || got.MemberSession.AuthenticationFactors[0].DeliveryMethod != "email" {
		t.Errorf("answered %+v", got)
	}
	authenticate("ada@example.com", second, "401 unable_to_auth_otp_code")
	late := send("ada@example.com", "")
	clock.Advance(10 * time.Minute)
	authenticate("ada@example.com", late, "401 unable_to_auth_otp_code")

	joined := authenticate("new@acme.example", send("new@acme.example", ""), "")
	if joined.Member.Status != "active" {
		t.Errorf("a stranger became %+v", joined.Member)
	}
	send("eve@evil.example", "403 invalid_email_for_jit_provisioning")
	send("nonsense", "400 invalid_email")
}

func TestACodeByMailDiscovers(t *testing.T) {
	srv, _ := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	srv.AddMember(stytchtest.Member{Organization: "acme", Email: "ada@example.com"})
	_, err := client.OTPs.Email.Discovery.Send(t.Context(), &discovery.SendParams{EmailAddress: "ada@example.com"})
	wantRefusal(t, err, "")
	code := lastMail(t, srv).Code
	_, err = client.OTPs.Email.Discovery.Authenticate(t.Context(), &discovery.AuthenticateParams{EmailAddress: "eve@example.com", Code: code})
	wantRefusal(t, err, "404 otp_code_not_found")
	got, err := client.OTPs.Email.Discovery.Authenticate(t.Context(), &discovery.AuthenticateParams{EmailAddress: "ada@example.com", Code: code})
	wantRefusal(t, err, "")
	if got.IntermediateSessionToken == "" || len(got.DiscoveredOrganizations) != 1 || !got.DiscoveredOrganizations[0].MemberAuthenticated {
		t.Errorf("answered %+v", got)
	}
}
