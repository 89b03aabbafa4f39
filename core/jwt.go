package stytchkit

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/internal/keys"
)

const (
	// leeway is how far this server's clock and Stytch's may be apart.
	leeway = 5 * time.Second
	// maxJWTLength bounds the work on one token. Stytch's own custom claims are limited to 4 KB.
	maxJWTLength = 16 << 10
)

// standing is what local verification says of a JWT.
type standing uint8

const (
	forged    standing = iota // no signature of the project's, or not a session of this project
	undecided                 // signed by a key that is not known yet
	expired                   // signed, and past its life: Stytch decides
	early                     // signed, and not valid yet by this clock: Stytch decides
	live                      // signed and valid
)

// jwtVerdict is the outcome of verifying one JWT. The session is set when it is signed.
type jwtVerdict struct {
	standing standing
	session  *Session
	expires  time.Time // when the JWT stops to be live
	raw      string    // the JWT, a copy of our own when signed
	kid      string    // of the key that it is signed by
	key      *rsa.PublicKey
	err      error // why it is not live
}

// signed reports whether Stytch made this JWT for a session of this project.
func (v *jwtVerdict) signed() bool { return v.standing >= expired }

// verifier verifies session JWTs without asking anybody but the project's key set.
// It is safe for concurrent use.
type verifier struct {
	keys      *keys.Keys
	clock     Clock
	projectID string
	issuers   []string // Stytch's own form, and a custom domain's
	claims    *jwt.Validator
	header    atomic.Pointer[signedHeader] // of the last JWT with a good signature
	buffers   sync.Pool                    // *[]byte, for payloads while they are decoded
}

func newVerifier(cfg *Config, k *keys.Keys) *verifier {
	return &verifier{
		keys:      k,
		clock:     cfg.Clock,
		projectID: cfg.ProjectID,
		issuers:   []string{"stytch.com/" + cfg.ProjectID, cfg.BaseURL},
		claims: jwt.NewValidator(
			jwt.WithTimeFunc(cfg.Clock.Now),
			jwt.WithLeeway(leeway),
			jwt.WithExpirationRequired(),
			jwt.WithIssuedAt(),
			jwt.WithAudience(cfg.ProjectID),
		),
		buffers: sync.Pool{New: func() any { return new([]byte) }},
	}
}

func refuseJWT(why error) jwtVerdict { return jwtVerdict{standing: forged, err: refusedJWT{why}} }

// refusedJWT is why a JWT was refused. Nobody reads most of them, so the text is put together late.
type refusedJWT struct{ why error }

var _ error = refusedJWT{}

func (e refusedJWT) Error() string { return "session JWT refused: " + e.why.Error() }
func (e refusedJWT) Unwrap() error { return e.why }

var (
	errNotBase64    = errors.New("payload is not base64url")
	errNotOurs      = errors.New("for another audience")
	errNotThree     = errors.New("not three segments")
	errBadSignature = errors.New("signature does not verify")
)

// verify says what a JWT is worth. It may wait for keys, as [keys.Keys.Find] says, but asks nothing
// about a token that does not even claim to be from this project.
func (v *verifier) verify(ctx context.Context, token string) jwtVerdict {
	parts, err := splitJWT(token)
	if err != nil {
		return refuseJWT(err)
	}
	kid, err := v.keyID(&parts)
	if err != nil {
		return refuseJWT(err)
	}
	key := v.keys.Get(kid)
	if key == nil {
		if err := v.checkAddress(parts.payload); err != nil {
			return refuseJWT(err)
		}
		key, err = v.keys.Find(ctx, kid)
		if errors.Is(err, keys.ErrUndecided) {
			return jwtVerdict{standing: undecided, err: err}
		}
		if err != nil {
			return refuseJWT(err)
		}
	}
	if err := parts.verify(key); err != nil {
		return refuseJWT(err)
	}
	v.note(&parts, kid)
	verdict := v.judge(token, parts)
	verdict.kid, verdict.key = kid, key
	return verdict
}

// signedHeader is the header of a JWT whose signature was good.
type signedHeader struct{ segment, kid string }

// keyID is [jwtParts.keyID]. All JWTs of one key have the same header, so the last one that proved
// good is not decoded again.
func (v *verifier) keyID(parts *jwtParts) (string, error) {
	if last := v.header.Load(); last != nil && last.segment == parts.header {
		return last.kid, nil
	}
	return parts.keyID()
}

func (v *verifier) note(parts *jwtParts, kid string) {
	if last := v.header.Load(); last == nil || last.segment != parts.header {
		v.header.Store(&signedHeader{segment: strings.Clone(parts.header), kid: kid})
	}
}

// judge reads the claims of a JWT whose signature is good.
func (v *verifier) judge(token string, parts jwtParts) jwtVerdict {
	buffer := v.buffers.Get().(*[]byte)
	defer v.buffers.Put(buffer)
	payload, err := base64.RawURLEncoding.AppendDecode((*buffer)[:0], []byte(parts.payload))
	if err != nil {
		return refuseJWT(errNotBase64)
	}
	*buffer = payload
	claims, err := readClaims(payload)
	if err != nil {
		return refuseJWT(fmt.Errorf("claims do not decode: %w", err))
	}
	if !slices.Contains(v.issuers, claims.Issuer) {
		return refuseJWT(fmt.Errorf("issued by %.80q", claims.Issuer))
	}
	raw := strings.Clone(token)
	session, err := sessionOf(claims, raw)
	if err != nil {
		return refuseJWT(err)
	}
	verdict := jwtVerdict{standing: live, session: session, raw: raw, expires: earlier(claims.ExpiresAt.date.Add(leeway), session.ExpiresAt())}
	switch err := v.claims.Validate(claims); {
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return refuseJWT(errNotOurs)
	case errors.Is(err, jwt.ErrTokenExpired) || !v.clock.Now().Before(session.ExpiresAt()):
		verdict.standing, verdict.err = expired, errors.New("session JWT has expired")
	case errors.Is(err, jwt.ErrTokenNotValidYet) || errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		verdict.standing, verdict.err = early, errors.New("session JWT is not valid yet by this server's clock")
	case err != nil:
		return refuseJWT(err)
	}
	return verdict
}

// checkAddress looks at the unverified issuer and audience, so that a foreign token costs no key fetch.
func (v *verifier) checkAddress(payload string) error {
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return errNotBase64
	}
	var claims struct {
		Issuer   string           `json:"iss"`
		Audience jwt.ClaimStrings `json:"aud"`
	}
	if err := json.Unmarshal(raw, &claims); err != nil {
		return fmt.Errorf("claims do not decode: %w", err)
	}
	if !slices.Contains(v.issuers, claims.Issuer) || !slices.Contains(claims.Audience, v.projectID) {
		return errors.New("unknown key, and another project's issuer or audience")
	}
	return nil
}

// sessionOf builds the session that a JWT is a snapshot of. A token that is signed by the same
// keys but holds no session (an M2M token, say) is an error.
func sessionOf(claims *jwtClaims, raw string) (*Session, error) {
	if !claims.ExpiresAt.set || !claims.IssuedAt.set {
		return nil, errors.New("exp or iat is missing")
	}
	if claims.Session.ID == "" || claims.Subject == "" || claims.Organization.ID == "" {
		return nil, errors.New("holds no member session")
	}
	s := new(struct { // one allocation
		session                    Session
		started, accessed, expires time.Time
	})
	var err error
	if s.started, err = claims.Session.StartedAt.inUTC(); err != nil {
		return nil, fmt.Errorf("started_at: %w", err)
	}
	if s.accessed, err = claims.Session.LastAccessedAt.inUTC(); err != nil {
		return nil, fmt.Errorf("last_accessed_at: %w", err)
	}
	if s.expires, err = inRange(claims.ExpiresAt.date.Time); err != nil {
		return nil, fmt.Errorf("exp: %w", err)
	}
	if claims.Session.ExpiresAt.given {
		if s.expires, err = claims.Session.ExpiresAt.inUTC(); err != nil {
			return nil, fmt.Errorf("expires_at: %w", err)
		}
	}
	s.session = Session{
		member: sessions.MemberSession{
			MemberSessionID:       claims.Session.ID,
			MemberID:              claims.Subject,
			StartedAt:             &s.started,
			LastAccessedAt:        &s.accessed,
			ExpiresAt:             &s.expires,
			AuthenticationFactors: claims.Session.AuthenticationFactors,
			OrganizationID:        claims.Organization.ID,
			OrganizationSlug:      claims.Organization.Slug,
			Roles:                 claims.Session.Roles,
		},
		payload:   payloadOf(raw),
		vouchedAt: claims.IssuedAt.date.UTC(),
	}
	return &s.session, nil
}

// inRange is a time in UTC that JSON can hold: RFC 3339 writes years with four digits.
func inRange(t time.Time) (time.Time, error) {
	t = t.UTC()
	if year := t.Year(); year < 0 || year > 9999 {
		return time.Time{}, fmt.Errorf("the year %d is out of range", year)
	}
	return t, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
