package stytchtest

import (
	"slices"
	"strings"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// method is the name of a primary factor in allowed_auth_methods; empty for other factors.
func method(f factor) string {
	switch f.Type {
	case sessions.AuthenticationFactorTypeMagicLink,
		sessions.AuthenticationFactorTypeEmailOTP,
		sessions.AuthenticationFactorTypePassword,
		sessions.AuthenticationFactorTypeSSO:
		return string(f.Type)
	case sessions.AuthenticationFactorTypeOAuth:
		return strings.TrimPrefix(string(f.DeliveryMethod), "oauth_") + "_oauth"
	}
	return ""
}

// methods are all that an organization can allow.
func methods() []string {
	return []string{
		"sso", "magic_link", "email_otp", "password",
		"google_oauth", "microsoft_oauth", "slack_oauth", "github_oauth", "hubspot_oauth",
	}
}

// hasSecondFactor knows the factors that Stytch's B2B MFA consists of.
func hasSecondFactor(factors []factor) bool {
	return hasFactor(factors,
		sessions.AuthenticationFactorTypeOTP,
		sessions.AuthenticationFactorTypeTOTP,
		sessions.AuthenticationFactorTypeRecoveryCodes)
}

func hasFactor(factors []factor, kinds ...sessions.AuthenticationFactorType) bool {
	return slices.ContainsFunc(factors, func(f factor) bool { return slices.Contains(kinds, f.Type) })
}

// carried are the factors shown in one organization (none: in discovery) that count for a member.
// What proves an address counts everywhere; SSO and passwords only where they were shown, by
// Stytch's reference; that a second factor counts where the member has the very same one is a guess.
func carried(factors []factor, from string, m memberRecord) []factor {
	if from == m.OrganizationID {
		return factors
	}
	return slices.DeleteFunc(slices.Clone(factors), func(f factor) bool {
		switch f.Type {
		case sessions.AuthenticationFactorTypeMagicLink,
			sessions.AuthenticationFactorTypeEmailOTP,
			sessions.AuthenticationFactorTypeOAuth:
			return false
		case sessions.AuthenticationFactorTypePassword:
			return from != "" // one that was shown in discovery is good everywhere
		case sessions.AuthenticationFactorTypeOTP:
			return f.PhoneNumberFactor == nil || m.Phone == "" || f.PhoneNumberFactor.PhoneNumber != m.Phone
		case sessions.AuthenticationFactorTypeTOTP:
			return f.AuthenticatorAppFactor == nil || f.AuthenticatorAppFactor.TOTPID != totpRegistration(m.ID)
		}
		return true
	})
}
