package stytchtest

import (
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

func emailFactor(email string, at time.Time) factor {
	return factorOf(sessions.AuthenticationFactorTypeMagicLink, email, at)
}

// factorOf is a factor of this kind with the details that Stytch writes for the usual ones. The
// address is the member's, or the impersonator's.
func factorOf(kind stytchkit.FactorType, email string, at time.Time) factor {
	f := factor{Type: kind, LastAuthenticatedAt: &at, CreatedAt: &at, UpdatedAt: &at}
	switch kind {
	case sessions.AuthenticationFactorTypeMagicLink, sessions.AuthenticationFactorTypeEmailOTP:
		f.DeliveryMethod = sessions.AuthenticationFactorDeliveryMethodEmail
		f.EmailFactor = &sessions.EmailFactor{EmailID: newID("email-test"), EmailAddress: email}
	case sessions.AuthenticationFactorTypeOTP:
		f.DeliveryMethod = sessions.AuthenticationFactorDeliveryMethodSms
		f.PhoneNumberFactor = &sessions.PhoneNumberFactor{PhoneID: newID("phone-number-test"), PhoneNumber: "+12025550162"}
	case sessions.AuthenticationFactorTypeTOTP:
		f.DeliveryMethod = sessions.AuthenticationFactorDeliveryMethodAuthenticatorApp
		f.AuthenticatorAppFactor = &sessions.AuthenticatorAppFactor{TOTPID: newID("member-totp-test")}
	case sessions.AuthenticationFactorTypeRecoveryCodes:
		f.DeliveryMethod = sessions.AuthenticationFactorDeliveryMethodRecoveryCode
		f.RecoveryCodeFactor = &sessions.RecoveryCodeFactor{TOTPRecoveryCodeID: newID("totp-recovery-code-test")}
	case sessions.AuthenticationFactorTypePassword:
		f.DeliveryMethod = sessions.AuthenticationFactorDeliveryMethodKnowledge
	case sessions.AuthenticationFactorTypeSSO:
		f.DeliveryMethod = sessions.AuthenticationFactorDeliveryMethodSSOSAML
		f.SAMLSSOFactor = &sessions.SAMLSSOFactor{ID: newID("saml-registration-test"), ProviderID: newID("saml-connection-test"), ExternalID: email}
	case sessions.AuthenticationFactorTypeOAuth:
		f.DeliveryMethod = sessions.AuthenticationFactorDeliveryMethodOAuthGoogle
		f.GoogleOAuthFactor = &sessions.GoogleOAuthFactor{ID: newID("oauth-registration-test"), ProviderSubject: email}
	case sessions.AuthenticationFactorTypeImpersonated:
		f.DeliveryMethod = sessions.AuthenticationFactorDeliveryMethodImpersonation
		f.ImpersonatedFactor = &sessions.ImpersonatedFactor{ImpersonatorID: newID("dashboard-member-test"), ImpersonatorEmailAddress: email}
	}
	return f
}

// hasSecondFactor knows the factors that Stytch's B2B MFA consists of. A code by e-mail is a first one.
func hasSecondFactor(factors []factor) bool {
	return slices.ContainsFunc(factors, func(f factor) bool {
		switch f.Type {
		case sessions.AuthenticationFactorTypeOTP:
			return f.DeliveryMethod != sessions.AuthenticationFactorDeliveryMethodEmail
		case sessions.AuthenticationFactorTypeTOTP, sessions.AuthenticationFactorTypeRecoveryCodes:
			return true
		}
		return false
	})
}
