package stytchkit

import (
	"context"
	"crypto/rsa"
	"errors"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/keys"
	"github.com/stytchkit/stytchkit/core/internal/token"
)

// leeway is how far this server's clock and Stytch's may be apart.
const leeway = token.Leeway

// standing is what local verification says of a JWT.
type standing = token.Standing

const (
	forged    = token.Forged
	undecided = token.Undecided
	expired   = token.Expired
	early     = token.Early
	live      = token.Live
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
func (v *jwtVerdict) signed() bool { return v.session != nil }

// verifier verifies session JWTs. It is safe for concurrent use.
type verifier struct {
	tokens    *token.Verifier
	otherKind func(error) // hears of sessions of the project's own that are of the other kind
}

func newVerifier(cfg *Config, k *keys.Keys, otherKind func(error)) *verifier {
	return &verifier{
		tokens:    token.New(k, cfg.Clock.Now, cfg.ProjectID, cfg.BaseURL, cfg.Vertical.kind(), cfg.Issuers...),
		otherKind: otherKind,
	}
}

// verify says what a JWT is worth. It may wait for keys, as [keys.Keys.Find] says.
func (v *verifier) verify(ctx context.Context, jwt string) jwtVerdict {
	found := v.tokens.Verify(ctx, jwt)
	if errors.Is(found.Err, token.ErrOtherKind) {
		v.otherKind(found.Err)
	}
	verdict := jwtVerdict{
		standing: found.Standing, expires: found.Expires, raw: found.Raw,
		kid: found.KeyID, key: found.Key, err: found.Err,
	}
	if found.Signed() {
		verdict.session = &Session{facts: found.Facts}
	}
	return verdict
}
