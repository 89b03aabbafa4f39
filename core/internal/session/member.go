package session

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// OfMember are the facts of the SDK's session, as Stytch answered it, and copies of all it holds.
func OfMember(ms *sessions.MemberSession, vouchedAt time.Time) Facts {
	return Facts{
		Kind:             Member,
		ID:               ms.MemberSessionID,
		Subject:          ms.MemberID,
		OrganizationID:   ms.OrganizationID,
		OrganizationSlug: ms.OrganizationSlug,
		Roles:            append([]string(nil), ms.Roles...),
		Factors:          FactorsOf(ms.AuthenticationFactors),
		StartedAt:        timeOf(ms.StartedAt),
		LastAccessedAt:   timeOf(ms.LastAccessedAt),
		ExpiresAt:        timeOf(ms.ExpiresAt),
		VouchedAt:        vouchedAt,
		Told:             told(ms),
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

// told is what an SDK type tells in a payload's place. Neither half fails where it came out of JSON.
func told(ms *sessions.MemberSession) *Told {
	t := &Told{}
	if len(ms.AuthenticationFactors) > 0 {
		t.Factors = text(ms.AuthenticationFactors)
	}
	if len(ms.CustomClaims) > 0 {
		t.Claims = text(ms.CustomClaims)
	}
	return t
}

func text(of any) string {
	data, err := json.Marshal(of)
	if err != nil {
		return ""
	}
	return string(data)
}

// MemberSession is the session as the SDK's type, new for each call; nil for a user's.
func (f *Facts) MemberSession() *sessions.MemberSession {
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
		Roles:                 append([]string(nil), f.Roles...),
		CustomClaims:          f.customClaims(),
	}
}

// factors are the authentication factors with all their details. They have been decoded before.
func (f *Facts) factors() []consumer.AuthenticationFactor {
	if f.Payload != "" {
		var claims struct {
			Session struct {
				Factors []consumer.AuthenticationFactor `json:"authentication_factors"`
			} `json:"https://stytch.com/session"`
		}
		if raw, err := base64.RawURLEncoding.DecodeString(f.Payload); err == nil {
			_ = json.Unmarshal(raw, &claims)
		}
		return claims.Session.Factors
	}
	var factors []consumer.AuthenticationFactor
	if f.Told != nil && f.Told.Factors != "" {
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
