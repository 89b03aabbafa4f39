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
type Session struct{ facts session.Facts }

// NewSession describes a member session. It grants nothing: only a [Guard] puts a session in
// front of a handler. It is for tests (see stytchtest.NewSession) and for a login of one's own.
func NewSession(ms *sessions.MemberSession) *Session {
	if ms == nil {
		return nil
	}
	facts := session.OfMember(ms, time.Time{})
	facts.VouchedAt = facts.LastAccessedAt
	return &Session{facts: facts}
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
// nil session. It decodes JSON: call it once per request.
func (s *Session) MemberSession() *sessions.MemberSession {
	if s == nil {
		return nil
	}
	return s.facts.MemberSession()
}

// Claims reads the session's custom claims into a T, whose fields are matched as by encoding/json.
// A nil session gives the zero T. The error says which claim does not fit.
func Claims[T any](s *Session) (T, error) {
	var claims T
	data, err := s.view().Claims()
	if err != nil || data == nil {
		return claims, err
	}
	if err := json.Unmarshal(data, &claims); err != nil {
		return claims, fmt.Errorf("stytchkit: custom claims do not fit %T: %w", claims, err)
	}
	return claims, nil
}

// MarshalJSON writes the session in the shape of Stytch's member_session.
func (s *Session) MarshalJSON() ([]byte, error) {
	return json.Marshal(s.MemberSession())
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

// copyOf deep-copies one of the SDK's JSON types, which hold pointers and maps at every depth.
func copyOf[T any](from *T) *T {
	to := new(T)
	data, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(data, to)
	}
	if err != nil {
		return new(T) // an SDK type came out of JSON, so it goes back into it
	}
	return to
}
