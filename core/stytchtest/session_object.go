package stytchtest

import "time"

type sessionObject struct {
	MemberSessionID       string         `json:"member_session_id"`
	MemberID              string         `json:"member_id"`
	OrganizationID        string         `json:"organization_id"`
	OrganizationSlug      string         `json:"organization_slug"`
	StartedAt             time.Time      `json:"started_at"`
	LastAccessedAt        time.Time      `json:"last_accessed_at"`
	ExpiresAt             time.Time      `json:"expires_at"`
	AuthenticationFactors []factor       `json:"authentication_factors"`
	Roles                 []string       `json:"roles"`
	CustomClaims          map[string]any `json:"custom_claims"`
}

func sessionOf(g grant) sessionObject {
	s := g.Session
	return sessionObject{
		MemberSessionID: s.ID, MemberID: g.Member.ID,
		OrganizationID: g.Organization.ID, OrganizationSlug: g.Organization.Slug,
		StartedAt: s.StartedAt, LastAccessedAt: s.LastAccessedAt, ExpiresAt: s.ExpiresAt,
		AuthenticationFactors: orEmpty(s.Factors), Roles: orEmpty(g.Member.Roles), CustomClaims: s.Claims,
	}
}
