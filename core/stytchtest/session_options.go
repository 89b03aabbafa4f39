package stytchtest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// draft is a session as options describe it, before it is known when it begins and of whom.
type draft struct {
	beginning
	first []proof // how the member signed in
	added []proof // what they have shown since
	ago   time.Duration
}

// proof is a way in which the member shows who they are.
type proof struct {
	kind stytchkit.FactorType
	age  *time.Duration // nil: the draft's
	by   string         // the impersonator's address
}

// WithFactors sets the authentication factors that the session begins with, as they are; none, for
// a session without any. Default: an e-mail magic link now, and an authenticator app for a member
// with MFA. [SignedInBy], [WithFactor] and [AuthenticatedAgo] say the usual ones in a word.
func WithFactors(factors ...sessions.AuthenticationFactor) SessionOption {
	return func(d *draft) { d.factors, d.first = slices.Clone(factors), nil }
}

// SignedInBy begins the session with factors of these kinds, such as "password", "sso" or
// "oauth", in the place of the default ones.
func SignedInBy(kinds ...stytchkit.FactorType) SessionOption {
	return func(d *draft) {
		d.factors, d.first = nil, nil
		for _, kind := range kinds {
			d.first = append(d.first, proof{kind: kind})
		}
	}
}

// ImpersonatedBy begins the session as Stytch's dashboard does when somebody with this address acts
// as the member: by no factor of the member's own.
// Like there, nothing extends it.
func ImpersonatedBy(email string) SessionOption {
	return func(d *draft) {
		d.factors, d.first = nil, []proof{{kind: sessions.AuthenticationFactorTypeImpersonated, by: email}}
	}
}

// AuthenticatedAgo is how long ago the member showed who they are: the age of every factor but
// those of [WithFactors] and [WithFactor], which have their own. The session itself begins now. A
// negative duration is in the future, as a wrong clock has it. Default: 0.
func AuthenticatedAgo(age time.Duration) SessionOption { return func(d *draft) { d.ago = age } }

// WithFactor adds a factor of this kind and age, as a step-up does. Of each kind a session has one:
// the one added last.
func WithFactor(kind stytchkit.FactorType, age time.Duration) SessionOption {
	return adding(proof{kind: kind, age: &age})
}

// WithTOTP adds the code of an authenticator app, a second factor.
func WithTOTP() SessionOption { return adding(proof{kind: sessions.AuthenticationFactorTypeTOTP}) }

// WithSMS adds a code by SMS, a second factor.
func WithSMS() SessionOption { return adding(proof{kind: sessions.AuthenticationFactorTypeOTP}) }

// WithRecoveryCode adds a recovery code, a second factor.
func WithRecoveryCode() SessionOption {
	return adding(proof{kind: sessions.AuthenticationFactorTypeRecoveryCodes})
}

func adding(p proof) SessionOption { return func(d *draft) { d.added = append(d.added, p) } }

// begin is how a session of this person begins now; mfa: with a second factor.
func begin(who person, mfa bool, now time.Time, options []SessionOption) beginning {
	d := draft{first: []proof{{kind: sessions.AuthenticationFactorTypeMagicLink}}}
	if mfa {
		d.first = append(d.first, proof{kind: sessions.AuthenticationFactorTypeTOTP})
	}
	for _, option := range options {
		option(&d)
	}
	for _, p := range slices.Concat(d.first, d.added) {
		d.show(p, who, now)
	}
	d.token = cmp.Or(d.token, newToken())
	return d.beginning
}

// show makes a proof a factor, in the place of an earlier one of its kind.
func (d *draft) show(p proof, who person, now time.Time) {
	age := d.ago
	if p.age != nil {
		age = *p.age
	}
	d.factors = slices.DeleteFunc(d.factors, func(f factor) bool { return f.Type == p.kind })
	d.factors = append(d.factors, p.factor(who, now.Add(-age)))
}

// factor is what the proof leaves in a session, with the details of the kinds that the stand-in's
// own logins have.
func (p *proof) factor(who person, at time.Time) factor {
	switch p.kind {
	case sessions.AuthenticationFactorTypeMagicLink:
		return emailFactor(who, at)
	case sessions.AuthenticationFactorTypeEmailOTP:
		return emailCodeFactor(who, at)
	case sessions.AuthenticationFactorTypePassword:
		return passwordFactor(who, at)
	case sessions.AuthenticationFactorTypeOAuth:
		return oauthFactor("google", who, at)
	case sessions.AuthenticationFactorTypeSSO:
		return ssoFactor(Connection{ID: "saml-connection-test"}, who.email, at)
	case sessions.AuthenticationFactorTypeOTP:
		return smsFactor(who, at)
	case sessions.AuthenticationFactorTypeTOTP:
		return totpFactor(who, at)
	case sessions.AuthenticationFactorTypeRecoveryCodes:
		return recoveryFactor(at)
	case sessions.AuthenticationFactorTypeWebAuthn:
		return webAuthnFactor(passkey{ID: newID("webauthn-registration-test"), Domain: "localhost"}, at)
	case sessions.AuthenticationFactorTypeImpersonated:
		return impersonatedFactor(p.by, at)
	}
	return shown(p.kind, "", at)
}

// SessionOption says how a session begins.
type SessionOption func(*draft)

// WithToken chooses the session's opaque token.
func WithToken(token string) SessionOption { return func(d *draft) { d.token = token } }

// WithLifetime sets how long the session lasts, of which its JWTs' few minutes are independent.
// Default: 1 hour.
func WithLifetime(lasts time.Duration) SessionOption {
	return func(d *draft) { d.lifetime = lasts }
}

// WithClaims gives the session custom claims.
func WithClaims(claims map[string]any) SessionOption {
	return func(d *draft) { d.claims = maps.Clone(claims) }
}

// beginning is what a new session is made of.
type beginning struct {
	token    string
	lifetime time.Duration // 0: an hour
	factors  []factor
	claims   map[string]any
}
