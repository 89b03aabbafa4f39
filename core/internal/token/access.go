package token

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/strict"
)

// AccessKind says what an access token is for.
type AccessKind uint8

// The kinds of access tokens.
const (
	M2M          AccessKind = iota // a machine's own
	ConnectedApp                   // an application's that acts for a member or a user
)

// Access is what was verified of one access token. It is never changed once it is shared.
type Access struct {
	Kind           AccessKind
	ClientID       string
	Subject        string // the client's own ID, or the member's or user's
	OrganizationID string // of the member for whom a Connected App acts
	Scopes         []string
	IssuedAt       time.Time
	ExpiresAt      time.Time
	Payload        string // base64url as written: the custom claims are read from it when asked for
}

// AccessVerdict is the outcome of verifying one access token: it is good, or Err says why it is not.
type AccessVerdict struct {
	Access    Access
	Expires   time.Time      // when it stops to be good
	Raw       string         // a copy of our own
	KeyID     string         // of the key that it is signed by
	Key       *rsa.PublicKey // that key
	Undecided bool           // it is signed by a key that is not known yet
	Err       error
}

// accessClaims are those of an access token, of either kind.
type accessClaims struct {
	registered

	Session      json.RawMessage   `json:"https://stytch.com/session"` // whatever it is, there must be none
	Organization organizationClaim `json:"https://stytch.com/organization"`
	Scope        *string           `json:"scope"`
	ClientID     string            `json:"client_id"`
}

// VerifyAccess says what an access token is worth, by the project's keys alone. It may wait for them as
// [Verifier.Verify] does. A session's JWT is none.
func (v *Verifier) VerifyAccess(ctx context.Context, token string) AccessVerdict {
	s, undecided, err := v.signed(ctx, token, v.accessIssuers)
	if err != nil {
		return AccessVerdict{Undecided: undecided, Err: accessRefused{err}}
	}
	verdict, err := v.judgeAccess(token, s.parts.payload)
	if err != nil {
		return AccessVerdict{Err: accessRefused{err}}
	}
	verdict.KeyID, verdict.Key = s.kid, s.key
	return verdict
}

// judgeAccess reads the claims of a token whose signature is good.
func (v *Verifier) judgeAccess(token, payload string) (verdict AccessVerdict, err error) {
	raw, err := strict.AppendBase64(nil, payload)
	if err != nil {
		return verdict, errNotBase64
	}
	claims := new(accessClaims)
	if err := strict.Unmarshal(raw, claims); err != nil {
		return verdict, fmt.Errorf("claims do not decode: %w", err)
	}
	if !slices.Contains(v.accessIssuers, claims.Issuer) {
		return verdict, fmt.Errorf("issued by %.80q", claims.Issuer)
	}
	if claims.Session != nil {
		return verdict, errors.New("is a session's")
	}
	if !claims.ExpiresAt.set || !claims.IssuedAt.set {
		return verdict, errors.New("exp or iat is missing")
	}
	if err := v.validator.Validate(claims); err != nil {
		return verdict, err
	}
	verdict.Raw = strings.Clone(token)
	verdict.Access, err = claims.access(v.kind, session.PayloadOf(verdict.Raw))
	verdict.Expires = verdict.Access.ExpiresAt.Add(Leeway)
	return verdict, err
}

// access is what the claims grant. What is neither kind of token is an error.
func (c *accessClaims) access(project session.Kind, payload string) (a Access, err error) {
	if c.Scope == nil {
		return a, errors.New("scope is missing")
	}
	a = Access{
		Subject: c.Subject, ClientID: c.Subject,
		Scopes:  strings.FieldsFunc(*c.Scope, func(r rune) bool { return r == ' ' }), // RFC 6749 §3.3
		Payload: payload,
	}
	if a.ExpiresAt, err = inRange(c.ExpiresAt.date.Time); err != nil {
		return a, fmt.Errorf("exp: %w", err)
	}
	if a.IssuedAt, err = inRange(c.IssuedAt.date.Time); err != nil {
		return a, fmt.Errorf("iat: %w", err)
	}
	if a.Subject == "" {
		return a, errors.New("sub is missing")
	}
	err = c.sort(project, &a)
	return a, err
}

// sort tells the kinds of access tokens apart. Stytch documents no claim that says it: a Connected App's
// names the app and has an ID of its own, and a member's names the organization.
func (c *accessClaims) sort(project session.Kind, a *Access) error {
	ofApp, ofMember := c.ClientID != "" && c.ID != "", c.Organization.ID != ""
	switch {
	case ofApp && ofMember != (project == session.Member):
		return ErrOtherKind
	case ofApp:
		a.Kind, a.ClientID, a.OrganizationID = ConnectedApp, c.ClientID, c.Organization.ID
		return nil
	case c.ClientID != "" || c.ID != "":
		return errors.New("is neither a machine's nor a Connected App's: it has one of client_id and jti")
	}
	return nil
}

// Grants reports whether the token has the scope: by its name, or, for action:resource, as action:*.
func (a *Access) Grants(scope string) bool {
	if slices.Contains(a.Scopes, scope) {
		return true
	}
	action, _, ok := strings.Cut(scope, ":")
	return ok && action != "" && slices.Contains(a.Scopes, action+":*")
}

// Claims are the custom claims as a JSON object, each as it was written; nil when there are none.
func (a *Access) Claims() ([]byte, error) {
	raw, err := strict.AppendBase64(nil, a.Payload)
	if err != nil || len(raw) == 0 {
		return nil, err
	}
	return strict.Members(raw, func(name string) bool {
		return name != "scope" && name != "client_id" && session.IsCustomClaim(name)
	})
}

// IsSessionless reports whether what is presented looks like an access token: a JWT without the claim of a
// session. Nothing is verified.
func IsSessionless(token string) bool {
	parts, err := Split(token)
	if err != nil {
		return false
	}
	payload, err := strict.AppendBase64(nil, parts.payload)
	if err != nil {
		return false
	}
	var claims struct {
		Session json.RawMessage `json:"https://stytch.com/session"`
	}
	return strict.Unmarshal(payload, &claims) == nil && claims.Session == nil
}

// accessRefused is why an access token was refused.
type accessRefused struct{ why error }

var _ error = accessRefused{}

func (e accessRefused) Error() string { return "access token refused: " + e.why.Error() }
func (e accessRefused) Unwrap() error { return e.why }
