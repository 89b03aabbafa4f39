package session

import (
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/attribute"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// OfUserAnswer is to a user's session what [OfAnswer] is to a member's.
func OfUserAnswer(s *sessions.Session, jwt string, vouchedAt time.Time) Facts {
	f := ofUser(s, vouchedAt)
	said := f.Told.Attributes
	f.Told.by(jwt, f.ID, s.CustomClaims)
	f.Told.Attributes = said // by the answer itself
	return f
}

// OfUser are the facts of a user's session as somebody describes it.
func OfUser(s *sessions.Session) Facts { return ofUser(s, timeOf(s.LastAccessedAt)) }

// ofUser copies all that the session holds.
func ofUser(s *sessions.Session, vouchedAt time.Time) Facts {
	f := Facts{
		Kind:           User,
		ID:             s.SessionID,
		Subject:        s.UserID,
		Roles:          slices.Clone(s.Roles),
		Factors:        FactorsOf(s.AuthenticationFactors),
		StartedAt:      timeOf(s.StartedAt),
		LastAccessedAt: timeOf(s.LastAccessedAt),
		ExpiresAt:      timeOf(s.ExpiresAt),
		VouchedAt:      vouchedAt,
		Told:           toldBy(s.AuthenticationFactors, s.CustomClaims),
	}
	if from := s.Attributes; from != nil {
		f.Told.Attributes = Attributes(*from)
	}
	return f
}

// UserSession is the session as the SDK's type, new for each call; nil for a member's.
func (f *Facts) UserSession() *sessions.Session {
	s := f.plainUser()
	if s != nil {
		claims, _ := f.Claims()
		s.CustomClaims = f.claimsMap(claims)
	}
	return s
}

// plainUser is the session without its custom claims.
func (f *Facts) plainUser() *sessions.Session {
	if f.Kind != User {
		return nil
	}
	from := attribute.Attributes(f.Attributes()) // never nil, as the SDK has them
	return &sessions.Session{
		SessionID:             f.ID,
		UserID:                f.Subject,
		AuthenticationFactors: f.factors(),
		Roles:                 slices.Clone(f.Roles),
		StartedAt:             f.pointer(f.StartedAt),
		LastAccessedAt:        f.pointer(f.LastAccessedAt),
		ExpiresAt:             f.pointer(f.ExpiresAt),
		Attributes:            &from,
	}
}
