package signin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// What the table is read for: who is helped by what they are told, and what nobody is told.
func TestPeopleAreToldWhatHelpsThem(t *testing.T) {
	for _, row := range []struct{ flow, errorType, reason string }{
		{"B2B: second factor, app", "user_lock_limit_reached", "account_locked"},
		{"B2B: second factor, SMS", "user_lock_limit_reached", "account_locked"},
		{"B2B: second factor, recovery code", "user_lock_limit_reached", "account_locked"},
		{"B2B: second factor, app", "operation_restricted_by_organization_mfa_methods", "second_factor_not_allowed"},
		{"B2B: enrolment, app set up", "operation_restricted_by_organization_mfa_methods", "second_factor_not_allowed"},
		{"B2B: enrolment, SMS asked for", "operation_restricted_by_organization_mfa_methods", "second_factor_not_allowed"},
		{"B2B: second factor, app", "invalid_intermediate_session_token_for_organization", "primary_required"},
		{"B2B: enrolment, app set up", "active_totp_exists", "second_factor_exists"},
		{"B2B: enrolment, app set up", "pending_totp_exists", "second_factor_exists"},
		{"B2B: enrolment, app set up", "insufficient_factors", "second_factor_exists"},
		{"B2B: enrolment, SMS asked for", "stale_factors", "second_factor_exists"},
		{"B2B: enrolment, app", "expired_totp", "setup_expired"},
		{"B2B: enrolment, app", "totp_not_found", "setup_expired"},
		{"B2B: second factor, app", "expired_totp", "code_wrong"},
		{"B2B: new password by session", "session_not_mutable", "impersonated"},
		{"consumer: new password by session", "session_not_mutable", "impersonated"},
		{"B2B: new password by session", "insufficient_factors", "sign_in_too_old"},
		{"consumer: new password by session", "stale_factors", "sign_in_too_old"},
		{"B2B: password by discovery", "cross_org_passwords_not_enabled", "not_allowed"},
		{"B2B: password to an organization", "cross_org_passwords_enabled", "not_allowed"},
		{"B2B: reset asked for, by discovery", "cross_org_passwords_not_enabled", "not_allowed"}, // a mail would never come, to nobody
		{"B2B: password to an organization", "custom_claims_too_large", "stytch_misconfigured"},
		{"B2B: e-mail code", "reserved_claims_in_custom_claims", "stytch_misconfigured"},
		{"consumer: new password by mail", "custom_claims_too_large", "stytch_misconfigured"},
		{"B2B: step-up, password", "session_not_mutable", "impersonated"},
		{"B2B: step-up, app", "session_not_mutable", "impersonated"},
		{"B2B: step-up, link", "session_not_mutable", "impersonated"},
		{"consumer: step-up, passkey", "session_not_mutable", "impersonated"},
		{"B2B: step-up, password", "user_lock_limit_reached", "account_locked"}, // it is their own account
		{"consumer: step-up, password", "user_lock_limit_reached", "account_locked"},
		{"B2B: step-up, link", "unable_to_auth_magic_link", "link_used"},
		{"consumer: step-up, link", "unable_to_auth_magic_link", "link_used"},
		{"consumer: passkey sign-in", "user_lock_limit_reached", "account_locked"},
		{"consumer: passkey sign-in", "custom_claims_too_large", "stytch_misconfigured"},
		{"consumer: passkey sign-in, asked for", "invalid_webauthn_registration_domain", "stytch_misconfigured"}, // it is that of Config.Origin
		{"consumer: step-up, passkey asked for", "invalid_webauthn_registration_domain", "stytch_misconfigured"},
		{"consumer: new passkey, asked for", "invalid_webauthn_registration_domain", "stytch_misconfigured"},
		{"consumer: new passkey, asked for", "webauthn_registration_not_found", "passkey_refused"},
		{"consumer: passkey sign-in", "invalid_webauthn_registration_domain", "passkey_refused"}, // it is the passkey's
	} {
		t.Run(row.flow+", "+row.errorType, func(t *testing.T) {
			f := flowNamed(t, row.flow)
			said := f.answer(t, row.errorType)
			if !strings.HasSuffix(said.json, " "+row.reason) {
				t.Errorf("a client is told %s, want %s", said.json, row.reason)
			}
			if !strings.Contains(said.page, signin.Message(row.reason)) && row.reason != "stytch_misconfigured" && row.reason != "impersonated" {
				t.Errorf("a person is told %s, want %s", said.page, signin.Message(row.reason))
			}
		})
	}
}

func flowNamed(t *testing.T, name string) *signInFlow {
	t.Helper()
	for _, f := range flows() {
		if f.name == name {
			return &f
		}
	}
	t.Fatalf("no flow %q", name)
	return nil
}

// Who asks for a mail or a text, or shows a wrong secret, is answered alike whatever Stytch says that only
// somebody's account can be the reason of.
func TestTheTableTellsNobodyWhoHasAnAccount(t *testing.T) {
	for flow, errorTypes := range map[string][]string{
		"B2B: password to an organization":              {"no_user_password", "member_password_not_found", "user_lock_limit_reached", "member_not_found"},
		"consumer: password":                            {"no_user_password", "email_not_found", "user_lock_limit_reached", "duplicate_email"},
		"B2B: password changed by the present one":      {"member_password_not_found", "user_lock_limit_reached", "member_not_found"},
		"consumer: password changed by the present one": {"no_user_password", "email_not_found", "user_lock_limit_reached"},
		"B2B: reset asked for":                          {"member_not_found", "member_password_not_found", "user_lock_limit_reached", wellDone},
		"consumer: reset asked for":                     {"email_not_found", "no_user_password", "user_lock_limit_reached", wellDone},
		"B2B: e-mail code asked for":                    {"member_not_found", "user_lock_limit_reached", wellDone},
		"consumer: e-mail code asked for":               {"email_not_found", "user_lock_limit_reached", wellDone},
		"consumer: SMS code asked for":                  {"unsubscribed_phone_number", "user_lock_limit_reached", wellDone},
		"B2B: e-mail code":                              {"member_not_found", "user_lock_limit_reached", "otp_code_not_found"},
		"consumer: SMS code":                            {"user_lock_limit_reached", "otp_code_not_found"},
	} {
		f := flowNamed(t, flow)
		first := f.answer(t, errorTypes[0])
		for _, errorType := range errorTypes[1:] {
			if got := f.answer(t, errorType); got != first {
				t.Errorf("%s: %s\n%sbut %s\n%s", flow, errorType, got, errorTypes[0], first)
			}
		}
	}
}

// A session that the browser has skips a second factor when it is passed on: so it is only where the session
// itself is what is acted on. And a discovery reset is never taken for a magic link.
func TestTheSessionIsPassedOnlyWhereItIsActedOn(t *testing.T) {
	for _, f := range flows() {
		t.Run(f.name, func(t *testing.T) {
			w := f.world(t)
			w.knowing(f.kind)
			organization := map[stytchtest.Vertical]string{stytchtest.B2B: "acme"}[f.kind]
			before := w.browser()
			before.posts("/auth/password", "email", "ada@example.com", "password", goodPassword, "organization", organization).goes(t, "/")
			w.hers = before.held("/me")
			s := f.reach(w)
			w.wire.since()
			got := s.sends(false)
			if got.StatusCode != http.StatusSeeOther && got.StatusCode != http.StatusOK {
				t.Errorf("got %d\n%s", got.StatusCode, got.body)
			}
			for _, c := range w.wire.since() {
				acted := strings.HasSuffix(c.endpoint, "/passwords/session/reset")
				if !f.actsOnSession() && c.session != acted {
					t.Errorf("%s passes a session on: %v", c.endpoint, c.session)
				}
				if strings.Contains(c.endpoint, "magic_links") && f.name != "B2B: first password by a link" && !f.actsOnSession() {
					t.Errorf("%s was asked", c.endpoint)
				}
			}
		})
	}
}

// A link that sets a first password works once. Where Stytch then refuses the password, whoever opened the
// link is signed in all the same, and asked for another one.
func TestAFirstPasswordThatIsRefusedLosesNoLogin(t *testing.T) {
	f := flowNamed(t, "B2B: first password by a link")
	w := f.world(t)
	s := f.reach(w)
	w.stytch.Fail(f.at, stytchtest.Fault{Status: http.StatusBadRequest, ErrorType: "breached_password", Times: 1})
	s.by.posts(s.target, s.fields...).goes(t, "/auth/password/new")
	s.by.isSignedInAs(w.ada)
	s.by.posts("/auth/password/new", "password", otherPassword).goes(t, "/")
}
