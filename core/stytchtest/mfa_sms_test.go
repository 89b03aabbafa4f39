package stytchtest_test

import (
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/otp/sms"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestATextMessageCompletesALogin(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{MFA: true, Phone: "+15550100"})
	login := byMail(t, srv, member, magiclinks.AuthenticateParams{})
	ist := login.IntermediateSessionToken
	if required := login.MFARequired; required == nil || required.SecondaryAuthInitiated != "sms_otp" ||
		required.MemberOptions.MFAPhoneNumber != "+15550100" || required.MemberOptions.TOTPRegistrationID == "" {
		t.Fatalf("mfa_required is %+v", required)
	}
	authenticate := func(code string) (*sms.AuthenticateResponse, error) {
		return client.OTPs.Sms.Authenticate(t.Context(), &sms.AuthenticateParams{OrganizationID: "acme", MemberID: member.ID, Code: code, IntermediateSessionToken: ist})
	}
	send := func(number string) error {
		_, err := client.OTPs.Sms.Send(t.Context(), &sms.SendParams{OrganizationID: "acme", MemberID: member.ID, MFAPhoneNumber: number, IntermediateSessionToken: ist})
		return err
	}

	first := lastText(t, srv)
	if first.To != "+15550100" {
		t.Errorf("the code went to %q", first.To)
	}
	clock.Advance(2 * time.Minute)
	_, err := authenticate(first.Code)
	wantRefusal(t, err, "401 unable_to_auth_otp_code")
	wantRefusal(t, send("+15550199"), "400 duplicate_member_phone_number_for_member")
	wantRefusal(t, send("+15550100"), "")
	wantRefusal(t, send(""), "")
	texts := srv.Texts()
	if len(texts) != 3 {
		t.Fatalf("%d text messages were sent", len(texts))
	}
	wrong := "000000"
	if texts[2].Code == wrong {
		wrong = "000001"
	}
	_, err = authenticate(wrong)
	wantRefusal(t, err, "404 otp_code_not_found")
	if texts[1].Code != texts[2].Code {
		_, err = authenticate(texts[1].Code)
		wantRefusal(t, err, "404 otp_code_not_found") // a newer one is out
	}
	got, err := authenticate(texts[2].Code)
	wantRefusal(t, err, "")
	if got.SessionJWT == "" || kinds(got.MemberSession.AuthenticationFactors) != "magic_link otp" || got.MemberSession.AuthenticationFactors[1].PhoneNumberFactor.PhoneNumber != "+15550100" {
		t.Errorf("answered %+v", got)
	}
	ist = halfway(t, srv, member)
	_, err = authenticate(texts[2].Code)
	wantRefusal(t, err, "404 otp_code_not_found") // the new login sent a new one
}

func lastText(t *testing.T, srv *stytchtest.Server) stytchtest.Text {
	t.Helper()
	texts := srv.Texts()
	if len(texts) == 0 {
		t.Fatal("no text message was sent")
	}
	return texts[len(texts)-1]
}

func TestAPasscodeWorksOnce(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{Phone: "+15550100"})
	session := member.SignIn()
	_, err := client.OTPs.Sms.Send(t.Context(), &sms.SendParams{OrganizationID: "acme", MemberID: member.ID})
	wantRefusal(t, err, "")
	params := sms.AuthenticateParams{OrganizationID: "acme", MemberID: member.ID, Code: lastText(t, srv).Code, SessionToken: session.Token}
	_, err = client.OTPs.Sms.Authenticate(t.Context(), &params)
	wantRefusal(t, err, "")
	_, err = client.OTPs.Sms.Authenticate(t.Context(), &params)
	wantRefusal(t, err, "401 unable_to_auth_otp_code")
}

func TestAPhoneNumberIsAdded(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	srv.AddOrganization(stytchtest.Organization{Slug: "acme", MFARequired: true})
	member := srv.AddMember(stytchtest.Member{})
	guarded := srv.AddMember(stytchtest.Member{MFA: true})
	login := byMail(t, srv, member, magiclinks.AuthenticateParams{})
	if login.MemberAuthenticated || login.MFARequired == nil || login.MFARequired.MemberOptions != nil || login.MFARequired.SecondaryAuthInitiated != "" ||
		login.Organization.MFAPolicy != "REQUIRED_FOR_ALL" {
		t.Fatalf("answered %+v", login)
	}
	for _, row := range []struct {
		name   string
		params sms.SendParams
		want   string
	}{
		{"not none", sms.SendParams{MemberID: member.ID}, "404 member_phone_number_not_found"},
		{"not one that is none", sms.SendParams{MemberID: member.ID, MFAPhoneNumber: "555-0100"}, "400 invalid_phone_number"},
		{"not past another second factor", sms.SendParams{MemberID: guarded.ID, MFAPhoneNumber: "+15550100"}, "401 insufficient_factors"},
		{"not past another second factor, halfway", sms.SendParams{MemberID: guarded.ID, MFAPhoneNumber: "+15550100", IntermediateSessionToken: halfway(t, srv, guarded)}, "401 insufficient_factors"},
		{"with the other second factor", sms.SendParams{MemberID: guarded.ID, MFAPhoneNumber: "+15550101", SessionToken: guarded.SignIn().Token}, ""},
		{"not for nobody", sms.SendParams{MemberID: "member-test-none", MFAPhoneNumber: "+15550100"}, "404 member_not_found"},
		{"not halfway into a login that is none", sms.SendParams{MemberID: member.ID, MFAPhoneNumber: "+15550100", IntermediateSessionToken: "none"}, "404 intermediate_session_not_found"},
		{"to whom has none", sms.SendParams{MemberID: member.ID, MFAPhoneNumber: "+15550100", IntermediateSessionToken: login.IntermediateSessionToken}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.params.OrganizationID = "acme"
			got, err := client.OTPs.Sms.Send(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want == "" && (got.Member.MFAPhoneNumber != row.params.MFAPhoneNumber || got.Member.MFAPhoneNumberVerified) {
				t.Errorf("answered %+v", got)
			}
		})
	}
	done, err := client.OTPs.Sms.Authenticate(t.Context(), &sms.AuthenticateParams{
		OrganizationID: "acme", MemberID: member.ID, Code: lastText(t, srv).Code, IntermediateSessionToken: login.IntermediateSessionToken,
	})
	wantRefusal(t, err, "")
	if m := done.Member; done.SessionJWT == "" || !m.MFAEnrolled || !m.MFAPhoneNumberVerified || m.DefaultMFAMethod != "sms_otp" || m.TOTPRegistrationID != "" {
		t.Errorf("answered %+v", done)
	}
}

func TestMFAEnrollmentIsChangedByTheWay(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{MFA: true, Phone: "+15550100"})
	for _, row := range []struct {
		wish string
		want bool
	}{{"", true}, {"unenroll", false}, {"", false}, {"enroll", true}} {
		_, err := client.OTPs.Sms.Send(t.Context(), &sms.SendParams{OrganizationID: "acme", MemberID: member.ID})
		wantRefusal(t, err, "")
		got, err := client.OTPs.Sms.Authenticate(t.Context(), &sms.AuthenticateParams{
			OrganizationID: "acme", MemberID: member.ID, Code: lastText(t, srv).Code, SessionToken: member.SignIn().Token, SetMFAEnrollment: row.wish,
		})
		wantRefusal(t, err, "")
		if got.Member.MFAEnrolled != row.want {
			t.Errorf("after %q, mfa_enrolled is %t", row.wish, got.Member.MFAEnrolled)
		}
	}
}

func TestASecondFactorElsewhereDoesNotCount(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	here := srv.AddMember(stytchtest.Member{Email: "ada@example.com", MFA: true, Phone: "+15550100"})
	srv.AddMember(stytchtest.Member{Organization: "globex", Email: "ada@example.com", MFA: true, Phone: "+15550199"})
	srv.AddMember(stytchtest.Member{Organization: "initech", Email: "ada@example.com", MFA: true, Phone: "+15550100"})
	session := here.SignIn()
	exchange := func(organization string) *sessions.ExchangeResponse {
		got, err := client.Sessions.Exchange(t.Context(), &sessions.ExchangeParams{OrganizationID: organization, SessionToken: session.Token})
		wantRefusal(t, err, "")
		return got
	}
	if got := exchange("globex"); got.MemberAuthenticated || got.MFARequired == nil || got.PrimaryRequired != nil {
		t.Errorf("another member's authenticator app counted: %+v", got)
	}
	_, err := client.OTPs.Sms.Send(t.Context(), &sms.SendParams{OrganizationID: "acme", MemberID: here.ID})
	wantRefusal(t, err, "")
	_, err = client.OTPs.Sms.Authenticate(t.Context(), &sms.AuthenticateParams{OrganizationID: "acme", MemberID: here.ID, Code: lastText(t, srv).Code, SessionToken: session.Token})
	wantRefusal(t, err, "")
	if got := exchange("globex"); got.MemberAuthenticated {
		t.Errorf("another phone counted: %+v", got)
	}
	if got := exchange("initech"); !got.MemberAuthenticated {
		t.Errorf("the same phone did not count: %+v", got)
	}
}
