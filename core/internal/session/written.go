package session

import (
	"encoding/json"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// noClaims are the custom claims of a session without any.
const noClaims = "{}"

// memberJSON is Stytch's member_session, and userJSON a user's session: each field of them, also where
// it is empty. The SDK's types leave that out.
type memberJSON struct {
	MemberSessionID       string                          `json:"member_session_id"`
	MemberID              string                          `json:"member_id"`
	StartedAt             *time.Time                      `json:"started_at"`
	LastAccessedAt        *time.Time                      `json:"last_accessed_at"`
	ExpiresAt             *time.Time                      `json:"expires_at"`
	AuthenticationFactors []sessions.AuthenticationFactor `json:"authentication_factors"`
	OrganizationID        string                          `json:"organization_id"`
	Roles                 []string                        `json:"roles"`
	OrganizationSlug      string                          `json:"organization_slug"`
	CustomClaims          json.RawMessage                 `json:"custom_claims"`
}

type userJSON struct {
	SessionID             string                          `json:"session_id"`
	UserID                string                          `json:"user_id"`
	AuthenticationFactors []sessions.AuthenticationFactor `json:"authentication_factors"`
	Roles                 []string                        `json:"roles"`
	StartedAt             *time.Time                      `json:"started_at"`
	LastAccessedAt        *time.Time                      `json:"last_accessed_at"`
	ExpiresAt             *time.Time                      `json:"expires_at"`
	Attributes            attributesJSON                  `json:"attributes"`
	CustomClaims          json.RawMessage                 `json:"custom_claims"`
}

type attributesJSON struct {
	IPAddress string `json:"ip_address"`
	UserAgent string `json:"user_agent"`
}

// JSON writes the session as Stytch does, with the custom claims as they were written.
func (f *Facts) JSON() ([]byte, error) {
	claims, err := f.Claims()
	if err != nil {
		return nil, err
	}
	if len(claims) == 0 {
		claims = []byte(noClaims)
	}
	started, accessed, expires := f.pointer(f.StartedAt), f.pointer(f.LastAccessedAt), f.pointer(f.ExpiresAt)
	factors := append([]sessions.AuthenticationFactor{}, f.factors()...)
	roles := append([]string{}, f.Roles...)
	if f.Kind == User {
		return json.Marshal(userJSON{f.ID, f.Subject, factors, roles, started, accessed, expires, attributesJSON(f.Attributes()), claims})
	}
	return json.Marshal(memberJSON{f.ID, f.Subject, started, accessed, expires, factors, f.OrganizationID, roles, f.OrganizationSlug, claims})
}
