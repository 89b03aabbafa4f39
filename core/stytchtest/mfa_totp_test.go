package stytchtest_test

import (
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/otp/sms"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/recoverycodes"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/totps"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAMemberEnrolsAnAuthenticatorAppOnTheWayIn(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	srv.AddOrganization(stytchtest.Organization{Slug: "acme", MFARequired: true})
	member := srv.AddMember(stytchtest.Member{Organization: "acme", Email: "ada@example.com"})
	first := byMail(t, srv, member, magiclinks.AuthenticateParams{})
	if first.MFARequired == nil || first.MFARequired.MemberOptions != nil {
		t.Fatalf("the member has a factor already: %+v", first.MFARequired)
	}
	ist := first.IntermediateSessionToken
	create := func() (*totps.CreateResponse, error) {
		return client.TOTPs.Create(t.Context(), &totps.CreateParams{
			OrganizationID: member.OrganizationID, MemberID: member.ID, IntermediateSessionToken: ist, ExpirationMinutes: 5,
		})
	}
	authenticate := func() (*totps.AuthenticateResponse, error) {
		return client.TOTPs.Authenticate(t.Context(), &totps.AuthenticateParams{
			OrganizationID: member.OrganizationID, MemberID: member.ID, IntermediateSessionToken: ist, Code: member.TOTP(), SetDefaultMFA: true,
		})
	}

	created, err := create()
	wantRefusal(t, err, "")
	if created.TOTPRegistrationID == "" || created.Secret == "" || created.QrCode == "" || len(created.RecoveryCodes) != 10 || created.Member.TOTPRegistrationID != "" {
		t.Errorf("answered %+v", created)
	}
	clock.Advance(5 * time.Minute)
	_, err = authenticate()
	wantRefusal(t, err, "401 expired_totp")
	again, err := create()
	wantRefusal(t, err, "")
	if again.Secret == created.Secret {
		t.Error("a new app has the secret of the one before")
	}
	got, err := authenticate()
	wantRefusal(t, err, "")
	if got.SessionJWT == "" || !got.Member.MFAEnrolled || got.Member.DefaultMFAMethod != "totp" || got.Member.TOTPRegistrationID != again.TOTPRegistrationID ||
		kinds(got.MemberSession.AuthenticationFactors) != "magic_link totp" {
		t.Errorf("answered %+v", got)
	}

	ist = byMail(t, srv, member, magiclinks.AuthenticateParams{}).IntermediateSessionToken
	_, err = create()
	wantRefusal(t, err, "401 insufficient_factors") // who has a factor shows it first
	_, err = client.TOTPs.Create(t.Context(), &totps.CreateParams{OrganizationID: member.OrganizationID, MemberID: member.ID, SessionToken: got.SessionToken})
	wantRefusal(t, err, "400 active_totp_exists")
}

func TestMFAByPhoneAlone(t *testing.T) {
	srv, _ := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{Email: "ada@example.com", MFA: true, NoAuthenticator: true, Phone: "+15550100"})
	first := byMail(t, srv, member, magiclinks.AuthenticateParams{})
	if o := first.MFARequired.MemberOptions; o == nil || o.MFAPhoneNumber != "+15550100" || o.TOTPRegistrationID != "" || first.MFARequired.SecondaryAuthInitiated != "sms_otp" {
		t.Fatalf("wanted is %+v", first.MFARequired)
	}
	automatic := lastText(t, srv).Code
	send := sms.SendParams{OrganizationID: member.OrganizationID, MemberID: member.ID, IntermediateSessionToken: first.IntermediateSessionToken}
	_, err := client.OTPs.Sms.Send(t.Context(), &send)
	wantRefusal(t, err, "")
	authenticate := func(code string) (*sms.AuthenticateResponse, error) {
		return client.OTPs.Sms.Authenticate(t.Context(), &sms.AuthenticateParams{
			OrganizationID: member.OrganizationID, MemberID: member.ID, Code: code, IntermediateSessionToken: first.IntermediateSessionToken,
		})
	}
	if newest := lastText(t, srv).Code; newest != automatic {
		_, err = authenticate(automatic)
		wantRefusal(t, err, "404 otp_code_not_found") // sending again has made it worthless
	}
	got, err := authenticate(lastText(t, srv).Code)
	wantRefusal(t, err, "")
	if got.SessionJWT == "" || kinds(got.MemberSession.AuthenticationFactors) != "magic_link otp" {
		t.Errorf("answered %+v", got)
	}
}

func TestASecondStepsAnswerDoesNotSayMemberAuthenticated(t *testing.T) {
	srv, _ := startAt(t, stytchtest.Options{})
	member := srv.AddMember(stytchtest.Member{MFA: true})
	ist := halfway(t, srv, member)
	status, data := post(t, srv, "/v1/b2b/totp/authenticate", `{"organization_id":"acme","member_id":"`+member.ID+`","intermediate_session_token":"`+ist+`","code":"`+member.TOTP()+`"}`)
	for _, name := range []string{"member_authenticated", "intermediate_session_token", "mfa_required", "primary_required"} {
		if got := at(data, name); status != 200 || got != "missing" {
			t.Errorf("%s is %s: %d", name, got, status)
		}
	}
	if at(data, "session_token") == `""` || at(data, "member_session") == "null" {
		t.Errorf("answered %s", data)
	}
}

func TestRecoveryCodesAreShownAndRotated(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{MFA: true})
	before := member.RecoveryCodes()
	got, err := client.RecoveryCodes.Get(t.Context(), &recoverycodes.GetParams{OrganizationID: member.OrganizationID, MemberID: member.ID})
	wantRefusal(t, err, "")
	rotated, err := client.RecoveryCodes.Rotate(t.Context(), &recoverycodes.RotateParams{OrganizationID: member.OrganizationID, MemberID: member.ID})
	wantRefusal(t, err, "")
	if len(got.RecoveryCodes) != 10 || got.RecoveryCodes[0] != before[0] || rotated.RecoveryCodes[0] == before[0] || member.RecoveryCodes()[0] != rotated.RecoveryCodes[0] {
		t.Errorf("shown were %v, then %v", got.RecoveryCodes, rotated.RecoveryCodes)
	}
	_, err = client.RecoveryCodes.Get(t.Context(), &recoverycodes.GetParams{OrganizationID: member.OrganizationID, MemberID: srv.AddMember(stytchtest.Member{}).ID})
	wantRefusal(t, err, "404 recovery_codes_not_found")
}
