package signin

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"fmt"
)

// newBox makes what cookies are sealed in: AES-256 in Galois/Counter Mode with a random nonce, by a key that
// all replicas share.
func newBox(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("signin: the key of the cookies: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal makes a cookie's value that only this application can read or make up, and that is no other
// cookie's.
func (h *Handler) seal(cookie, value string) string {
	return base64.RawURLEncoding.EncodeToString(h.box.Seal(nil, nil, []byte(value), []byte(cookie))) //nolint:gosec // the box takes a random nonce
}

// sealedSize is how long a value is once it is sealed.
func (h *Handler) sealedSize(value string) int {
	return base64.RawURLEncoding.EncodedLen(len(value) + h.box.Overhead())
}

// unseal is the value that seal was given.
func (h *Handler) unseal(cookie, sealed string) (value string, ok bool) {
	if len(sealed) > maxCookie {
		return "", false
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return "", false
	}
	opened, err := h.box.Open(nil, nil, data, []byte(cookie))
	return string(opened), err == nil
}
