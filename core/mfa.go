package stytchkit

import (
	"fmt"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/internal/session"
)

// MFA wants a second factor (an authenticator app, a code by SMS or WhatsApp, a recovery code) beside a
// first one of the member's own. In a consumer project it wants factors of two categories, as Stytch's own
// endpoints do there: what reaches an account or a mailbox (OAuth, a magic link or a code by mail, a
// password), a phone, and a dedicated device (a passkey, an authenticator app).
func MFA() Rule {
	const name = "MFA()"
	err := fmt.Errorf("%s: the session has no second factor", name)
	return stepUp(name, rankFactor, func(_ *Authenticator, s *Session) *refusal {
		if s.hasMFA() {
			return nil
		}
		return &refusal{code: CodeReauthentication, err: err}
	})
}

func (s *Session) hasMFA() bool {
	if s.view().Kind == session.User {
		return hasTwoCategories(s.facts.Factors)
	}
	var first, second bool
	for _, factor := range s.view().Factors {
		switch {
		case factor.Impersonated:
		case isSecondFactor(factor):
			second = true
		default:
			first = true
		}
	}
	return first && second
}

// isSecondFactor knows the factors that Stytch B2B takes as the second step of a login, by its
// documentation of MFA; that WhatsApp counts as SMS does is a guess.
func isSecondFactor(factor session.Factor) bool {
	switch FactorType(factor.Type) {
	case sessions.AuthenticationFactorTypeTOTP, sessions.AuthenticationFactorTypeRecoveryCodes:
		return true
	case sessions.AuthenticationFactorTypeOTP:
		by := sessions.AuthenticationFactorDeliveryMethod(factor.Delivery)
		return by == sessions.AuthenticationFactorDeliveryMethodSms || by == sessions.AuthenticationFactorDeliveryMethodWhatsapp
	}
	return false
}

// category is what a factor of a user's proves the hold of.
type category uint8

const (
	proofOfNothing category = iota // an impersonation, what was imported, what is not known here
	proofOfAccount                 // at a provider of identities, or of a mailbox
	proofOfPhone
	proofOfDevice
)

func hasTwoCategories(factors []session.Factor) bool {
	found := proofOfNothing
	for _, factor := range factors {
		switch of := categoryOf(factor); {
		case of == proofOfNothing || of == found:
		case found != proofOfNothing:
			return true
		default:
			found = of
		}
	}
	return false
}

// categoryOf sorts factors as Stytch's documentation of consumer MFA does. Of passwords, recovery codes,
// biometrics and crypto wallets it says nothing: a mailbox resets a password, the others are kept on a
// device.
func categoryOf(factor session.Factor) category {
	if factor.Impersonated {
		return proofOfNothing
	}
	switch FactorType(factor.Type) {
	case sessions.AuthenticationFactorTypeOAuth, sessions.AuthenticationFactorTypeMagicLink,
		sessions.AuthenticationFactorTypeEmailOTP, sessions.AuthenticationFactorTypePassword:
		return proofOfAccount
	case sessions.AuthenticationFactorTypeOTP:
		switch sessions.AuthenticationFactorDeliveryMethod(factor.Delivery) {
		case sessions.AuthenticationFactorDeliveryMethodEmail:
			return proofOfAccount
		case sessions.AuthenticationFactorDeliveryMethodSms, sessions.AuthenticationFactorDeliveryMethodWhatsapp:
			return proofOfPhone
		}
	case sessions.AuthenticationFactorTypeWebAuthn, sessions.AuthenticationFactorTypeTOTP,
		sessions.AuthenticationFactorTypeRecoveryCodes, sessions.AuthenticationFactorTypeSignatureChallenge,
		sessions.AuthenticationFactorTypeCrypto:
		return proofOfDevice
	}
	return proofOfNothing
}
