package stytchtest_test

import (
	"testing"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations/members"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/otp"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/otp/sms"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAMembersFactorsAreDeleted(t *testing.T) {
	srv, _ := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	ada := srv.AddMember(stytchtest.Member{MFA: true, Phone: "+15550100"})
	phone := &members.DeleteMFAPhoneNumberParams{OrganizationID: ada.OrganizationID, MemberID: ada.ID}
	app := &members.DeleteTOTPParams{OrganizationID: ada.OrganizationID, MemberID: ada.ID}
	session := ada.SignIn()

	without, err := client.Organizations.Members.DeleteMFAPhoneNumber(t.Context(), phone)
	wantRefusal(t, err, "")
	if m := without.Member; m.MFAPhoneNumber != "" || m.TOTPRegistrationID == "" || !m.MFAEnrolled {
		t.Errorf("answered %+v", m)
	}
	_, err = client.Organizations.Members.DeleteMFAPhoneNumber(t.Context(), phone)
	wantRefusal(t, err, "404 member_phone_number_not_found")
	none, err := client.Organizations.Members.DeleteTOTP(t.Context(), app)
	wantRefusal(t, err, "")
	if m := none.Member; m.TOTPRegistrationID != "" || m.DefaultMFAMethod != "" || ada.TOTP() != "" {
		t.Errorf("answered %+v", m)
	}
	_, err = client.Organizations.Members.DeleteTOTP(t.Context(), app)
	wantRefusal(t, err, "404 totp_not_found")
	if srv.Calls(stytchtest.DeleteMemberPhone) != 2 || srv.Calls(stytchtest.DeleteMemberTOTP) != 2 {
		t.Error("the calls are not told apart")
	}
	if session.ExpiresAt().IsZero() {
		t.Error("the session is over")
	}
}

func TestAUserGetsAPhoneAndLosesIt(t *testing.T) {
	srv, _, client := startConsumer(t)
	ada := srv.AddUser(stytchtest.User{Email: "ada@example.com", Authenticator: true})
	srv.AddUser(stytchtest.User{Email: "bob@example.com", Phone: "+15550199"})
	session := ada.SignIn()
	send := func(number string) (*sms.SendResponse, error) {
		return client.OTPs.Sms.Send(t.Context(), &sms.SendParams{PhoneNumber: number, SessionToken: session.Token})
	}
	_, err := send("+15550199")
	wantRefusal(t, err, "400 duplicate_phone_number")
	_, err = send("555")
	wantRefusal(t, err, "400 invalid_phone_number")
	_, err = send("+15550101") // mistyped: another one takes its place
	wantRefusal(t, err, "")
	sent, err := send("+15550100")
	wantRefusal(t, err, "")
	proved, err := client.OTPs.Authenticate(t.Context(), &otp.AuthenticateParams{
		MethodID: sent.PhoneID, Code: lastText(t, srv).Code, SessionToken: session.Token, SessionDurationMinutes: 60,
	})
	wantRefusal(t, err, "")
	if phones := proved.User.PhoneNumbers; sent.UserID != ada.ID || len(phones) != 1 || !phones[0].Verified || phones[0].PhoneNumber != "+15550100" {
		t.Errorf("answered %+v", proved.User)
	}

	without, err := client.Users.DeletePhoneNumber(t.Context(), &users.DeletePhoneNumberParams{PhoneID: sent.PhoneID})
	wantRefusal(t, err, "")
	none, err := client.Users.DeleteTOTP(t.Context(), &users.DeleteTOTPParams{TOTPID: without.User.TOTPs[0].TOTPID})
	wantRefusal(t, err, "")
	if len(none.User.PhoneNumbers) != 0 || len(none.User.TOTPs) != 0 || none.UserID != ada.ID {
		t.Errorf("answered %+v", none.User)
	}
	_, err = client.Users.DeletePhoneNumber(t.Context(), &users.DeletePhoneNumberParams{PhoneID: sent.PhoneID})
	wantRefusal(t, err, "404 user_not_found")
}
