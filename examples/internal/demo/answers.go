package demo

import (
	"context"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// MeAnswer is the answer of GET /api/me and its like: of a member, or in a consumer project of a user.
type MeAnswer struct {
	MemberID         string           `json:"member_id,omitempty"`
	OrganizationID   string           `json:"organization_id,omitempty"`
	OrganizationSlug string           `json:"organization_slug,omitempty"`
	UserID           string           `json:"user_id,omitempty"`
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
		UserID:           s.UserID(),
		Roles:            append([]string{}, s.Roles()...),
		SessionID:        s.ID(),
		ExpiresAt:        s.ExpiresAt(),
		VouchedAt:        s.VouchedAt(),
		Source:           d.Source,
	}
}

// MachineAnswer is the answer of GET /api/machine.
type MachineAnswer struct {
	ClientID string              `json:"client_id"`
	Kind     stytchkit.TokenKind `json:"kind"`
	Subject  string              `json:"subject"`
	Scopes   []string            `json:"scopes"`
}

// Machine says whose access token it is, for a route that requires one.
func Machine(ctx context.Context) MachineAnswer {
	token := stytchkit.TokenFrom(ctx)
	return MachineAnswer{
		ClientID: token.ClientID(),
		Kind:     token.Kind(),
		Subject:  token.Subject(),
		Scopes:   append([]string{}, token.Scopes()...),
	}
}

// Either says who asks GET /api/either, which takes a session or an access token.
func Either(ctx context.Context) any {
	if stytchkit.TokenFrom(ctx) != nil {
		return struct {
			By string `json:"by"`
			MachineAnswer
		}{"token", Machine(ctx)}
	}
	return struct {
		By string `json:"by"`
		MeAnswer
	}{"session", Me(ctx)}
}
