package token

import (
	"bytes"
	"errors"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/internal/strict"
)

// claims are those of the SDK's sessions.Claims, of the same types. They are read by their exact names.
type claims struct {
	registered

	Session      sessionClaim      `json:"https://stytch.com/session"`
	Organization organizationClaim `json:"https://stytch.com/organization"`
}

// registered are the claims of RFC 7519 §4.1.
type registered struct {
	Issuer    string      `json:"iss"`
	Subject   string      `json:"sub"`
	Audience  audience    `json:"aud"`
	ExpiresAt numericDate `json:"exp"`
	NotBefore numericDate `json:"nbf"`
	IssuedAt  numericDate `json:"iat"`
	ID        string      `json:"jti"`
}

var _ jwt.Claims = (*registered)(nil)

// usualRoles is how many roles cost one allocation.
const usualRoles = 4

// readClaims reads a payload, and copies what it keeps.
func readClaims(payload []byte) (*claims, error) {
	c := &claims{Session: sessionClaim{Roles: make([]string, 0, usualRoles)}}
	return c, strict.Unmarshal(payload, c)
}

// GetIssuer and the other five implement [jwt.Claims].
func (r *registered) GetIssuer() (string, error) { return r.Issuer, nil }

func (r *registered) GetSubject() (string, error)                  { return r.Subject, nil }
func (r *registered) GetAudience() (jwt.ClaimStrings, error)       { return r.Audience.values, nil }
func (r *registered) GetExpirationTime() (*jwt.NumericDate, error) { return r.ExpiresAt.orNil(), nil }
func (r *registered) GetNotBefore() (*jwt.NumericDate, error)      { return r.NotBefore.orNil(), nil }
func (r *registered) GetIssuedAt() (*jwt.NumericDate, error)       { return r.IssuedAt.orNil(), nil }

type sessionClaim struct {
	ID             string    `json:"id"`
	StartedAt      timestamp `json:"started_at"`
	LastAccessedAt timestamp `json:"last_accessed_at"`
	ExpiresAt      timestamp `json:"expires_at"`
	Attributes     struct {
		IPAddress unread `json:"ip_address"`
		UserAgent unread `json:"user_agent"`
	} `json:"attributes"`
	AuthenticationFactors []sessions.AuthenticationFactor `json:"authentication_factors"`
	Roles                 []string                        `json:"roles"`
}

type organizationClaim struct {
	ID   string `json:"organization_id"`
	Slug string `json:"slug"`
}

// timestamp is an RFC 3339 time in a string.
type timestamp struct {
	time  time.Time
	given bool // and not empty
	err   error
}

var errNoTime = errors.New("is missing")

// inUTC is the time, or why there is none.
func (t *timestamp) inUTC() (time.Time, error) {
	switch {
	case !t.given:
		return time.Time{}, errNoTime
	case t.err != nil:
		return time.Time{}, t.err
	}
	return inRange(t.time)
}

// UnmarshalText takes any text: whether it has to be a time is the claims' to say.
func (t *timestamp) UnmarshalText(text []byte) error {
	t.given = len(text) > 0
	t.time, t.err = time.Parse(time.RFC3339, string(text))
	return nil
}

// unread is a string that nobody reads, and must be one all the same.
type unread struct{}

// UnmarshalText takes any text.
func (unread) UnmarshalText([]byte) error { return nil }

// numericDate is a *jwt.NumericDate that needs no allocation.
type numericDate struct {
	date jwt.NumericDate
	set  bool
}

func (d *numericDate) orNil() *jwt.NumericDate {
	if !d.set {
		return nil
	}
	return &d.date
}

// UnmarshalJSON reads whole seconds itself. null is no date, as for a pointer.
func (d *numericDate) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	d.set = true
	if seconds, ok := wholeSeconds(data); ok {
		d.date.Time = time.Unix(seconds, 0)
		return nil
	}
	return d.date.UnmarshalJSON(data)
}

// wholeSeconds reads a number of at most 15 digits, which float64 holds exactly.
func wholeSeconds(data []byte) (int64, bool) {
	if len(data) > 15 {
		return 0, false
	}
	var n int64
	for _, b := range data {
		if b < '0' || b > '9' {
			return 0, false
		}
		n = n*10 + int64(b-'0')
	}
	return n, true
}

// audience is a jwt.ClaimStrings: a string, or a list of them.
type audience struct {
	values jwt.ClaimStrings
	sole   [1]string // what values usually is
}

// UnmarshalJSON reads a list of one plain string itself, and leaves any other form to the library.
func (a *audience) UnmarshalJSON(data []byte) error {
	if inner, ok := between(data, `["`, `"]`); ok && isPlain(inner) {
		a.sole[0] = string(inner)
		a.values = a.sole[:]
		return nil
	}
	return a.values.UnmarshalJSON(data)
}

func between(data []byte, before, after string) ([]byte, bool) {
	inner, opened := bytes.CutPrefix(data, []byte(before))
	inner, closed := bytes.CutSuffix(inner, []byte(after))
	return inner, opened && closed
}

// isPlain reports whether the bytes stand for themselves between the quotes of a JSON string.
func isPlain(text []byte) bool {
	return !slices.ContainsFunc(text, func(b byte) bool { return b < ' ' || b > '~' || b == '"' || b == '\\' })
}
