package stytchkit

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/token"
)

// TokenKind says what an [AccessToken] is for.
type TokenKind string

// The kinds of access tokens.
const (
	M2M          TokenKind = "m2m"           // a machine's own
	ConnectedApp TokenKind = "connected_app" // an application's that acts for a member or a user
)

// AccessToken is a verified access token of an M2M client or a Connected App. It never changes, so it is
// shared freely between goroutines; every method is safe on nil and then returns the zero value.
type AccessToken struct {
	facts token.Access
}

// AccessTokenFacts describe an access token, for [NewAccessToken].
type AccessTokenFacts struct {
	Kind           TokenKind // default: [M2M]
	ClientID       string
	Subject        string // default: ClientID
	OrganizationID string
	Scopes         []string
	IssuedAt       time.Time
	ExpiresAt      time.Time
	Claims         json.RawMessage // the custom claims, an object; [TokenClaims] fails when they are none
}

// NewAccessToken describes an access token. It grants nothing: only a [Guard] puts a token in front of a
// handler. It is for tests; see stytchtest.NewAccessToken.
func NewAccessToken(f AccessTokenFacts) *AccessToken {
	kind := token.M2M
	if f.Kind == ConnectedApp {
		kind = token.ConnectedApp
	}
	return &AccessToken{token.Access{
		Kind: kind, ClientID: f.ClientID, Subject: cmp.Or(f.Subject, f.ClientID), OrganizationID: f.OrganizationID,
		Scopes: slices.Clone(f.Scopes), IssuedAt: f.IssuedAt, ExpiresAt: f.ExpiresAt,
		Payload: base64.RawURLEncoding.EncodeToString(f.Claims),
	}}
}

// TokenFrom returns the access token that the innermost guard let through; nil where that let a session
// through, or nobody, and where no guard stands before.
func TokenFrom(ctx context.Context) *AccessToken {
	if c := innermost(ctx); c != nil {
		return c.decision.Token
	}
	return nil
}

// Kind is [M2M] or [ConnectedApp]; empty on nil.
func (t *AccessToken) Kind() TokenKind {
	switch {
	case t == nil:
		return ""
	case t.facts.Kind == token.ConnectedApp:
		return ConnectedApp
	}
	return M2M
}

// ClientID is the M2M client's ID, or the Connected App's.
func (t *AccessToken) ClientID() string { return t.view().ClientID }

// Subject is who the token acts for: the M2M client itself, or the member_id or user_id.
func (t *AccessToken) Subject() string { return t.view().Subject }

// OrganizationID is that of the member for whom a Connected App acts; empty for users and machines.
func (t *AccessToken) OrganizationID() string { return t.view().OrganizationID }

// Scopes returns a copy of the token's scopes, as they are written.
func (t *AccessToken) Scopes() []string { return slices.Clone(t.view().Scopes) }

// HasScope reports whether the token has the scope, as [Scopes] decides.
func (t *AccessToken) HasScope(scope string) bool { return t.view().Grants(scope) }

// IssuedAt is when Stytch issued the token: its iat.
func (t *AccessToken) IssuedAt() time.Time { return t.view().IssuedAt }

// ExpiresAt is when the token ends: its exp.
func (t *AccessToken) ExpiresAt() time.Time { return t.view().ExpiresAt }

// TokenClaims reads the token's custom claims into a new T, as [Claims] reads a session's.
func TokenClaims[T any](t *AccessToken) (T, error) {
	data, err := t.view().Claims()
	if err != nil {
		var none T
		return none, err
	}
	return claimsAs[T](data)
}

// MarshalJSON writes what the methods tell, custom claims aside. A nil token is null.
func (t *AccessToken) MarshalJSON() ([]byte, error) {
	if t == nil {
		return []byte("null"), nil
	}
	return json.Marshal(struct {
		Kind           TokenKind `json:"kind"`
		ClientID       string    `json:"client_id"`
		Subject        string    `json:"subject"`
		OrganizationID string    `json:"organization_id,omitempty"`
		Scopes         []string  `json:"scopes"`
		IssuedAt       time.Time `json:"issued_at"`
		ExpiresAt      time.Time `json:"expires_at"`
	}{t.Kind(), t.ClientID(), t.Subject(), t.OrganizationID(), append([]string{}, t.facts.Scopes...), t.IssuedAt(), t.ExpiresAt()})
}

// String names the client, and who it acts for.
func (t *AccessToken) String() string {
	switch {
	case t == nil:
		return "no access token"
	case t.Kind() == M2M:
		return "access token of " + t.ClientID()
	}
	return "access token of " + t.ClientID() + " for " + t.Subject()
}

// Format prints [AccessToken.String] for every verb: what else a token holds stays out of logs.
func (t *AccessToken) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.String())) }

// LogValue logs the IDs.
func (t *AccessToken) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("client_id", t.ClientID()),
		slog.String("subject", t.Subject()),
		slog.String("organization_id", t.OrganizationID()),
	)
}

func (t *AccessToken) view() *token.Access {
	if t == nil {
		return &token.Access{}
	}
	return &t.facts
}
