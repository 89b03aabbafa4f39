package stytchkit

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/internal/session"
)

// Session is a member's or a user's verified session. It never changes, so it is shared freely between
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

// NewUserSession is to a user's session in a consumer project what [NewSession] is to a member's (see
// stytchtest.NewUserSession).
func NewUserSession(us *consumer.Session) *Session {
	if us == nil {
		return nil
	}
	return &Session{facts: session.OfUser(us)}
}

// ID is the member_session_id, or a user's session_id.
func (s *Session) ID() string { return s.view().ID }

// Subject is the member_id or the user_id, whichever there is: the sub of the session's JWT.
func (s *Session) Subject() string { return s.view().Subject }

// MemberID is the member_id; empty for a user.
func (s *Session) MemberID() string { return s.view().SubjectOf(session.Member) }

// UserID is the user_id; empty for a member.
func (s *Session) UserID() string { return s.view().SubjectOf(session.User) }

// OrganizationID is the organization_id; empty for a user.
func (s *Session) OrganizationID() string { return s.view().OrganizationID }

// OrganizationSlug is the organization's slug, as it was when the session was vouched for; empty for a
// user.
func (s *Session) OrganizationSlug() string { return s.view().OrganizationSlug }

// Roles returns a copy of the member's or user's role IDs.
func (s *Session) Roles() []string { return slices.Clone(s.view().Roles) }

// HasRole reports whether the session has the role with this ID.
func (s *Session) HasRole(id string) bool { return s.view().HasRole(id) }

// StartedAt is when they signed in.
func (s *Session) StartedAt() time.Time { return s.view().StartedAt }

// LastAccessedAt is when Stytch last authenticated the session, as far as is known here.
func (s *Session) LastAccessedAt() time.Time { return s.view().LastAccessedAt }

// ExpiresAt is when the session (not its JWT) ends.
func (s *Session) ExpiresAt() time.Time { return s.view().ExpiresAt }

// VouchedAt is when Stytch last vouched for the session: its JWT's iat, or the moment a call to
// Stytch was sent.
func (s *Session) VouchedAt() time.Time { return s.view().VouchedAt }

// Attributes are where the session began, as the application told Stytch when it signed the member or user
// in: empty as a rule.
func (s *Session) Attributes() Attributes { return Attributes(s.view().Attributes()) }

// Attributes are Stytch's attributes of a session.
type Attributes struct {
	IPAddress string `json:"ip_address"`
	UserAgent string `json:"user_agent"`
}

// MemberSession returns the session as the SDK's type, a deep copy of the caller's own; nil on a
// nil session, and for a user. Its CustomClaims are decoded as the SDK does: numbers are float64, one that none holds
// is left out, and [Claims] tells them to the digit.
func (s *Session) MemberSession() *sessions.MemberSession {
	if s == nil {
		return nil
	}
	return s.reads.MemberSession(&s.facts)
}

// UserSession is to a user's session what [Session.MemberSession] is to a member's; nil for a member.
func (s *Session) UserSession() *consumer.Session {
	if s == nil {
		return nil
	}
	return s.reads.UserSession(&s.facts)
}

// Claims reads the session's custom claims into a new T, whose fields are matched as by encoding/json.
// They are what the session's JWT says, to the digit: an int64, a json.Number or a json.RawMessage is
// exact, where an any takes what float64 can hold. A nil session gives the zero T, and so does an
// error, which says which claim does not fit.
func Claims[T any](s *Session) (T, error) {
	var none T
	if s == nil {
		return none, nil
	}
	data, err := s.reads.Claims(&s.facts)
	if err != nil {
		return none, err
	}
	return claimsAs[T](data)
}

func claimsAs[T any](data []byte) (T, error) {
	var claims, none T
	if data == nil {
		return none, nil
	}
	if err := json.Unmarshal(data, &claims); err != nil {
		return none, fmt.Errorf("stytchkit: custom claims do not fit %T: %w", none, err)
	}
	return claims, nil
}

// MarshalJSON writes the session in the shape of Stytch's member_session, or of a user's session, its custom claims to the
// digit, as [Claims] reads them. A nil session is null.
func (s *Session) MarshalJSON() ([]byte, error) {
	if s == nil {
		return []byte("null"), nil
	}
	return s.reads.JSON(&s.facts)
}

// String names the session, and its member and organization, or its user.
func (s *Session) String() string {
	if s == nil {
		return "no session"
	}
	if s.facts.Kind == session.User {
		return fmt.Sprintf("session %s of %s", s.ID(), s.UserID())
	}
	return fmt.Sprintf("session %s of %s in %s", s.ID(), s.MemberID(), s.OrganizationID())
}

// Format prints [Session.String] for every verb: what else a session holds stays out of logs.
func (s *Session) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue logs the IDs.
func (s *Session) LogValue() slog.Value {
	if s.view().Kind == session.User {
		return slog.GroupValue(slog.String("session_id", s.ID()), slog.String("user_id", s.UserID()))
	}
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
