package stytchtest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	jwtLifetime = 5 * time.Minute // Stytch's, always

	stytchPrefix      = "https://stytch.com/"
	sessionClaim      = stytchPrefix + "session"
	organizationClaim = stytchPrefix + "organization"
)

// JWTOption shapes one JWT of a session, or one access token.
type JWTOption func(*jwtShape)

type jwtShape struct {
	age      time.Duration
	lifetime time.Duration
	change   func(claims map[string]any)
}

// shapeOf is a JWT with that lifetime, unless an option says otherwise.
func shapeOf(lifetime time.Duration, options []JWTOption) jwtShape {
	shape := jwtShape{lifetime: lifetime, change: func(map[string]any) {}}
	for _, option := range options {
		option(&shape)
	}
	return shape
}

// claims adds the times to claims, and changes them as the options say.
func (j jwtShape) claims(now time.Time, claims map[string]any) map[string]any {
	issued := now.Add(-j.age)
	maps.Copy(claims, map[string]any{"iat": issued.Unix(), "nbf": issued.Unix(), "exp": issued.Add(j.lifetime).Unix()})
	j.change(claims)
	return claims
}

// Age issues the JWT that long ago; a negative age, in the future.
func Age(d time.Duration) JWTOption { return func(j *jwtShape) { j.age = d } }

// Lifetime is how long the JWT is valid from its issue. Default: 5 minutes, as Stytch's are; an hour
// for an access token.
func Lifetime(d time.Duration) JWTOption { return func(j *jwtShape) { j.lifetime = d } }

// Claim sets a top-level claim, a registered one or Stytch's own included.
func Claim(name string, value any) JWTOption {
	return changing(func(claims map[string]any) { claims[name] = value })
}

// WithoutClaim leaves a top-level claim out.
func WithoutClaim(name string) JWTOption {
	return changing(func(claims map[string]any) { delete(claims, name) })
}

func changing(next func(map[string]any)) JWTOption {
	return func(j *jwtShape) {
		before := j.change
		j.change = func(claims map[string]any) {
			before(claims)
			next(claims)
		}
	}
}

// JWT mints a JWT for the session as Stytch would, whether the session still lives or not.
func (s *Session) JWT(options ...JWTOption) string {
	return s.server.Sign(nil, s.Claims(options...))
}

// Claims are the claims such a JWT has: the caller's own, to change and hand to [Server.Sign].
func (s *Session) Claims(options ...JWTOption) map[string]any {
	return shapeOf(jwtLifetime, options).claims(s.server.now(), s.server.claims(s.grant()))
}

// Sign signs any claims with the current key, by RS256. The header's entries are added to alg, kid
// and typ, or replace them; nil leaves one out. It changes neither map.
func (s *Server) Sign(header, claims map[string]any) string {
	key := s.keys.current()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims(claims))
	token.Header["kid"] = key.ID
	for name, value := range header {
		token.Header[name] = value
		if value == nil {
			delete(token.Header, name)
		}
	}
	signed, err := token.SignedString(key.private)
	if err != nil {
		panic("stytchtest: Sign of claims that are not JSON (want strings, numbers, slices and maps): " + err.Error())
	}
	return signed
}

// mint is the JWT that Stytch hands out with a session.
func (s *Server) mint(g grant) string {
	return s.Sign(nil, shapeOf(jwtLifetime, nil).claims(s.now(), s.claims(g)))
}

// claims are those of a session's JWT, but the times.
func (s *Server) claims(g grant) map[string]any {
	claims := maps.Clone(g.Session.Claims)
	maps.Copy(claims, map[string]any{
		"iss": s.issuers()[0],
		"aud": []string{s.options.ProjectID},
		"sub": g.subject(),
		sessionClaim: map[string]any{
			"id":                     g.Session.ID,
			"started_at":             rfc3339(g.Session.StartedAt),
			"last_accessed_at":       rfc3339(g.Session.LastAccessedAt),
			"expires_at":             rfc3339(g.Session.ExpiresAt),
			"attributes":             map[string]any{"ip_address": "", "user_agent": ""},
			"authentication_factors": orEmpty(slices.Clone(g.Session.Factors)),
			"roles":                  slices.Clone(g.roles()),
		},
	})
	if !g.isUser() {
		claims[organizationClaim] = map[string]any{
			"organization_id": g.Organization.ID,
			"slug":            g.Organization.Slug,
		}
	}
	return claims
}

// issuers are the names the project goes by, the one it signs with first.
func (s *Server) issuers() []string {
	names := []string{"stytch.com/" + s.options.ProjectID, s.URL()}
	if s.options.CustomDomain {
		slices.Reverse(names)
	}
	return names
}

// verify gives the ID of the session that a JWT belongs to. The JWT may have expired: Stytch asks
// whether the session lives.
func (s *Server) verify(token string) (string, error) {
	var claims struct {
		jwt.RegisteredClaims
		Session struct {
			ID string `json:"id"`
		} `json:"https://stytch.com/session"`
	}
	_, err := jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
		jwt.WithoutClaimsValidation(),
	).ParseWithClaims(token, &claims, s.publicKey)
	switch {
	case err != nil,
		!slices.Contains(s.issuers(), claims.Issuer),
		!slices.Contains(claims.Audience, s.options.ProjectID),
		claims.Session.ID == "":
		return "", errUnableToParseSessionJWT
	}
	return claims.Session.ID, nil
}

func (s *Server) publicKey(token *jwt.Token) (any, error) {
	id, _ := token.Header["kid"].(string)
	key, known := s.keys.find(id)
	if !known {
		return nil, errors.New("unknown key " + fmt.Sprintf("%q", id))
	}
	return key, nil
}

// isReserved names the claims that custom claims can't set.
func isReserved(name string) bool {
	switch name {
	case "iss", "sub", "aud", "exp", "nbf", "iat", "jti":
		return true
	}
	return strings.HasPrefix(name, stytchPrefix)
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }
