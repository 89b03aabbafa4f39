package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/strict"
)

// PayloadOf is the second segment of a well-formed JWT.
func PayloadOf(jwt string) string {
	_, rest, _ := strings.Cut(jwt, ".")
	payload, _, _ := strings.Cut(rest, ".")
	return payload
}

// Claims are the custom claims as a JSON object, each as it was written; nil when there are none.
func (f *Facts) Claims() ([]byte, error) {
	switch {
	case f.Payload != "":
		return customClaims(f.Payload)
	case f.Told == nil:
		return nil, nil
	case f.Told.Inexact != nil:
		return nil, f.Told.Inexact
	case f.Told.Claims == "":
		return nil, nil
	}
	return []byte(f.Told.Claims), nil
}

// claimsMap are the custom claims as the SDK decodes them, with its float64. A number that none holds
// is left out.
func (f *Facts) claimsMap(data []byte) (claims map[string]any) {
	if data == nil && f.Told != nil {
		data = []byte(f.Told.Claims) // or as the SDK has rounded them itself
	}
	if len(data) > 0 {
		_ = json.Unmarshal(data, &claims)
	}
	return claims
}

// customClaims cuts those claims out of a payload that neither the JWT standard nor Stytch defines.
func customClaims(payload string) ([]byte, error) {
	raw, err := strict.AppendBase64(nil, payload)
	if err != nil {
		return nil, err
	}
	return strict.Members(raw, IsCustomClaim)
}

// IsCustomClaim knows RFC 7519 §4.1 and Stytch's own prefix. The SDK forgets jti.
func IsCustomClaim(name string) bool {
	switch name {
	case "iss", "sub", "aud", "exp", "nbf", "iat", "jti":
		return false
	}
	return !strings.HasPrefix(name, "https://stytch.com/")
}

// ownClaims are the custom claims, and the attributes, in a JWT that Stytch has handed out for this
// session; false for any other JWT. Its signature is not looked at: it came from Stytch itself.
func ownClaims(jwt, id string) (claims []byte, from Attributes, own bool) {
	payload := PayloadOf(jwt)
	raw, err := strict.AppendBase64(nil, payload)
	if err != nil {
		return nil, from, false
	}
	var of struct {
		Session struct {
			ID         string     `json:"id"`
			Attributes Attributes `json:"attributes"`
		} `json:"https://stytch.com/session"`
	}
	if err := strict.Unmarshal(raw, &of); err != nil || of.Session.ID != id {
		return nil, from, false
	}
	claims, err = strict.Members(raw, IsCustomClaim)
	return claims, of.Session.Attributes, err == nil
}

// Attributes are where the session began; they have been decoded before.
func (f *Facts) Attributes() (from Attributes) {
	switch {
	case f.Payload != "":
		var of struct {
			Session struct {
				Attributes Attributes `json:"attributes"`
			} `json:"https://stytch.com/session"`
		}
		if raw, err := strict.AppendBase64(nil, f.Payload); err == nil {
			_ = strict.Unmarshal(raw, &of)
		}
		return of.Session.Attributes
	case f.Told != nil:
		return f.Told.Attributes
	}
	return from
}

// maxExact is where float64 begins to leave whole numbers out.
const maxExact = 1 << 53

var errRounded = errors.New("stytchkit: Stytch answered without a JWT of the session, and the SDK has rounded a number of its custom claims")

// rounded reports whether JSON that was decoded may have held another number.
func rounded(decoded any) bool {
	switch v := decoded.(type) {
	case float64:
		return v >= maxExact || v <= -maxExact
	case []any:
		for _, element := range v {
			if rounded(element) {
				return true
			}
		}
	case map[string]any:
		for _, element := range v {
			if rounded(element) {
				return true
			}
		}
	}
	return false
}

func unwritable(err error) error {
	return fmt.Errorf("stytchkit: custom claims cannot be written as JSON: %w", err)
}
