package stytchtest

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// ceremonyLifetime is how long a challenge waits for its answer: Stytch's.
const ceremonyLifetime = 5 * time.Minute

// ceremony is a registration or an authentication under way.
type ceremony struct {
	Type      string // webauthn.create or webauthn.get
	UserID    string // "": whoever's passkey it is
	Key       passkey
	ExpiresAt time.Time
}

// beginCeremony gives a ceremony its challenge.
func (st *state) beginCeremony(c ceremony, now time.Time) string {
	challenge := newToken()
	c.ExpiresAt = now.Add(ceremonyLifetime)
	st.ceremonies.put(challenge, c)
	return challenge
}

// answered ends the ceremony whose challenge a browser answers.
func (st *state) answered(data clientData, now time.Time) (ceremony, bool) {
	c, found := st.ceremonies.get(data.Challenge)
	if !found || c.Type != data.Type || !now.Before(c.ExpiresAt) {
		return ceremony{}, false
	}
	st.ceremonies.remove(data.Challenge)
	return c, true
}

// creationOptions are PublicKeyCredentialCreationOptions as JSON, in base64 or base64url.
func creationOptions(u userRecord, p passkeyFields, challenge string) string {
	encode := func(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
	if p.UseBase64URLEncoding {
		encode = base64.RawURLEncoding.EncodeToString
	}
	raw, _ := fromBase64(challenge) // it is ours
	selection := map[string]any{"userVerification": "preferred"}
	if p.AuthenticatorType != "" {
		selection["authenticatorAttachment"] = p.AuthenticatorType
	}
	if p.ReturnPasskeyCredentialOpts {
		selection["residentKey"], selection["requireResidentKey"], selection["userVerification"] = "required", true, "required"
	}
	exclude := []map[string]any{}
	for _, key := range u.Passkeys {
		id, _ := fromBase64(key.CredentialID) // it is ours
		exclude = append(exclude, map[string]any{"type": "public-key", "id": encode(id)})
	}
	return asJSON(map[string]any{
		"rp":                     map[string]any{"id": p.Domain, "name": p.Domain},
		"user":                   map[string]any{"id": encode([]byte(u.ID)), "name": userPerson(u.User).email, "displayName": u.name()},
		"challenge":              encode(raw),
		"pubKeyCredParams":       []map[string]any{{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}},
		"timeout":                ceremonyLifetime.Milliseconds(),
		"excludeCredentials":     exclude,
		"authenticatorSelection": selection,
		"attestation":            "none",
	})
}

func asJSON(value any) string {
	data, _ := json.Marshal(value) // maps of strings always marshal
	return string(data)
}
