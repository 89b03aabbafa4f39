package signin

import "github.com/stytchkit/stytchkit/core/internal/stytch"

// failSecond answers a failure, on the page where it is about what was entered.
func (v *visit) failSecond(p pending, err error) {
	errorType := stytch.FailureOf(err).ErrorType
	reason := secondReasonOf(errorType)
	switch {
	case reason == "":
		v.failStep(err)
		return
	case p.MFA.Enrols && (errorType == "expired_totp" || errorType == "totp_not_found"): // it waits for no code any more
		reason, p.MFA.TOTPRegistrationID = reasonSetUpAgain, ""
	}
	v.in.Log.Debug("signin: Stytch refused a second factor", "reason", reason, "error", err)
	v.againSecond(p, reason)
}

func (v *visit) againSecond(p pending, reason string) {
	if v.json {
		v.refuse(reason)
		return
	}
	v.showSecond(secondOf(p.MFA), reason)
}

// secondReasonOf is why what was entered is refused; empty for what is not about that.
func secondReasonOf(errorType string) string {
	if isPasskeyRefused(errorType) {
		return reasonPasskey
	}
	switch errorType {
	case "unable_to_auth_otp_code", "otp_code_not_found", "invalid_code",
		"unable_to_authenticate_totp", "invalid_totp_code", "totp_code_already_authenticated", "expired_totp", "totp_not_found",
		"unable_to_authenticate_recovery_code", "invalid_recovery_code", "recovery_codes_not_found":
		return reasonWrongCode
	case "invalid_phone_number", "invalid_phone_number_country_code", "unsubscribed_phone_number", "downstream_carrier_error", "no_phone_number",
		"duplicate_phone_number", "duplicate_member_phone_number_for_member":
		return reasonWrongPhone
	case "active_totp_exists", "pending_totp_exists", "insufficient_factors", "stale_factors":
		return reasonSecondExists
	case "operation_restricted_by_organization_mfa_methods":
		return reasonOtherSecond
	case errorLocked:
		return reasonLocked
	}
	return ""
}
