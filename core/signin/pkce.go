package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// verifierSize is in bytes, as RFC 7636 §4.1 recommends.
const verifierSize = 32

func newVerifier() string {
	var random [verifierSize]byte
	_, _ = rand.Read(random[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(random[:])
}

func isVerifier(s string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(raw) == verifierSize
}

// challenge is what Stytch compares the verifier with (RFC 7636 §4.2, S256).
func (f flow) challenge() string {
	sum := sha256.Sum256([]byte(f.Verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
