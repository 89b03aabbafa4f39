package session

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/internal/strict"
)

// OfAnswer are the facts of Stytch's answer, which came with a JWT: the custom claims are those of the
// JWT if it is the session's own, as the SDK has rounded numbers in what it decoded.
func OfAnswer(ms *sessions.MemberSession, jwt string, vouchedAt time.Time) Facts {
	f := ofMember(ms, vouchedAt)
	claims, own := ownClaims(jwt, ms.MemberSessionID)
	switch {
	case own:
		f.Told.Claims, f.Told.Inexact = string(claims), nil
	case rounded(ms.CustomClaims):
		f.Told.Inexact = errRounded
	}
	return f
}

// Of are the facts of a session as somebody describes it.
func Of(ms *sessions.MemberSession) Facts { return ofMember(ms, timeOf(ms.LastAccessedAt)) }

// ofMember copies all that the session holds.
func ofMember(ms *sessions.MemberSession, vouchedAt time.Time) Facts {
	return Facts{
		Kind:             Member,
		ID:               ms.MemberSessionID,
		Subject:          ms.MemberID,
		OrganizationID:   ms.OrganizationID,
		OrganizationSlug: ms.OrganizationSlug,
		Roles:            slices.Clone(ms.Roles),
		Factors:          FactorsOf(ms.AuthenticationFactors),
		StartedAt:        timeOf(ms.StartedAt),
		LastAccessedAt:   timeOf(ms.LastAccessedAt),
		ExpiresAt:        timeOf(ms.ExpiresAt),
		VouchedAt:        vouchedAt,
		Told:             toldBy(ms),
	}
}

// FactorsOf is what the rules read of the SDK's factors.
func FactorsOf(from []consumer.AuthenticationFactor) []Factor {
	if len(from) == 0 {
		return nil
	}
	factors := make([]Factor, len(from))
	for i := range from {
		factors[i] = factorOf(&from[i])
	}
	return factors
}

func factorOf(from *consumer.AuthenticationFactor) Factor {
	f := Factor{
		Type:     string(from.Type),
		Delivery: string(from.DeliveryMethod),
		At:       timeOf(from.LastAuthenticatedAt),
		Impersonated: from.Type == consumer.AuthenticationFactorTypeImpersonated ||
			from.DeliveryMethod == consumer.AuthenticationFactorDeliveryMethodImpersonation || from.ImpersonatedFactor != nil,
	}
	if who := from.ImpersonatedFactor; who != nil {
		f.Impersonator = who.ImpersonatorEmailAddress
		if f.Impersonator == "" {
			f.Impersonator = who.ImpersonatorID
		}
	}
	return f
}

// toldBy is what the SDK's type tells in a payload's place.
func toldBy(ms *sessions.MemberSession) *Told {
	t := &Told{}
	if len(ms.AuthenticationFactors) > 0 {
		factors, _ := json.Marshal(ms.AuthenticationFactors) // strings and times, which came out of JSON
		t.Factors = string(factors)
	}
	if len(ms.CustomClaims) > 0 {
		claims, err := json.Marshal(ms.CustomClaims)
		if err != nil {
			t.Inexact = unwritable(err)
		}
		t.Claims = string(claims)
	}
	return t
}

// MemberSession is the session as the SDK's type, new for each call; nil for a user's.
func (f *Facts) MemberSession() *sessions.MemberSession {
	ms := f.plainMember()
	if ms != nil {
		claims, _ := f.Claims()
		ms.CustomClaims = f.claimsMap(claims)
	}
	return ms
}

// plainMember is the session without its custom claims.
func (f *Facts) plainMember() *sessions.MemberSession {
	if f.Kind != Member {
		return nil
	}
	return &sessions.MemberSession{
		MemberSessionID:       f.ID,
		MemberID:              f.Subject,
		StartedAt:             f.pointer(f.StartedAt),
		LastAccessedAt:        f.pointer(f.LastAccessedAt),
		ExpiresAt:             f.pointer(f.ExpiresAt),
		AuthenticationFactors: f.factors(),
		OrganizationID:        f.OrganizationID,
		OrganizationSlug:      f.OrganizationSlug,
		Roles:                 slices.Clone(f.Roles),
	}
}

// factors are the authentication factors with all their details. They have been decoded before.
func (f *Facts) factors() (factors []consumer.AuthenticationFactor) {
	switch {
	case f.Payload != "":
		var claims struct {
			Session struct {
				Factors []consumer.AuthenticationFactor `json:"authentication_factors"`
			} `json:"https://stytch.com/session"`
		}
		if raw, err := strict.AppendBase64(nil, f.Payload); err == nil {
			_ = strict.Unmarshal(raw, &claims)
		}
		return claims.Session.Factors
	case f.Told != nil && f.Told.Factors != "":
		_ = json.Unmarshal([]byte(f.Told.Factors), &factors)
	}
	return factors
}

// pointer is nil for what Stytch did not tell; a JWT always tells.
func (f *Facts) pointer(t time.Time) *time.Time {
	if t.IsZero() && f.Payload == "" {
		return nil
	}
	return &t
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
