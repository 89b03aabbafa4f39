package stytchtest

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// shown is a factor of a type, without what that type adds.
func shown(kind sessions.AuthenticationFactorType, method sessions.AuthenticationFactorDeliveryMethod, at time.Time) factor {
	return factor{Type: kind, DeliveryMethod: method, LastAuthenticatedAt: &at, CreatedAt: &at, UpdatedAt: &at}
}

func emailFactor(email string, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeMagicLink, sessions.AuthenticationFactorDeliveryMethodEmail, at)
	f.EmailFactor = &sessions.EmailFactor{EmailID: newID("email-test"), EmailAddress: email}
	return f
}

func passwordFactor(email string, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypePassword, sessions.AuthenticationFactorDeliveryMethodKnowledge, at)
	f.EmailFactor = &sessions.EmailFactor{EmailID: newID("email-test"), EmailAddress: email}
	return f
}

// deliveredBy is the delivery method of a provider.
func deliveredBy(provider string) sessions.AuthenticationFactorDeliveryMethod {
	return sessions.AuthenticationFactorDeliveryMethod("oauth_" + provider)
}

// providers are the OAuth providers of Stytch B2B, as URLs name them, each with its provider_type.
func providers() map[string]string {
	return map[string]string{"google": "Google", "microsoft": "Microsoft", "hubspot": "HubSpot", "slack": "Slack", "github": "GitHub"}
}

func oauthFactor(provider, email string, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeOAuth, deliveredBy(provider), at)
	id, subject, emailID := newID("oauth-member-test"), subjectOf(provider, email), newID("email-test")
	switch provider {
	case "google":
		f.GoogleOAuthFactor = &sessions.GoogleOAuthFactor{ID: id, ProviderSubject: subject, EmailID: emailID}
	case "microsoft":
		f.MicrosoftOAuthFactor = &sessions.MicrosoftOAuthFactor{ID: id, ProviderSubject: subject, EmailID: emailID}
	case "hubspot":
		f.HubspotOAuthFactor = &sessions.HubspotOAuthFactor{ID: id, ProviderSubject: subject, EmailID: emailID}
	case "slack":
		f.SlackOAuthFactor = &sessions.SlackOAuthFactor{ID: id, ProviderSubject: subject, EmailID: emailID}
	case "github":
		f.GithubOAuthFactor = &sessions.GithubOAuthFactor{ID: id, ProviderSubject: subject, EmailID: emailID}
	}
	return f
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

func totpFactor(memberID string, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeTOTP, sessions.AuthenticationFactorDeliveryMethodAuthenticatorApp, at)
	f.AuthenticatorAppFactor = &sessions.AuthenticatorAppFactor{TOTPID: totpRegistration(memberID)}
	return f
}

func smsFactor(memberID, phone string, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeOTP, sessions.AuthenticationFactorDeliveryMethodSms, at)
	f.PhoneNumberFactor = &sessions.PhoneNumberFactor{PhoneID: "member-phone-test-" + memberID, PhoneNumber: phone}
	return f
}

func recoveryFactor(at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeRecoveryCodes, sessions.AuthenticationFactorDeliveryMethodRecoveryCode, at)
	f.RecoveryCodeFactor = &sessions.RecoveryCodeFactor{TOTPRecoveryCodeID: newID("member-totp-recovery-code-test")}
	return f
}

// totpRegistration need only be stable for a member.
func totpRegistration(memberID string) string { return "member-totp-test-" + memberID }

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
		case sessions.AuthenticationFactorTypeOTP:
			return f.PhoneNumberFactor == nil || m.Phone == "" || f.PhoneNumberFactor.PhoneNumber != m.Phone
		case sessions.AuthenticationFactorTypeTOTP:
			return f.AuthenticatorAppFactor == nil || f.AuthenticatorAppFactor.TOTPID != totpRegistration(m.ID)
		}
		return true
	})
}
