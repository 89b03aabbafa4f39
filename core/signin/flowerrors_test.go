package signin_test

import (
	"net/http"
	"slices"
	"strings"
)

// family is a group of error types of Stytch's, as its reference and the SDK's names have them, and the flows
// of the table in which Stytch can answer with them.
type family struct {
	name   string
	errors []string
	flows  []string
}

// families are all of them: a type that is missing here is missing in the table.
func families() []family {
	knowPassword := []string{
		"B2B: password to an organization", "B2B: password by discovery", "consumer: password",
		"B2B: password changed by the present one", "consumer: password changed by the present one",
		"B2B: step-up, password", "consumer: step-up, password",
	}
	setPassword := []string{
		"B2B: new password by mail", "B2B: new password by mail, by discovery", "B2B: first password by a link",
		"B2B: new password by session", "B2B: password changed by the present one",
		"consumer: new password by mail", "consumer: new password by session", "consumer: password changed by the present one",
	}
	crossOrganization := []string{
		"B2B: password by discovery", "B2B: reset asked for, by discovery", "B2B: new password by mail, by discovery",
		"B2B: password to an organization", "B2B: reset asked for",
		"B2B: step-up, password",
	}
	mailReset := []string{"B2B: reset asked for", "B2B: reset asked for, by discovery", "consumer: reset asked for"}
	openReset := []string{"B2B: new password by mail", "B2B: new password by mail, by discovery", "consumer: new password by mail"}
	bySession := []string{"B2B: new password by session", "consumer: new password by session"}
	mailCode := []string{"B2B: e-mail code asked for", "B2B: e-mail code asked for, by discovery", "consumer: e-mail code asked for", "B2B: step-up, e-mail code asked for", "consumer: step-up, e-mail code asked for"}
	textCode := []string{"consumer: SMS code asked for", "B2B: second factor, SMS asked for", "B2B: enrolment, SMS asked for", "B2B: step-up, SMS asked for", "consumer: step-up, SMS asked for"}
	takeCode := []string{"B2B: e-mail code", "B2B: e-mail code, by discovery", "consumer: e-mail code", "consumer: SMS code", "B2B: step-up, e-mail code", "consumer: step-up, e-mail code", "consumer: step-up, SMS"}
	takeText := []string{"B2B: second factor, SMS", "B2B: enrolment, SMS", "B2B: step-up, SMS"}
	takeTOTP := []string{"B2B: second factor, app", "B2B: enrolment, app", "B2B: step-up, app", "consumer: step-up, app"}
	setUpApp := []string{"B2B: enrolment, app set up"}
	useRecovery := []string{"B2B: second factor, recovery code"}
	onPending := []string{
		"B2B: second factor, SMS asked for", "B2B: second factor, SMS", "B2B: enrolment, SMS asked for", "B2B: enrolment, SMS",
		"B2B: second factor, app", "B2B: enrolment, app", "B2B: enrolment, app set up", "B2B: second factor, recovery code",
	}
	askWho := []string{"B2B: step-up, what there is", "consumer: step-up, what there is", "consumer: passkeys shown"}
	mailLink, openLink := []string{"B2B: step-up, link asked for", "consumer: step-up, link asked for"}, []string{"B2B: step-up, link", "consumer: step-up, link"}
	askPasskey := []string{"consumer: passkey sign-in, asked for", "consumer: step-up, passkey asked for", "consumer: new passkey, asked for"}
	takePasskey := []string{"consumer: passkey sign-in", "consumer: step-up, passkey"}
	changePasskey := []string{"consumer: new passkey", "consumer: passkey named", "consumer: passkey removed"}
	inSession := []string{
		"B2B: step-up, password", "B2B: step-up, app", "B2B: step-up, SMS", "B2B: step-up, e-mail code", "B2B: step-up, link",
		"consumer: step-up, password", "consumer: step-up, app", "consumer: step-up, SMS", "consumer: step-up, e-mail code", "consumer: step-up, link", "consumer: step-up, passkey",
	}
	inB2B := []string{
		"B2B: step-up, password", "B2B: step-up, app", "B2B: step-up, SMS asked for", "B2B: step-up, SMS",
		"B2B: step-up, e-mail code asked for", "B2B: step-up, e-mail code", "B2B: step-up, link asked for", "B2B: step-up, link",
	}
	inOrganization := flowsOf([]string{
		"B2B: password to an organization", "B2B: password changed by the present one", "B2B: reset asked for", "B2B: new password by mail",
		"B2B: first password by a link", "B2B: new password by session", "B2B: e-mail code asked for", "B2B: e-mail code",
	}, onPending, inB2B)
	everyFlow := flowsOf(knowPassword, setPassword, mailReset, bySession, mailCode, textCode, takeCode, takeText, takeTOTP, onPending, askWho, mailLink, openLink, askPasskey, takePasskey, changePasskey)
	return []family{
		{"password", []string{"unauthorized_credentials", "no_user_password", "member_password_not_found", "reset_password", "member_reset_password"}, knowPassword},
		{"lock", []string{"user_lock_limit_reached"}, flowsOf(knowPassword, takeCode, takeText, takeTOTP, useRecovery, textCode, mailCode, mailLink, openLink, takePasskey)},
		{"discovery passwords", []string{"cross_org_passwords_enabled", "cross_org_passwords_not_enabled"}, crossOrganization},
		{"new password", []string{"weak_password", "breached_password"}, setPassword},
		{"reset's mail", []string{"no_password_reset_redirect_url", "invalid_password_reset_redirect_url"}, mailReset},
		{"reset's token", []string{"unable_to_auth_password_reset_token"}, openReset},
		{"reset by session", []string{"session_too_old_to_reset_password", "session_not_mutable", "session_not_found"}, bySession},
		{"code", []string{"unable_to_auth_otp_code", "otp_code_not_found", "invalid_code"}, flowsOf(takeCode, takeText)},
		{"phone", []string{"downstream_carrier_error", "unsubscribed_phone_number", "invalid_phone_number", "invalid_phone_number_country_code"}, textCode},
		{"app", []string{"unable_to_authenticate_totp", "invalid_totp_code", "totp_code_already_authenticated", "expired_totp", "totp_not_found"}, takeTOTP},
		{"app set up", []string{"active_totp_exists", "pending_totp_exists"}, setUpApp},
		{"recovery", []string{"unable_to_authenticate_recovery_code", "invalid_recovery_code", "recovery_codes_not_found"}, useRecovery},
		{"intermediate session", []string{"intermediate_session_not_found", "invalid_intermediate_session_token_for_organization"}, onPending},
		{"passkey", []string{"unable_to_auth_webauthn_registration", "webauthn_registration_not_found", "invalid_webauthn_registration_domain"}, flowsOf(askPasskey, takePasskey, changePasskey)},
		{"link", []string{"unable_to_auth_magic_link", "pkce_mismatch"}, openLink},
		{"session", []string{"session_not_found", "session_not_mutable"}, inSession},
		{"whose session", []string{"session_not_found"}, askWho},
		{"another's proof", []string{anothers}, inSession},
		{"factors", []string{"insufficient_factors", "stale_factors"}, flowsOf(setUpApp, []string{"B2B: enrolment, SMS asked for"}, bySession)},
		{"organization", []string{"operation_restricted_by_organization_auth_methods", "organization_suspended"}, inOrganization},
		{"second factors of an organization", []string{"operation_restricted_by_organization_mfa_methods"}, flowsOf(onPending, []string{"B2B: step-up, app", "B2B: step-up, SMS asked for", "B2B: step-up, SMS"})},
		{"claims", []string{"custom_claims_too_large", "reserved_claims_in_custom_claims"}, flowsOf(knowPassword, setPassword, takeCode, takeText, takeTOTP, useRecovery, openLink, takePasskey)},
		{"the project's secret", []string{"unauthorized_credentials"}, without(everyFlow, knowPassword)},
		{"Stytch itself", []string{"internal_server_error", "too_many_requests", "invalid_b2b_endpoint", "invalid_consumer_endpoint"}, everyFlow},
	}
}

// known are the error types that these forms meet, as the notes on Stytch list them: the table has them all.
func known() []string {
	return strings.Fields(`
		unauthorized_credentials no_user_password member_password_not_found reset_password member_reset_password weak_password
		breached_password duplicate_email user_lock_limit_reached cross_org_passwords_enabled cross_org_passwords_not_enabled
		unable_to_auth_password_reset_token session_too_old_to_reset_password no_password_reset_redirect_url invalid_password_reset_redirect_url
		unable_to_auth_otp_code otp_code_not_found invalid_code
		downstream_carrier_error unsubscribed_phone_number invalid_phone_number invalid_phone_number_country_code
		unable_to_authenticate_totp invalid_totp_code totp_code_already_authenticated expired_totp active_totp_exists pending_totp_exists totp_not_found
		unable_to_authenticate_recovery_code invalid_recovery_code recovery_codes_not_found
		unable_to_auth_webauthn_registration webauthn_registration_not_found invalid_webauthn_registration_domain
		intermediate_session_not_found invalid_intermediate_session_token_for_organization session_not_mutable insufficient_factors stale_factors
		operation_restricted_by_organization_auth_methods operation_restricted_by_organization_mfa_methods organization_suspended
		custom_claims_too_large reserved_claims_in_custom_claims`)
}

// elsewhere are error types that no flow of the table can meet, and why.
func elsewhere() map[string]string {
	return map[string]string{
		"duplicate_email": "no route creates a user by a password",
	}
}

func flowsOf(groups ...[]string) []string {
	var all []string
	seen := map[string]bool{}
	for _, group := range groups {
		for _, name := range group {
			if !seen[name] {
				seen[name] = true
				all = append(all, name)
			}
		}
	}
	return all
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(some, name) })
}

// errorsOf are the error types that a flow can meet.
func errorsOf(flow string) []string {
	var all []string
	for _, f := range families() {
		if slices.Contains(f.flows, flow) {
			all = append(all, f.errors...)
		}
	}
	return all
}

// statusOf is the status that goes with an error type, as far as anybody knows: codes decide by the type.
func statusOf(errorType string) int {
	switch {
	case errorType == "internal_server_error":
		return http.StatusInternalServerError
	case errorType == "too_many_requests":
		return http.StatusTooManyRequests
	case strings.HasSuffix(errorType, "_not_found"):
		return http.StatusNotFound
	case strings.HasPrefix(errorType, "unable_to_"), strings.Contains(errorType, "credentials"), strings.Contains(errorType, "factors"), strings.Contains(errorType, "reset_password"):
		return http.StatusUnauthorized
	case strings.HasPrefix(errorType, "operation_restricted"), errorType == "organization_suspended":
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}
