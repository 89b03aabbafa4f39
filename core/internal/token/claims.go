package token

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// claims are the SDK's sessions.Claims, read the same way with a third of the allocations: dates
// and the audience have types that read their usual form themselves and leave any other to the
// libraries.
type claims struct {
	Session      sessionClaim      `json:"https://stytch.com/session"`
	Organization sessions.OrgClaim `json:"https://stytch.com/organization"`

	Issuer    string      `json:"iss"`
	Subject   string      `json:"sub"`
	Audience  audience    `json:"aud"`
	ExpiresAt numericDate `json:"exp"`
	NotBefore numericDate `json:"nbf"`
	IssuedAt  numericDate `json:"iat"`
	ID        string      `json:"jti"`
}

var _ jwt.Claims = (*claims)(nil)

// readClaims reads a payload, and copies what it keeps.
func readClaims(payload []byte) (*claims, error) {
	claims := newClaims()
	if claims.readPlain(payload) {
		return claims, nil
	}
	claims = newClaims()
	return claims, json.Unmarshal(payload, claims)
}

// usualRoles is how many roles cost one allocation.
const usualRoles = 4

func newClaims() *claims {
	return &claims{Session: sessionClaim{Roles: make([]string, 0, usualRoles)}}
}

// GetIssuer and the other five implement [jwt.Claims].
func (c *claims) GetIssuer() (string, error) { return c.Issuer, nil }

func (c *claims) GetSubject() (string, error)                  { return c.Subject, nil }
func (c *claims) GetAudience() (jwt.ClaimStrings, error)       { return c.Audience.values, nil }
func (c *claims) GetExpirationTime() (*jwt.NumericDate, error) { return c.ExpiresAt.orNil(), nil }
func (c *claims) GetNotBefore() (*jwt.NumericDate, error)      { return c.NotBefore.orNil(), nil }
func (c *claims) GetIssuedAt() (*jwt.NumericDate, error)       { return c.IssuedAt.orNil(), nil }

// sessionClaim is the SDK's.
type sessionClaim struct {
	ID             string    `json:"id"`
	StartedAt      timestamp `json:"started_at"`
	LastAccessedAt timestamp `json:"last_accessed_at"`
	ExpiresAt      timestamp `json:"expires_at"`
	Attributes     struct {
		IPAddress unread `json:"ip_address"`
		UserAgent unread `json:"user_agent"`
	} `json:"attributes"`
	AuthenticationFactors []consumer.AuthenticationFactor `json:"authentication_factors"`
	Roles                 []string                        `json:"roles"`
}

// timestamp is an RFC 3339 time in a string. Only the last one given has to be a time.
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

// UnmarshalJSON takes what a string takes: null changes nothing.
func (t *timestamp) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	text, plain := plainString(data)
	if !plain {
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		text = []byte(s)
	}
	t.set(text)
	return nil
}

func (t *timestamp) set(text []byte) {
	t.given = len(text) > 0
	t.time, t.err = time.Parse(time.RFC3339, string(text))
}

// unread is a string that nobody reads, and must be one all the same.
type unread struct{}

// UnmarshalJSON refuses what is neither a string nor null.
func (unread) UnmarshalJSON(data []byte) error {
	if data[0] != '"' && data[0] != 'n' {
		return errors.New("want a string")
	}
	return nil
}

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
	*d = numericDate{}
	if string(data) == "null" || d.setWhole(data) {
		return nil
	}
	d.set = true
	return d.date.UnmarshalJSON(data)
}

// setWhole sets a date in whole seconds; false for any other.
func (d *numericDate) setWhole(digits []byte) bool {
	seconds, ok := wholeSeconds(digits)
	if ok {
		d.date.Time, d.set = time.Unix(seconds, 0), true
	}
	return ok
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

// audience is a jwt.ClaimStrings.
type audience struct {
	values jwt.ClaimStrings
	sole   [1]string // what values usually is
}

// UnmarshalJSON reads a list of one plain string itself.
func (a *audience) UnmarshalJSON(data []byte) error {
	if n := len(data); n > 2 && data[0] == '[' && data[n-1] == ']' {
		if sole, ok := plainString(data[1 : n-1]); ok {
			a.sole[0] = string(sole)
			a.isSole()
			return nil
		}
	}
	return a.values.UnmarshalJSON(data)
}

// isSole makes the sole value all there is.
func (a *audience) isSole() bool {
	a.values = a.sole[:]
	return true
}

// plainString is what a JSON string holds whose bytes stand for themselves.
func plainString(data []byte) ([]byte, bool) {
	n := len(data)
	if n < 2 || data[0] != '"' || data[n-1] != '"' {
		return nil, false
	}
	text := data[1 : n-1]
	return text, isPlain(text)
}

// isPlain reports whether the bytes stand for themselves between the quotes of a JSON string.
func isPlain(text []byte) bool {
	for _, b := range text {
		if b < ' ' || b > '~' || b == '"' || b == '\\' {
			return false
		}
	}
	return true
}
