package stytchtest_test

import (
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks/email"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/recoverycodes"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/totps"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// byMail logs a member in by a magic link.
func byMail(t *testing.T, srv *stytchtest.Server, m *stytchtest.Member, params magiclinks.AuthenticateParams) *magiclinks.AuthenticateResponse {
	t.Helper()
	client := sdk(t, srv)
	_, err := client.MagicLinks.Email.LoginOrSignup(t.Context(), &email.LoginOrSignupParams{
		OrganizationID: m.OrganizationID, EmailAddress: m.Email, LoginRedirectURL: callback,
	})
	wantRefusal(t, err, "")
	params.MagicLinksToken = lastMail(t, srv).Token
	got, err := client.MagicLinks.Authenticate(t.Context(), &params)
	wantRefusal(t, err, "")
	return got
}

// halfway is the intermediate session of a member who has yet to show a second factor.
func halfway(t *testing.T, srv *stytchtest.Server, m *stytchtest.Member) string {
	t.Helper()
	got := byMail(t, srv, m, magiclinks.AuthenticateParams{})
	if got.MemberAuthenticated || got.IntermediateSessionToken == "" || got.MFARequired == nil {
		t.Fatalf("no second factor is wanted: %+v", got)
	}
	return got.IntermediateSessionToken
}

func TestAnAuthenticatorAppCompletesALogin(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{Email: "ada@example.com", MFA: true})
	other := srv.AddMember(stytchtest.Member{Organization: "globex", Email: "ada@example.com", MFA: true})
	plain := srv.AddMember(stytchtest.Member{})
	ist := halfway(t, srv, member)
	stale := member.TOTP()
	clock.Advance(time.Minute)

	for _, row := range []struct {
		name   string
		params totps.AuthenticateParams
		want   string
	}{
		{"not on nothing", totps.AuthenticateParams{Code: member.TOTP()}, "400 no_session_arguments"},
		{"not on two", totps.AuthenticateParams{Code: member.TOTP(), IntermediateSessionToken: ist, SessionToken: "x"}, "400 too_many_session_arguments"},
		{"not on an intermediate session that is none", totps.AuthenticateParams{Code: member.TOTP(), IntermediateSessionToken: "none"}, "404 intermediate_session_not_found"},
		{"not on a session that is none", totps.AuthenticateParams{Code: member.TOTP(), SessionToken: "nobody-has-this-token"}, "404 session_not_found"},
		{"not on somebody else's session", totps.AuthenticateParams{Code: member.TOTP(), SessionToken: plain.SignIn().Token}, "404 session_not_found"},
		{"not on one's own session elsewhere", totps.AuthenticateParams{Code: member.TOTP(), SessionToken: other.SignIn().Token}, "404 session_not_found"},
		{"not for a member of another organization", totps.AuthenticateParams{MemberID: other.ID, Code: other.TOTP(), IntermediateSessionToken: ist}, "404 member_not_found"},
		{"not in an organization that is none", totps.AuthenticateParams{OrganizationID: "nowhere", Code: member.TOTP(), IntermediateSessionToken: ist}, "404 organization_not_found"},
		{"not for another address", totps.AuthenticateParams{MemberID: plain.ID, Code: member.TOTP(), IntermediateSessionToken: ist}, "404 intermediate_session_not_found"},
		{"not without an app", totps.AuthenticateParams{MemberID: plain.ID, Code: member.TOTP(), SessionToken: plain.SignIn().Token}, "404 totp_not_found"},
		{"not by words", totps.AuthenticateParams{Code: "please", IntermediateSessionToken: ist}, "400 invalid_totp_code"},
		{"not by a code of a minute ago", totps.AuthenticateParams{Code: stale, IntermediateSessionToken: ist}, "401 unable_to_authenticate_totp"},
		{"not for a minute", totps.AuthenticateParams{Code: member.TOTP(), IntermediateSessionToken: ist, SessionDurationMinutes: 1}, "400 invalid_session_duration_minutes"},
		{"by the code shown now, which refusals leave", totps.AuthenticateParams{Code: member.TOTP(), IntermediateSessionToken: ist, SessionDurationMinutes: 30}, ""},
		{"not with what is used up", totps.AuthenticateParams{Code: member.TOTP(), IntermediateSessionToken: ist}, "404 intermediate_session_not_found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.params.OrganizationID == "" {
				row.params.OrganizationID = "acme"
			}
			if row.params.MemberID == "" {
				row.params.MemberID = member.ID
			}
			got, err := client.TOTPs.Authenticate(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			if row.want == "" && (got.SessionToken == "" || got.SessionJWT == "" || got.MemberID != member.ID || kinds(got.MemberSession.AuthenticationFactors) != "magic_link totp" ||
				got.MemberSession.ExpiresAt.Sub(clock.Now()) != 30*time.Minute) {
				t.Errorf("answered %+v", got)
			}
		})
	}
	t.Run("not twice by one code", func(t *testing.T) {
		again := totps.AuthenticateParams{OrganizationID: "acme", MemberID: member.ID, Code: member.TOTP(), IntermediateSessionToken: halfway(t, srv, member)}
		_, err := client.TOTPs.Authenticate(t.Context(), &again)
		wantRefusal(t, err, "401 totp_code_already_authenticated")
		clock.Advance(30 * time.Second)
		again.Code = member.TOTP()
		_, err = client.TOTPs.Authenticate(t.Context(), &again)
		wantRefusal(t, err, "")
	})
	t.Run("on a session, as a step up", func(t *testing.T) {
		clock.Advance(30 * time.Second)
		session := member.SignIn(stytchtest.WithFactors())
		got, err := client.TOTPs.Authenticate(t.Context(), &totps.AuthenticateParams{OrganizationID: "acme", MemberID: member.ID, Code: member.TOTP(), SessionJWT: session.JWT()})
		wantRefusal(t, err, "")
		if got.SessionToken != session.Token || kinds(got.MemberSession.AuthenticationFactors) != "totp" {
			t.Errorf("answered %+v", got)
		}
	})
}

// kinds are the types of factors, in their order.
func kinds(factors []sessions.AuthenticationFactor) string {
	var all string
	for i, f := range factors {
		if i > 0 {
			all += " "
		}
		all += string(f.Type)
	}
	return all
}

func TestARecoveryCodeCompletesALogin(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{MFA: true})
	plain := srv.AddMember(stytchtest.Member{})
	codes := member.RecoveryCodes()
	srv.AddMember(stytchtest.Member{Email: member.Email, Name: "Ada", MFA: true}) // keeps them
	if len(codes) != 10 || len(plain.RecoveryCodes()) != 0 || plain.TOTP() != "" {
		t.Fatalf("there are %d recovery codes", len(codes))
	}
	recoverBy := func(code string) (*recoverycodes.RecoverResponse, error) {
		return client.RecoveryCodes.Recover(t.Context(), &recoverycodes.RecoverParams{OrganizationID: "acme", MemberID: member.ID, RecoveryCode: code, IntermediateSessionToken: halfway(t, srv, member)})
	}
	_, err := recoverBy("0000-0000-0000")
	wantRefusal(t, err, "401 unable_to_authenticate_recovery_code")
	got, err := recoverBy(codes[3])
	wantRefusal(t, err, "")
	if got.SessionJWT == "" || got.RecoveryCodesRemaining != 9 || len(member.RecoveryCodes()) != 9 || kinds(got.MemberSession.AuthenticationFactors) != "magic_link recovery_codes" {
		t.Errorf("answered %+v", got)
	}
	_, err = recoverBy(codes[3])
	wantRefusal(t, err, "401 unable_to_authenticate_recovery_code")
	_, err = client.RecoveryCodes.Recover(t.Context(), &recoverycodes.RecoverParams{OrganizationID: "acme", MemberID: plain.ID, RecoveryCode: codes[0], SessionToken: plain.SignIn().Token})
	wantRefusal(t, err, "404 recovery_codes_not_found")
}
