package demo

import (
	"context"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

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
