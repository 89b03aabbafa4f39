package token

import (
	"crypto/rsa"
	"errors"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/session"
)

// Standing is what local verification says of a JWT.
type Standing uint8

// The standings, from worthless to good; from Expired on the JWT is signed.
const (
	Forged    Standing = iota // no signature of the project's, or not a session of this project
	Undecided                 // signed by a key that is not known yet
	Expired                   // signed, and past its life: Stytch decides
	Early                     // signed, and not valid yet by this clock: Stytch decides
	Live                      // signed and valid
)

// Verdict is the outcome of verifying one JWT.
type Verdict struct {
	Standing Standing
	Facts    session.Facts  // of its session, when it is signed
	Expires  time.Time      // when the JWT stops to be live
	Raw      string         // the JWT, a copy of our own when signed
	KeyID    string         // of the key that it is signed by
	Key      *rsa.PublicKey // that key
	Err      error          // why it is not live
}

// Signed reports whether Stytch made this JWT for a session of this project.
func (v *Verdict) Signed() bool { return v.Standing >= Expired }

func refuse(why error) Verdict { return Verdict{Standing: Forged, Err: refused{why}} }

// refused is why a JWT was refused. Nobody reads most of them, so the text is put together late.
type refused struct{ why error }

var _ error = refused{}

func (e refused) Error() string { return "session JWT refused: " + e.why.Error() }
func (e refused) Unwrap() error { return e.why }

// ErrOtherKind is why a session of this project is refused that no project of the configured kind has: a
// member's is in an organization, a user's in none.
var ErrOtherKind = errors.New("is of a member where users are expected, or the other way round")

var (
	errNotBase64    = errors.New("payload is not base64url")
	errNotOurs      = errors.New("for another audience")
	errNotThree     = errors.New("not three segments")
	errBadSignature = errors.New("signature does not verify")
)
