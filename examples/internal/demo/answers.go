package demo

import (
	"context"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// SessionAnswer is the answer of GET /api/session. Member and Organization are known when Stytch was
// asked for this request; a JWT that was verified locally holds only the session.
type SessionAnswer struct {
	Session       *stytchkit.Session          `json:"session"`
	Member        *organizations.Member       `json:"member"`
	Organization  *organizations.Organization `json:"organization"`
	FromCache     bool                        `json:"fromCache"`
	IsInitialized bool                        `json:"isInitialized"`
}

// SessionOf describes the request's session, or that there is none.
func SessionOf(ctx context.Context) SessionAnswer {
	d, _ := stytchkit.DecisionFrom(ctx)
	return SessionAnswer{
		Session:       d.Session,
		Member:        d.Member(),
		Organization:  d.Organization(),
		FromCache:     d.FromCache,
		IsInitialized: d.Initialized,
	}
}

// MeAnswer is the answer of GET /api/me and its like.
type MeAnswer struct {
	MemberID         string           `json:"member_id"`
	OrganizationID   string           `json:"organization_id"`
	OrganizationSlug string           `json:"organization_slug"`
	Roles            []string         `json:"roles"`
	SessionID        string           `json:"session_id"`
	ExpiresAt        time.Time        `json:"expires_at"`
	VouchedAt        time.Time        `json:"vouched_at"`
	Source           stytchkit.Source `json:"source"`
}

// Me says who is signed in, for a route that requires a session.
func Me(ctx context.Context) MeAnswer {
	d, _ := stytchkit.DecisionFrom(ctx)
	s := d.Session
	return MeAnswer{
		MemberID:         s.MemberID(),
		OrganizationID:   s.OrganizationID(),
		OrganizationSlug: s.OrganizationSlug(),
		Roles:            append([]string{}, s.Roles()...),
		SessionID:        s.ID(),
		ExpiresAt:        s.ExpiresAt(),
		VouchedAt:        s.VouchedAt(),
		Source:           d.Source,
	}
}
