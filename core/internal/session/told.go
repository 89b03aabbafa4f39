package session

import (
	"encoding/json"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/internal/strict"
)

// toldBy is what the SDK's types tell in a payload's place.
func toldBy(shown []sessions.AuthenticationFactor, custom map[string]any) *Told {
	t := &Told{}
	if len(shown) > 0 {
		factors, _ := json.Marshal(shown) // strings and times, which came out of JSON
		t.Factors = string(factors)
	}
	if len(custom) > 0 {
		claims, err := json.Marshal(custom)
		if err != nil {
			t.Inexact = unwritable(err)
		}
		t.Claims = string(claims)
	}
	return t
}

// by makes the custom claims, and the attributes, those of the JWT if it is the session's own: the SDK has
// rounded numbers in what it decoded.
func (t *Told) by(jwt, id string, decoded map[string]any) {
	claims, attributes, own := ownClaims(jwt, id)
	switch {
	case own:
		t.Claims, t.Inexact, t.Attributes = string(claims), nil, attributes
	case rounded(decoded):
		t.Inexact = errRounded
	}
}

// factors are the authentication factors with all their details. They have been decoded before.
func (f *Facts) factors() (factors []sessions.AuthenticationFactor) {
	switch {
	case f.Payload != "":
		var claims struct {
			Session struct {
				Factors []sessions.AuthenticationFactor `json:"authentication_factors"`
			} `json:"https://stytch.com/session"`
		}
		if raw, err := strict.AppendBase64(nil, f.Payload); err == nil {
			_ = strict.Unmarshal(raw, &claims)
		}
		return claims.Session.Factors
	case f.Told != nil && f.Told.Factors != "":
		_ = json.Unmarshal([]byte(f.Told.Factors), &factors)
	}
	return factors
}

// pointer is nil for what Stytch did not tell; a JWT always tells.
func (f *Facts) pointer(t time.Time) *time.Time {
	if t.IsZero() && f.Payload == "" {
		return nil
	}
	return &t
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
