package stytchtest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// shown is a factor of a type, without what that type adds.
func shown(kind sessions.AuthenticationFactorType, method sessions.AuthenticationFactorDeliveryMethod, at time.Time) factor {
	return factor{Type: kind, DeliveryMethod: method, LastAuthenticatedAt: &at, CreatedAt: &at, UpdatedAt: &at}
}

func emailFactor(who person, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeMagicLink, sessions.AuthenticationFactorDeliveryMethodEmail, at)
	f.EmailFactor = who.emailFactor()
	return f
}

// emailCodeFactor is a B2B one. Consumer projects call it otp, as a code by SMS.
func emailCodeFactor(who person, at time.Time) factor {
	f := emailFactor(who, at)
	f.Type = sessions.AuthenticationFactorTypeEmailOTP
	return f
}

func passwordFactor(who person, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypePassword, sessions.AuthenticationFactorDeliveryMethodKnowledge, at)
	f.EmailFactor = who.emailFactor()
	return f
}

func (p person) emailFactor() *sessions.EmailFactor {
	return &sessions.EmailFactor{EmailID: cmp.Or(p.emailID, newID("email-test")), EmailAddress: p.email}
}

// subjectOf is what a provider calls a person: always the same.
func subjectOf(provider, email string) string {
	sum := sha256.Sum256([]byte(provider + " " + normalEmail(email)))
	return hex.EncodeToString(sum[:12])
}

func ssoFactor(c Connection, email string, at time.Time) factor {
	id, external := newID("sso-registration-test"), subjectOf(c.ID, email)
	if c.OIDC {
		f := shown(sessions.AuthenticationFactorTypeSSO, sessions.AuthenticationFactorDeliveryMethodSSOOIDC, at)
		f.OIDCSSOFactor = &sessions.OIDCSSOFactor{ID: id, ProviderID: c.ID, ExternalID: external}
		return f
	}
	f := shown(sessions.AuthenticationFactorTypeSSO, sessions.AuthenticationFactorDeliveryMethodSSOSAML, at)
	f.SAMLSSOFactor = &sessions.SAMLSSOFactor{ID: id, ProviderID: c.ID, ExternalID: external}
	return f
}

func impersonatedFactor(by string, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeImpersonated, sessions.AuthenticationFactorDeliveryMethodImpersonation, at)
	f.ImpersonatedFactor = &sessions.ImpersonatedFactor{
		ImpersonatorID: "member-test-" + subjectOf("dashboard", by), ImpersonatorEmailAddress: by,
	}
	return f
}

func totpFactor(who person, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeTOTP, sessions.AuthenticationFactorDeliveryMethodAuthenticatorApp, at)
	f.AuthenticatorAppFactor = &sessions.AuthenticatorAppFactor{TOTPID: who.totpID}
	return f
}

func smsFactor(who person, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeOTP, sessions.AuthenticationFactorDeliveryMethodSms, at)
	f.PhoneNumberFactor = &sessions.PhoneNumberFactor{PhoneID: who.phoneID, PhoneNumber: who.phone}
	return f
}

func webAuthnFactor(key passkey, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeWebAuthn, sessions.AuthenticationFactorDeliveryMethodWebAuthnRegistration, at)
	f.WebAuthnFactor = &sessions.WebAuthnFactor{WebAuthnRegistrationID: key.ID, Domain: key.Domain, UserAgent: key.UserAgent}
	return f
}

func recoveryFactor(at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeRecoveryCodes, sessions.AuthenticationFactorDeliveryMethodRecoveryCode, at)
	f.RecoveryCodeFactor = &sessions.RecoveryCodeFactor{TOTPRecoveryCodeID: newID("member-totp-recovery-code-test")}
	return f
}

// totpRegistration need only be stable for a member.
func totpRegistration(memberID string) string { return "member-totp-test-" + memberID }
