package token

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/stytchkit/stytchkit/core/internal/keys"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/strict"
)

const (
	// Leeway is how far this server's clock and Stytch's may be apart.
	Leeway = 5 * time.Second
	// maxLength bounds the work on one token. Stytch's own custom claims are limited to 4 KB.
	maxLength = 16 << 10
)

// Keys are the project's signing keys.
type Keys interface {
	// Get is the key with this ID, nil when it is not known or too stale to trust.
	Get(kid string) *rsa.PublicKey
	// Find is Get for a key ID that was not known. It may wait; its error is [keys.ErrUndecided] when it
	// is not known yet whether the project has such a key.
	Find(ctx context.Context, kid string) (*rsa.PublicKey, error)
}

// Verifier verifies session JWTs and access tokens without asking anybody but the project's key set.
// It is safe for concurrent use.
type Verifier struct {
	keys          Keys
	now           func() time.Time
	projectID     string
	kind          session.Kind // whose sessions the project has
	issuers       []string     // of sessions: Stytch's own form, and a custom domain's
	accessIssuers []string     // of access tokens: those, and the project's further ones
	validator     *jwt.Validator
	header        atomic.Pointer[signedHeader] // of the last JWT with a good signature
	buffers       sync.Pool                    // *[]byte, for payloads while they are decoded
}

// New makes a verifier for a project, whose issuer is Stytch or the project's custom domain; further ones
// are taken of access tokens only.
func New(from Keys, now func() time.Time, projectID, baseURL string, kind session.Kind, further ...string) *Verifier {
	issuers := []string{"stytch.com/" + projectID, baseURL}
	return &Verifier{
		keys:          from,
		now:           now,
		projectID:     projectID,
		kind:          kind,
		issuers:       issuers,
		accessIssuers: slices.Concat(issuers, further),
		validator: jwt.NewValidator(
			jwt.WithTimeFunc(now),
			jwt.WithLeeway(Leeway),
			jwt.WithExpirationRequired(),
			jwt.WithIssuedAt(),
			jwt.WithAudience(projectID),
		),
		buffers: sync.Pool{New: func() any { return new([]byte) }},
	}
}

// Verify says what a JWT is worth. It may wait for keys, as [Keys] says, but asks nothing
// about a token that does not even claim to be from this project.
func (v *Verifier) Verify(ctx context.Context, token string) Verdict {
	s, undecided, err := v.signed(ctx, token, v.issuers)
	switch {
	case undecided:
		return Verdict{Standing: Undecided, Err: err}
	case err != nil:
		return refuse(err)
	}
	verdict := v.judge(token, s.parts)
	verdict.KeyID, verdict.Key = s.kid, s.key
	return verdict
}

// signed is a JWT whose signature is good.
type signed struct {
	parts Parts
	kid   string
	key   *rsa.PublicKey
}

// signed verifies the signature of a token by the project's keys; undecided: by a key that is not known yet.
func (v *Verifier) signed(ctx context.Context, token string, issuers []string) (s signed, undecided bool, err error) {
	if s.parts, err = Split(token); err != nil {
		return s, false, err
	}
	if s.kid, err = v.keyID(&s.parts); err != nil {
		return s, false, err
	}
	if s.key = v.keys.Get(s.kid); s.key == nil {
		if err := v.checkAddress(s.parts.payload, issuers); err != nil {
			return s, false, err
		}
		if s.key, err = v.keys.Find(ctx, s.kid); err != nil {
			return s, errors.Is(err, keys.ErrUndecided), err
		}
	}
	if err := s.parts.verify(s.key); err != nil {
		return s, false, err
	}
	v.note(&s.parts, s.kid)
	return s, false, nil
}

// signedHeader is the header of a JWT whose signature was good.
type signedHeader struct{ segment, kid string }

// keyID is [Parts.KeyID]. All JWTs of one key have the same header, so the last one that proved
// good is not decoded again.
func (v *Verifier) keyID(parts *Parts) (string, error) {
	if last := v.header.Load(); last != nil && last.segment == parts.header {
		return last.kid, nil
	}
	return parts.KeyID()
}

func (v *Verifier) note(parts *Parts, kid string) {
	if last := v.header.Load(); last == nil || last.segment != parts.header {
		v.header.Store(&signedHeader{segment: strings.Clone(parts.header), kid: kid})
	}
}

// judge reads the claims of a JWT whose signature is good.
func (v *Verifier) judge(token string, parts Parts) Verdict {
	buffer := v.buffers.Get().(*[]byte)
	defer v.buffers.Put(buffer)
	payload, err := strict.AppendBase64((*buffer)[:0], parts.payload)
	if err != nil {
		return refuse(errNotBase64)
	}
	*buffer = payload
	claims, err := readClaims(payload)
	if err != nil {
		return refuse(fmt.Errorf("claims do not decode: %w", err))
	}
	if !slices.Contains(v.issuers, claims.Issuer) {
		return refuse(fmt.Errorf("issued by %.80q", claims.Issuer))
	}
	raw := strings.Clone(token)
	facts, err := claims.facts(v.kind, session.PayloadOf(raw))
	if err != nil {
		return refuse(err)
	}
	verdict := Verdict{Standing: Live, Raw: raw, Expires: earlier(claims.ExpiresAt.date.Add(Leeway), facts.ExpiresAt)}
	switch err := v.validator.Validate(claims); {
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return refuse(errNotOurs)
	case errors.Is(err, jwt.ErrTokenExpired) || !v.now().Before(facts.ExpiresAt):
		verdict.Standing, verdict.Err = Expired, errors.New("session JWT has expired")
	case errors.Is(err, jwt.ErrTokenNotValidYet) || errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		verdict.Standing, verdict.Err = Early, errors.New("session JWT is not valid yet by this server's clock")
	case err != nil:
		return refuse(err)
	}
	verdict.Facts = facts
	return verdict
}

// checkAddress looks at the unverified issuer and audience, so that a foreign token costs no key fetch.
func (v *Verifier) checkAddress(payload string, issuers []string) error {
	raw, err := strict.AppendBase64(nil, payload)
	if err != nil {
		return errNotBase64
	}
	var claims struct {
		Issuer   string   `json:"iss"`
		Audience audience `json:"aud"`
	}
	if err := strict.Unmarshal(raw, &claims); err != nil {
		return fmt.Errorf("claims do not decode: %w", err)
	}
	if !slices.Contains(issuers, claims.Issuer) || !slices.Contains(claims.Audience.values, v.projectID) {
		return errors.New("unknown key, and another project's issuer or audience")
	}
	return nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
