package stytchtest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// factorsOf says of each of a session's factors what it is and how old.
func factorsOf(s *stytchkit.Session) []string {
	var said []string
	for _, f := range s.MemberSession().AuthenticationFactors {
		detail := ""
		switch {
		case f.EmailFactor != nil:
			detail = f.EmailFactor.EmailAddress
		case f.ImpersonatedFactor != nil:
			detail = f.ImpersonatedFactor.ImpersonatorEmailAddress
		}
		age := "of no known age"
		if f.LastAuthenticatedAt != nil {
			age = s.StartedAt().Sub(*f.LastAuthenticatedAt).String()
		}
		said = append(said, fmt.Sprintf("%s/%s %s %s", f.Type, f.DeliveryMethod, detail, age))
	}
	return said
}

func TestASessionBeginsWithTheFactorsThatItsOptionsSay(t *testing.T) {
	const link, app = "magic_link/email alice@example.com 0s", "totp/authenticator_app  0s"
	alice, mfa := stytchtest.Member{Email: "alice@example.com"}, stytchtest.Member{Email: "alice@example.com", MFA: true}
	options := func(all ...stytchtest.SessionOption) []stytchtest.SessionOption { return all }
	srv, clock := startAt(t, stytchtest.Options{})
	auth := srv.Authenticator(t)
	for _, row := range []struct {
		name    string
		member  stytchtest.Member
		options []stytchtest.SessionOption
		want    []string
	}{
		{"a magic link now", alice, nil, []string{link}},
		{"and an authenticator app with MFA", mfa, nil, []string{link, app}},
		{"20 minutes ago", alice, options(stytchtest.AuthenticatedAgo(20 * time.Minute)), []string{"magic_link/email alice@example.com 20m0s"}},
		{"20 minutes ago, with MFA", mfa, options(stytchtest.AuthenticatedAgo(20 * time.Minute)),
			[]string{"magic_link/email alice@example.com 20m0s", "totp/authenticator_app  20m0s"}},
		{"in the future", alice, options(stytchtest.AuthenticatedAgo(-time.Minute)), []string{"magic_link/email alice@example.com -1m0s"}},
		{"an authenticator app beside", alice, options(stytchtest.WithTOTP()), []string{link, app}},
		{"which one with MFA has already", mfa, options(stytchtest.WithTOTP()), []string{link, app}},
		{"a code by SMS beside", alice, options(stytchtest.WithSMS()), []string{link, "otp/sms  0s"}},
		{"a recovery code beside", alice, options(stytchtest.WithRecoveryCode()), []string{link, "recovery_codes/recovery_code  0s"}},
		{"an hour ago, both factors, in either order", alice, options(stytchtest.WithTOTP(), stytchtest.AuthenticatedAgo(time.Hour)),
			[]string{"magic_link/email alice@example.com 1h0m0s", "totp/authenticator_app  1h0m0s"}},
		{"an hour ago, and stepped up now", alice, options(stytchtest.AuthenticatedAgo(time.Hour), stytchtest.WithFactor("totp", 0)),
			[]string{"magic_link/email alice@example.com 1h0m0s", app}},
		{"of two of a kind, the one added last", mfa, options(stytchtest.WithFactor("totp", time.Hour), stytchtest.WithFactor("totp", time.Minute)),
			[]string{link, "totp/authenticator_app  1m0s"}},
		{"by password", mfa, options(stytchtest.SignedInBy("password")), []string{"password/knowledge alice@example.com 0s"}},
		{"by SSO and a second factor, in either order", alice, options(stytchtest.WithTOTP(), stytchtest.SignedInBy("sso")), []string{"sso/sso_saml  0s", app}},
		{"by OAuth", alice, options(stytchtest.SignedInBy("oauth")), []string{"oauth/oauth_google  0s"}},
		{"by a code in an e-mail", alice, options(stytchtest.SignedInBy("email_otp")), []string{"email_otp/email alice@example.com 0s"}},
		{"by a kind that the stand-in knows no details of", alice, options(stytchtest.SignedInBy("imported")), []string{"imported/  0s"}},
		{"by nothing", mfa, options(stytchtest.WithFactors()), nil},
		{"by nothing, in other words", mfa, options(stytchtest.SignedInBy()), nil},
		{"by factors as they are", mfa, options(stytchtest.WithFactors(sessions.AuthenticationFactor{Type: "sso"}), stytchtest.AuthenticatedAgo(time.Hour)), []string{"sso/  of no known age"}},
		{"as somebody else", mfa, options(stytchtest.ImpersonatedBy("support@example.com")), []string{"impersonated/impersonation support@example.com 0s"}},
		{"as somebody else, a while ago", alice, options(stytchtest.AuthenticatedAgo(time.Hour), stytchtest.ImpersonatedBy("support@example.com")),
			[]string{"impersonated/impersonation support@example.com 1h0m0s"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := factorsOf(stytchtest.NewSession(row.member, row.options...)); !slices.Equal(got, row.want) {
				t.Errorf("NewSession has the factors %q, want %q", got, row.want)
			}
			begun := srv.AddMember(row.member).SignIn(row.options...)
			seen := auth.Require().Check(t.Context(), stytchkit.HTTPRequest{R: begun.Request("GET", "/")}).Session
			if got := factorsOf(seen); seen.ID() != begun.ID || !slices.Equal(got, row.want) {
				t.Errorf("SignIn has the factors %q, want %q", got, row.want)
			}
			clock.Advance(time.Second) // the next member's JWT is another one
		})
	}
}

// Each of an application's rules is tested in a line: who asks, and the answer.
func TestEachRuleIsTestedInALine(t *testing.T) {
	srv := stytchtest.Start(t)
	srv.Permit("accountant", "invoices", "approve")
	auth := srv.Authenticator(t)
	alice := srv.AddMember(stytchtest.Member{Organization: "acme", Roles: []string{"accountant"}})
	owns := func(_ context.Context, s *stytchkit.Session) error {
		if s.MemberID() != alice.ID {
			return errors.New("another's document")
		}
		return nil
	}
	for _, row := range []struct {
		name string
		rule stytchkit.Rule
		asks *stytchtest.Session
		code string
	}{
		{"a role", stytchkit.Role("accountant"), alice.SignIn(), ""},
		{"no role", stytchkit.Role("stytch_admin"), alice.SignIn(), "permission_denied"},
		{"a permission", stytchkit.Permission("invoices", "approve"), alice.SignIn(), ""},
		{"no permission", stytchkit.Permission("invoices", "delete"), alice.SignIn(), "permission_denied"},
		{"signed in lately", stytchkit.AuthenticatedWithin(10 * time.Minute), alice.SignIn(stytchtest.AuthenticatedAgo(9 * time.Minute)), ""},
		{"signed in a while ago", stytchkit.AuthenticatedWithin(10 * time.Minute), alice.SignIn(stytchtest.AuthenticatedAgo(20 * time.Minute)), "reauthentication_required"},
		{"stepped up since", stytchkit.AuthenticatedWithin(10 * time.Minute), alice.SignIn(stytchtest.AuthenticatedAgo(20*time.Minute), stytchtest.WithFactor("totp", 0)), ""},
		{"one factor", stytchkit.MFA(), alice.SignIn(), "reauthentication_required"},
		{"an authenticator app", stytchkit.MFA(), alice.SignIn(stytchtest.WithTOTP()), ""},
		{"a code by SMS", stytchkit.MFA(), alice.SignIn(stytchtest.WithSMS()), ""},
		{"a recovery code", stytchkit.MFA(), alice.SignIn(stytchtest.WithRecoveryCode()), ""},
		{"a code by e-mail", stytchkit.MFA(), alice.SignIn(stytchtest.SignedInBy("password", "email_otp")), "reauthentication_required"},
		{"a second factor alone", stytchkit.MFA(), alice.SignIn(stytchtest.SignedInBy("totp")), "reauthentication_required"},
		{"single sign-on", stytchkit.Factors("sso"), alice.SignIn(stytchtest.SignedInBy("sso")), ""},
		{"a password", stytchkit.Factors("sso"), alice.SignIn(stytchtest.SignedInBy("password")), "reauthentication_required"},
		{"the member", stytchkit.NoImpersonation(), alice.SignIn(), ""},
		{"support", stytchkit.NoImpersonation(), alice.SignIn(stytchtest.ImpersonatedBy("support@example.com")), "permission_denied"},
		{"the owner", stytchkit.Check("owns it", owns), alice.SignIn(), ""},
		{"another", stytchkit.Check("owns it", owns), srv.AddMember(stytchtest.Member{}).SignIn(), "permission_denied"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := auth.Require(row.rule).Check(t.Context(), stytchkit.HTTPRequest{R: row.asks.Request("GET", "/")})
			code := ""
			if d.Denial != nil {
				code = d.Denial.Code
			}
			if code != row.code {
				t.Errorf("got %q, want %q", code, row.code)
			}
		})
	}
}

func TestPermitAddsToThePolicy(t *testing.T) {
	srv := stytchtest.Start(t)
	auth := srv.Authenticator(t)
	member := func(role string) *stytchkit.Session {
		r := srv.AddMember(stytchtest.Member{Roles: []string{role}}).SignIn().Request("GET", "/")
		return auth.Require().Check(t.Context(), stytchkit.HTTPRequest{R: r}).Session
	}
	may := func(role, resource, action string, want bool) {
		t.Helper()
		if err := auth.RefreshPolicy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, err := auth.Can(t.Context(), member(role), resource, action); err != nil || got != want {
			t.Errorf("%s may %s %s: got %v (%v), want %v", role, action, resource, got, err, want)
		}
	}
	before := rbac.Policy{Roles: []rbac.PolicyRole{{
		RoleID: "editor", Permissions: []rbac.PolicyRolePermission{{ResourceID: "documents", Actions: []string{"read"}}},
	}}}
	srv.SetPolicy(before)
	srv.Permit("editor", "documents", "update", "delete")
	srv.Permit("accountant", "invoices", "*")
	may("editor", "documents", "read", true)
	may("editor", "documents", "update", true)
	may("editor", "documents", "delete", true)
	may("editor", "documents", "create", false)
	may("accountant", "invoices", "approve", true)
	may("accountant", "documents", "read", false)
	if got := len(before.Roles[0].Permissions); got != 1 || len(before.Roles) != 1 {
		t.Errorf("the policy that was set has changed: %+v", before)
	}

	srv.SetPolicy(rbac.Policy{})
	may("editor", "documents", "read", false)
}

func ExampleServer_Permit() {
	_ = func(t *testing.T) {
		srv := stytchtest.Start(t)
		srv.Permit("accountant", "invoices", "read", "approve")
		accountant := srv.AddMember(stytchtest.Member{Roles: []string{"accountant"}}).SignIn()
		_ = accountant.Request("POST", "/invoices/17/approval") // hand it to the application
	}
}

// who says what the options make of a session.
func who(options ...stytchtest.SessionOption) {
	s := stytchtest.NewSession(stytchtest.Member{}, options...)
	by, impersonated := s.Impersonator()
	fmt.Println(s.StartedAt().Sub(s.AuthenticatedAt()), s.HasFactor("totp"), by, impersonated)
}

func ExampleAuthenticatedAgo() {
	who(stytchtest.AuthenticatedAgo(20 * time.Minute))
	// Output: 20m0s false  false
}

func ExampleWithFactor() {
	who(stytchtest.AuthenticatedAgo(time.Hour), stytchtest.WithFactor("totp", time.Minute)) // stepped up since
	// Output: 1m0s true  false
}

func ExampleWithTOTP() {
	who(stytchtest.WithTOTP())
	// Output: 0s true  false
}

func ExampleImpersonatedBy() {
	who(stytchtest.ImpersonatedBy("support@example.com"))
	// Output: 0s false support@example.com true
}

func ExampleSignedInBy() {
	sso := stytchtest.NewSession(stytchtest.Member{}, stytchtest.SignedInBy("sso"))
	fmt.Println(sso.HasFactor("sso"), sso.HasFactor("magic_link"))
	// Output: true false
}
