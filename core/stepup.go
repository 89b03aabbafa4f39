package stytchkit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/internal/session"
)

// FactorType is the kind of an authentication factor, as Stytch names it: magic_link, otp, totp,
// oauth, sso, password, recovery_codes and so on.
type FactorType = sessions.AuthenticationFactorType

// AuthenticatedWithin wants the newest authentication factor of the session to be at most this old;
// otherwise the member has to sign in again (step-up, RFC 9470). A factor of a time to come, as a
// clock that is slow here sees it, is new. An impersonator's factor counts as any other does; see
// [NoImpersonation].
func AuthenticatedWithin(d time.Duration) Rule {
	name := fmt.Sprintf("AuthenticatedWithin(%v)", d)
	if d <= 0 {
		refusing(name, "nobody signs in later than now (write a positive duration, such as AuthenticatedWithin(10*time.Minute))")
	}
	err := fmt.Errorf("%s: the newest factor is older", name)
	rule := stepUp(name, rankAge, func(a *Authenticator, s *Session) *refusal {
		if at := s.AuthenticatedAt(); !at.IsZero() && a.clock.Now().Sub(at) <= d {
			return nil
		}
		return &refusal{code: CodeReauthentication, err: err, maxAge: d}
	})
	rule.within = d
	return rule
}

// Factors wants the session to hold a factor of at least one of these kinds.
func Factors(types ...FactorType) Rule {
	var names []string
	for _, kind := range types {
		names = append(names, string(kind))
	}
	name := "Factors(" + quoted(names) + ")"
	wantNames(name, "factor type, such as Factors(\"totp\")", names)
	types = slices.Clone(types)
	var unknown []FactorType
	for _, kind := range types {
		switch spelt := knownFactor(kind); spelt {
		case kind:
		case "":
			unknown = append(unknown, kind)
		default:
			refusing(name, fmt.Sprintf("no session has a factor %q (write %q)", kind, spelt))
		}
	}
	err := fmt.Errorf("%s: the session has no such factor", name)
	rule := stepUp(name, rankFactor, func(_ *Authenticator, s *Session) *refusal {
		for _, kind := range types {
			if s.HasFactor(kind) {
				return nil
			}
		}
		return &refusal{code: CodeReauthentication, err: err}
	})
	rule.set = func(g *Guard) {
		g.stepUp = name
		for _, kind := range unknown {
			g.auth.hintFactor(kind)
		}
	}
	return rule
}

// knownFactor is a kind of factor as Stytch spells it, whatever its case here; empty where Stytch is not
// known to have one.
func knownFactor(kind FactorType) FactorType {
	for _, known := range []FactorType{
		sessions.AuthenticationFactorTypeMagicLink, sessions.AuthenticationFactorTypeOTP, sessions.AuthenticationFactorTypeOAuth,
		sessions.AuthenticationFactorTypeWebAuthn, sessions.AuthenticationFactorTypeTOTP, sessions.AuthenticationFactorTypeCrypto,
		sessions.AuthenticationFactorTypePassword, sessions.AuthenticationFactorTypeSignatureChallenge, sessions.AuthenticationFactorTypeSSO,
		sessions.AuthenticationFactorTypeImported, sessions.AuthenticationFactorTypeRecoveryCodes, sessions.AuthenticationFactorTypeEmailOTP,
		sessions.AuthenticationFactorTypeImpersonated, sessions.AuthenticationFactorTypeTrustedAuthToken,
	} {
		if strings.EqualFold(string(known), string(kind)) {
			return known
		}
	}
	return ""
}

// stepUp is a rule about factors. A stale session never meets one.
func stepUp(name string, r rank, check func(*Authenticator, *Session) *refusal) Rule {
	rule := requirement(name, r, func(_ context.Context, a *Authenticator, _ Request, s *Session) *refusal {
		return check(a, s)
	})
	rule.set = func(g *Guard) { g.stepUp = name }
	return rule
}

// AuthenticatedAt is when the member last proved who they are: the time of the newest factor.
func (s *Session) AuthenticatedAt() time.Time { return s.view().AuthenticatedAt() }

// HasFactor reports whether the session holds a factor of this kind.
func (s *Session) HasFactor(kind FactorType) bool {
	return slices.ContainsFunc(s.view().Factors, func(f session.Factor) bool { return f.Type == string(kind) })
}

// Impersonator is the e-mail address, or else the ID, of who acts as the member in this session;
// false when it is the member.
func (s *Session) Impersonator() (string, bool) {
	for _, factor := range s.view().Factors {
		if factor.Impersonated {
			return factor.Impersonator, true
		}
	}
	return "", false
}

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
