// Package session holds what is known of one session, whatever kind of project it is of.
package session

import (
	"slices"
	"time"
)

// Kind says whose session it is.
type Kind uint8

// The kinds of sessions.
const (
	Member Kind = iota // of an organization, in a B2B project
	User               // of a consumer project
)

// Facts are what was verified here, or said by Stytch, of one session. They are never changed once
// they are shared.
type Facts struct {
	Kind             Kind
	ID               string
	Subject          string // the member's or the user's ID
	OrganizationID   string
	OrganizationSlug string
	Roles            []string
	Factors          []Factor

	StartedAt      time.Time
	LastAccessedAt time.Time
	ExpiresAt      time.Time
	VouchedAt      time.Time // by Stytch: the JWT's iat, or when it was asked

	// Payload is that of the JWT which the facts are from, base64url as written: the details of the
	// factors and the custom claims are read from it when asked for.
	Payload string
	// Told stands in its place where the facts are from no JWT.
	Told *Told
}

// Told is what a payload would hold, as JSON.
type Told struct {
	Factors    string // a list, empty for none
	Claims     string // an object, empty for none
	Attributes Attributes
	Inexact    error // why the claims are not those of the session to the digit; nil when they are
}

// Size is how long all of it is; 0 for nil.
func (t *Told) Size() int {
	if t == nil {
		return 0
	}
	return len(t.Factors) + len(t.Claims) + len(t.Attributes.IPAddress) + len(t.Attributes.UserAgent)
}

// Attributes are where a session began, as the application told Stytch.
type Attributes struct {
	IPAddress string `json:"ip_address"`
	UserAgent string `json:"user_agent"`
}

// Factor is what the rules read of an authentication factor.
type Factor struct {
	Type         string
	Delivery     string
	At           time.Time // last authenticated
	Impersonated bool
	Impersonator string // the e-mail address, or else the ID, of who acts as the member
}

// IsAnswer reports whether the facts are Stytch's answer to a question: VouchedAt is then a time of this
// server's clock, and otherwise one of Stytch's.
func (f *Facts) IsAnswer() bool { return f.Told != nil }

// SubjectOf is the subject of a session of this kind; empty for one of another.
func (f *Facts) SubjectOf(kind Kind) string {
	if f.Kind != kind {
		return ""
	}
	return f.Subject
}

// HasRole reports whether the session holds the role.
func (f *Facts) HasRole(id string) bool { return slices.Contains(f.Roles, id) }

// AuthenticatedAt is the time of the newest factor.
func (f *Facts) AuthenticatedAt() time.Time {
	var newest time.Time
	for i := range f.Factors {
		if at := f.Factors[i].At; at.After(newest) {
			newest = at
		}
	}
	return newest
}
