package stytchtest

import (
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

func emailFactor(email string, at time.Time) factor {
	return factor{
		Type:                sessions.AuthenticationFactorTypeMagicLink,
		DeliveryMethod:      sessions.AuthenticationFactorDeliveryMethodEmail,
		LastAuthenticatedAt: &at,
		CreatedAt:           &at,
		UpdatedAt:           &at,
		EmailFactor:         &sessions.EmailFactor{EmailID: newID("email-test"), EmailAddress: email},
	}
}

func totpFactor(at time.Time) factor {
	return factor{
		Type:                   sessions.AuthenticationFactorTypeTOTP,
		DeliveryMethod:         sessions.AuthenticationFactorDeliveryMethodAuthenticatorApp,
		LastAuthenticatedAt:    &at,
		CreatedAt:              &at,
		UpdatedAt:              &at,
		AuthenticatorAppFactor: &sessions.AuthenticatorAppFactor{TOTPID: newID("member-totp-test")},
	}
}

// hasSecondFactor knows the factors that Stytch's B2B MFA consists of.
func hasSecondFactor(factors []factor) bool {
	return slices.ContainsFunc(factors, func(f factor) bool {
		switch f.Type {
		case sessions.AuthenticationFactorTypeOTP,
			sessions.AuthenticationFactorTypeTOTP,
			sessions.AuthenticationFactorTypeRecoveryCodes:
			return true
		}
		return false
	})
}
