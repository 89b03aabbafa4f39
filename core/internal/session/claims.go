package session

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// Claims are the custom claims as a JSON object, nil when there are none.
func (f *Facts) Claims() ([]byte, error) {
	custom := f.customClaims()
	if len(custom) == 0 {
		return nil, nil
	}
	return json.Marshal(custom)
}

// customClaims are the claims of a payload that neither the JWT standard nor Stytch defines.
// The payload has been verified and decoded before.
func (f *Facts) customClaims() map[string]any {
	var claims map[string]any
	switch {
	case f.Payload != "":
		raw, err := base64.RawURLEncoding.DecodeString(f.Payload)
		if err != nil {
			return nil
		}
		_ = json.Unmarshal(raw, &claims) // a number that no float64 holds is left out, the others are read
	case f.Told != nil && f.Told.Claims != "":
		_ = json.Unmarshal([]byte(f.Told.Claims), &claims)
		return claims
	}
	for name := range claims {
		if isReservedClaim(name) {
			delete(claims, name)
		}
	}
	if len(claims) == 0 {
		return nil
	}
	return claims
}

// isReservedClaim knows RFC 7519 §4.1 and Stytch's own prefix. The SDK forgets jti.
func isReservedClaim(name string) bool {
	switch name {
	case "iss", "sub", "aud", "exp", "nbf", "iat", "jti":
		return true
	}
	return strings.HasPrefix(name, "https://stytch.com/")
}
