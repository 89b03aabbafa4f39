package token

import (
	"errors"
	"fmt"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/session"
)

// facts are those of the session that a JWT is a snapshot of. A token that is signed by the same
// keys but holds no session (an M2M token, say) is an error.
func (c *claims) facts(kind session.Kind, payload string) (session.Facts, error) {
	f := session.Facts{
		Kind:             kind,
		ID:               c.Session.ID,
		Subject:          c.Subject,
		OrganizationID:   c.Organization.ID,
		OrganizationSlug: c.Organization.Slug,
		Roles:            c.Session.Roles,
		Payload:          payload,
	}
	if !c.ExpiresAt.set || !c.IssuedAt.set {
		return f, errors.New("exp or iat is missing")
	}
	if f.ID == "" || f.Subject == "" {
		return f, errors.New("holds no session")
	}
	if isOfMember := f.OrganizationID != "" || f.OrganizationSlug != ""; isOfMember != (kind == session.Member) {
		return f, ErrOtherKind
	}
	if kind == session.Member && f.OrganizationID == "" {
		return f, errors.New("names no organization")
	}
	var err error
	if f.StartedAt, err = c.Session.StartedAt.inUTC(); err != nil {
		return f, fmt.Errorf("started_at: %w", err)
	}
	if f.LastAccessedAt, err = c.Session.LastAccessedAt.inUTC(); err != nil {
		return f, fmt.Errorf("last_accessed_at: %w", err)
	}
	if f.ExpiresAt, err = inRange(c.ExpiresAt.date.Time); err != nil {
		return f, fmt.Errorf("exp: %w", err)
	}
	if c.Session.ExpiresAt.given {
		if f.ExpiresAt, err = c.Session.ExpiresAt.inUTC(); err != nil {
			return f, fmt.Errorf("expires_at: %w", err)
		}
	}
	f.Factors = session.FactorsOf(c.Session.AuthenticationFactors)
	f.VouchedAt = c.IssuedAt.date.UTC()
	return f, nil
}

// inRange is a time in UTC that JSON can hold: RFC 3339 writes years with four digits.
func inRange(t time.Time) (time.Time, error) {
	t = t.UTC()
	if year := t.Year(); year < 0 || year > 9999 {
		return time.Time{}, fmt.Errorf("the year %d is out of range", year)
	}
	return t, nil
}
