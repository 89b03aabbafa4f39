package stytchtest

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
)

// newID returns a name as Stytch gives them: a prefix, then a random UUID.
func newID(prefix string) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%s-%x-%x-%x-%x-%x", prefix, b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newToken returns 44 characters without a dot, as Stytch's opaque tokens have.
func newToken() string {
	var b [33]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}
