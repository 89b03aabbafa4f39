package stytchtest

import (
	"slices"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// requirements are what factors still lack to be a member's session.
type requirements struct {
	Primary []string // the auth methods of which one is wanted; nil: none is
	MFA     bool
}

func (r requirements) met() bool { return r.Primary == nil && !r.MFA }

// requires says what an organization wants of a member beyond the factors they have shown there.
func (o organizationRecord) requires(m memberRecord, factors []factor) requirements {
	if hasFactor(factors, sessions.AuthenticationFactorTypeImpersonated) {
		return requirements{}
	}
	r := requirements{MFA: (m.MFA || o.MFARequired) && !hasSecondFactor(factors)}
	allowed := o.allowedMethods()
	if !slices.ContainsFunc(factors, func(f factor) bool { return slices.Contains(allowed, method(f)) }) {
		r.Primary = allowed
	}
	return r
}

func (o organizationRecord) allowedMethods() []string {
	if len(o.AuthMethods) == 0 {
		return methods()
	}
	return o.AuthMethods
}

type primaryRequired struct {
	AllowedAuthMethods []string `json:"allowed_auth_methods"`
}

type mfaRequired struct {
	MemberOptions          *mfaOptions `json:"member_options"`
	SecondaryAuthInitiated *string     `json:"secondary_auth_initiated"`
}

type mfaOptions struct {
	MFAPhoneNumber     string `json:"mfa_phone_number"`
	TOTPRegistrationID string `json:"totp_registration_id"`
}

// objects are the two members of a response that say what is missing. texted: a code was sent.
func (r requirements) objects(m memberRecord, texted bool) (*primaryRequired, *mfaRequired) {
	var primary *primaryRequired
	if r.Primary != nil {
		primary = &primaryRequired{r.Primary}
	}
	if !r.MFA {
		return primary, nil
	}
	mfa := &mfaRequired{}
	if m.Phone != "" || m.App.active() {
		mfa.MemberOptions = &mfaOptions{m.Phone, m.totpRegistration()}
	}
	if texted {
		sms := "sms_otp"
		mfa.SecondaryAuthInitiated = &sms
	}
	return primary, mfa
}
