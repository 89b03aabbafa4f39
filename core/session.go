package stytchkit

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/internal/session"
)

// Session is a member's verified session. It never changes, so it is shared freely between
// goroutines; every method is safe on nil and then returns the zero value.
type Session struct {
	facts session.Facts
	reads session.Reads
}

// NewSession describes a member session. It grants nothing: only a [Guard] puts a session in
// front of a handler. It is for tests (see stytchtest.NewSession) and for a login of one's own.
func NewSession(ms *sessions.MemberSession) *Session {
	if ms == nil {
		return nil
	}
	return &Session{facts: session.Of(ms)}
}

// ID is the member_session_id.
func (s *Session) ID() string { return s.view().ID }

// MemberID is the member_id.
func (s *Session) MemberID() string { return s.view().Subject }

// OrganizationID is the organization_id.
func (s *Session) OrganizationID() string { return s.view().OrganizationID }

// OrganizationSlug is the organization's slug, as it was when the session was vouched for.
func (s *Session) OrganizationSlug() string { return s.view().OrganizationSlug }

// Roles returns a copy of the member's role IDs.
func (s *Session) Roles() []string { return slices.Clone(s.view().Roles) }

// HasRole reports whether the member has the role with this ID.
func (s *Session) HasRole(id string) bool { return s.view().HasRole(id) }

// StartedAt is when the member signed in.
func (s *Session) StartedAt() time.Time { return s.view().StartedAt }

// LastAccessedAt is when Stytch last authenticated the session, as far as is known here.
func (s *Session) LastAccessedAt() time.Time { return s.view().LastAccessedAt }

// ExpiresAt is when the session (not its JWT) ends.
func (s *Session) ExpiresAt() time.Time { return s.view().ExpiresAt }

// VouchedAt is when Stytch last vouched for the session: its JWT's iat, or the moment a call to
// Stytch was sent.
func (s *Session) VouchedAt() time.Time { return s.view().VouchedAt }

// MemberSession returns the session as the SDK's type, a deep copy of the caller's own; nil on a
// nil session. Its CustomClaims are decoded as the SDK does: numbers are float64, one that none holds
// is left out, and [Claims] tells them to the digit.
func (s *Session) MemberSession() *sessions.MemberSession {
	if s == nil {
		return nil
	}
	return s.reads.MemberSession(&s.facts)
}

// Claims reads the session's custom claims into a new T, whose fields are matched as by encoding/json.
// They are what the session's JWT says, to the digit: an int64, a json.Number or a json.RawMessage is
// exact, where an any takes what float64 can hold. A nil session gives the zero T, and so does an
// error, which says which claim does not fit.
func Claims[T any](s *Session) (T, error) {
	var claims, none T
	if s == nil {
		return none, nil
	}
	data, err := s.reads.Claims(&s.facts)
	if err != nil || data == nil {
		return none, err
	}
	if err := json.Unmarshal(data, &claims); err != nil {
		return none, fmt.Errorf("stytchkit: custom claims do not fit %T: %w", none, err)
	}
	return claims, nil
}

// MarshalJSON writes the session in the shape of Stytch's member_session, its custom claims to the
// digit, as [Claims] reads them. A nil session is null.
func (s *Session) MarshalJSON() ([]byte, error) {
	if s == nil {
		return []byte("null"), nil
	}
	return s.reads.JSON(&s.facts)
}

// String names the session, its member and organization.
func (s *Session) String() string {
	if s == nil {
		return "no session"
	}
	return fmt.Sprintf("session %s of %s in %s", s.ID(), s.MemberID(), s.OrganizationID())
}

// Format prints [Session.String] for every verb: what else a session holds stays out of logs.
func (s *Session) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue logs the three IDs.
func (s *Session) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("session_id", s.ID()),
		slog.String("member_id", s.MemberID()),
		slog.String("organization_id", s.OrganizationID()),
	)
}

func (s *Session) view() *session.Facts {
	if s == nil {
		return &session.Facts{}
	}
	return &s.facts
}
