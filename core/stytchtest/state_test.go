package stytchtest_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks/email/discovery"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/otp/sms"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestStateIsBounded(t *testing.T) {
	srv := stytchtest.Start(t, stytchtest.Options{Limits: stytchtest.Limits{Organizations: 2, Members: 3, Sessions: 2, Messages: 2, Keys: 2}})
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{Organization: "one"})
	first, second, third := member.SignIn(), member.SignIn(), member.SignIn()
	authenticate := func(s *stytchtest.Session) string {
		_, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: s.Token})
		return refusal(err)
	}
	for i, want := range map[*stytchtest.Session]string{first: "404 session_not_found", second: "", third: ""} {
		if got := authenticate(i); got != want {
			t.Errorf("a session was answered %q, want %q: the oldest goes first", got, want)
		}
	}
	srv.AddMember(stytchtest.Member{Organization: "two"})
	srv.AddMember(stytchtest.Member{Organization: "three"})
	if got := authenticate(third); got != "404 session_not_found" {
		t.Errorf("a session of an organization that is gone was answered %q", got)
	}
	srv.AddMember(stytchtest.Member{Organization: "three"})
	if n := len(srv.Members()); n != 3 {
		t.Errorf("%d members are kept", n)
	}
	for range 3 {
		_, err := client.MagicLinks.Email.Discovery.Send(t.Context(), &discovery.SendParams{EmailAddress: "ada@example.com", DiscoveryRedirectURL: callback})
		wantRefusal(t, err, "")
	}
	if n := len(srv.Mail()); n != 2 {
		t.Errorf("%d messages are kept", n)
	}
	phone := srv.AddMember(stytchtest.Member{Organization: "three", Phone: "+15550100"})
	for range 3 {
		_, err := client.OTPs.Sms.Send(t.Context(), &sms.SendParams{OrganizationID: "three", MemberID: phone.ID})
		wantRefusal(t, err, "")
	}
	if n := len(srv.Texts()); n != 2 {
		t.Errorf("%d text messages are kept", n)
	}
	oldest := srv.AddConnection(stytchtest.Connection{Organization: "three"})
	for range 100 {
		srv.AddConnection(stytchtest.Connection{Organization: "three"})
	}
	response, body := browse(t, srv, ssoStart+"?"+params(srv, "connection_id", oldest.ID, "login_redirect_url", callback).Encode())
	wantPageRefusal(t, response, body, "404 sso_connection_not_found")
	srv.RotateKeys()
	srv.RotateKeys()
	keys, err := client.Sessions.GetJWKS(t.Context(), &sessions.GetJWKSParams{ProjectID: srv.ProjectID()})
	wantRefusal(t, err, "")
	if n := len(keys.Keys); n != 2 {
		t.Errorf("%d keys are kept", n)
	}
}

func TestStateOutlivesTheServer(t *testing.T) {
	first := start(t)
	first.SetPolicy(rbac.Policy{Roles: []rbac.PolicyRole{{RoleID: "reader"}}})
	first.RotateKeys()
	member := first.AddMember(stytchtest.Member{Email: "ada@example.com", MFA: true, Phone: "+15550100", Password: "correct horse"})
	connection := first.AddConnection(stytchtest.Connection{JIT: true})
	app, codes := member.TOTP(), member.RecoveryCodes()
	session := member.SignIn(stytchtest.WithClaims(map[string]any{"plan": "pro"}))
	var saved bytes.Buffer
	if err := first.Save(&saved); err != nil {
		t.Fatal(err)
	}
	first.Close()

	restored := stytchtest.Start(t, stytchtest.Options{State: &saved})
	client := sdk(t, restored)
	byToken, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
	wantRefusal(t, err, "")
	byJWT, err := client.Sessions.AuthenticateJWTLocal(t.Context(), session.JWT(), 5*time.Minute, nil)
	if err != nil {
		t.Fatal(err)
	}
	if byToken.MemberSession.MemberSessionID != session.ID || byJWT.MemberSessionID != session.ID ||
		!byToken.Member.MFAEnrolled || byToken.MemberSession.CustomClaims["plan"] != "pro" ||
		len(byToken.MemberSession.AuthenticationFactors) != 2 {
		t.Errorf("restored as %+v", byToken)
	}
	again := restored.Members()[0]
	if shown := again.TOTP(); shown != app && shown != first.Members()[0].TOTP() { // half a minute may have begun
		t.Errorf("the authenticator app shows %s, was %s", shown, app)
	}
	if !slices.Equal(again.RecoveryCodes(), codes) || again.Password != "correct horse" || again.Phone != "+15550100" {
		t.Errorf("restored as %+v with %v", again, again.RecoveryCodes())
	}
	if c := byToken.Organization.SSOActiveConnections; len(c) != 1 || c[0].ConnectionID != connection.ID {
		t.Errorf("the connections are %+v", c)
	}
	restored.SetProviderUser("new@example.com")
	arrive(t, restored, ssoStart, params(restored, "connection_id", connection.ID, "login_redirect_url", callback), "sso")
	policy, err := client.RBAC.Policy(t.Context(), &rbac.PolicyParams{})
	wantRefusal(t, err, "")
	if policy.Policy.Roles[0].RoleID != "reader" {
		t.Errorf("the policy is %+v", policy.Policy)
	}
}

func TestTheAuthenticatorAppFollowsRFC6238(t *testing.T) {
	for seconds, want := range map[int64]string{59: "287082", 1111111109: "081804", 20000000000: "353130"} { // appendix B
		srv := stytchtest.Start(t, stytchtest.Options{Key: key(), Clock: stytchtest.NewClock(time.Unix(seconds, 0)), State: strings.NewReader(`{
			"organizations": [{"ID": "organization-test-1", "Slug": "acme"}],
			"members": [{"ID": "member-test-1", "OrganizationID": "organization-test-1", "MFA": true, "App": {"Secret": "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA="}}]}`)})
		if got := srv.Members()[0].TOTP(); got != want {
			t.Errorf("at %d it shows %s, want %s", seconds, got, want)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestSaveSaysThatItFailed(t *testing.T) {
	if err := stytchtest.Start(t).Save(brokenWriter{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}
