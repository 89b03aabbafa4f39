package session

import (
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
)

// OfAnswer are the facts of Stytch's answer, which came with a JWT: the custom claims are those of the
// JWT if it is the session's own, as the SDK has rounded numbers in what it decoded.
func OfAnswer(ms *sessions.MemberSession, jwt string, vouchedAt time.Time) Facts {
	f := ofMember(ms, vouchedAt)
	f.Told.by(jwt, f.ID, ms.CustomClaims)
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
		Told:             toldBy(ms.AuthenticationFactors, ms.CustomClaims),
	}
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
