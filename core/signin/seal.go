package signin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// sealSize is in characters: 128 bits.
const sealSize = 22

// seal marks a value as this application's own: nobody else can make one up.
func (h *Handler) seal(value string) string { return value + h.sealOf(value) }

// unseal is the value that seal was given.
func (h *Handler) unseal(sealed string) (value string, ok bool) {
	at := len(sealed) - sealSize
	if at <= 0 {
		return "", false
	}
	value = sealed[:at]
	return value, hmac.Equal([]byte(sealed[at:]), []byte(h.sealOf(value)))
}

func (h *Handler) sealOf(value string) string {
	mac := hmac.New(sha256.New, h.key)
	mac.Write([]byte(value))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))[:sealSize]
}
