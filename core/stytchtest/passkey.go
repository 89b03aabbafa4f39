package stytchtest

import (
	"crypto/x509"
	"net/http"
	"slices"
)

// passkey is a WebAuthn credential that a user has registered.
type passkey struct {
	ID        string // the webauthn_registration_id
	Domain    string
	UserAgent string
	Name      string
	Type      string // of the authenticator: platform, cross-platform or ""

	CredentialID string // base64url
	PublicKey    []byte // PKIX
	SignCount    uint32
}

type passkeyObject struct {
	WebAuthnRegistrationID string `json:"webauthn_registration_id"`
	Domain                 string `json:"domain"`
	UserAgent              string `json:"user_agent"`
	AuthenticatorType      string `json:"authenticator_type"`
	Verified               bool   `json:"verified"`
	Name                   string `json:"name"`
}

func passkeyOf(k passkey) passkeyObject {
	return passkeyObject{k.ID, k.Domain, k.UserAgent, k.Type, true, k.Name}
}

// proved checks an assertion by the passkey, and counts it.
func (k passkey) proved(c credentialJSON, client []byte) (passkey, error) {
	raw, err := fromBase64(c.Response.AuthenticatorData)
	if err != nil {
		return k, errInvalidCredential
	}
	signature, err := fromBase64(c.Response.Signature)
	if err != nil {
		return k, errInvalidCredential
	}
	data, err := readAuthenticatorData(raw, k.Domain)
	if err != nil || !data.userPresent {
		return k, errUnableToAuthKey
	}
	key, err := x509.ParsePKIXPublicKey(k.PublicKey)
	if err != nil || !signed(key, raw, client, signature) {
		return k, errUnableToAuthKey
	}
	// A count that does not grow is a copy's, WebAuthn §6.1.1; authenticators without one show 0.
	if (data.signCount != 0 || k.SignCount != 0) && data.signCount <= k.SignCount {
		return k, errUnableToAuthKey
	}
	k.SignCount = data.signCount
	return k, nil
}

// passkey finds one, and whose it is; -1 when there is none.
func (st *state) passkey(is func(passkey) bool) (userRecord, int) {
	for u := range st.users.all() {
		if i := slices.IndexFunc(u.Passkeys, is); i >= 0 {
			return u, i
		}
	}
	return userRecord{}, -1
}

// passkeyAt is the one that the path names.
func (st *state) passkeyAt(r *http.Request) (userRecord, int, error) {
	u, i := st.passkey(func(k passkey) bool { return k.ID == r.PathValue("webauthn_registration_id") })
	if i < 0 {
		return u, i, errPasskeyNotFound
	}
	u.Passkeys = slices.Clone(u.Passkeys)
	return u, i, nil
}

func (s *Server) updatePasskey(r *http.Request) (any, error) {
	p, err := decode[struct {
		Name string `json:"name"`
	}](r)
	if err != nil {
		return nil, err
	}
	return locked(s, func(st *state) (any, error) {
		u, i, err := st.passkeyAt(r)
		if err != nil {
			return nil, err
		}
		u.Passkeys[i].Name = p.Name
		st.putUser(u)
		return struct {
			envelope
			Registration passkeyObject `json:"webauthn_registration"`
		}{ok(), passkeyOf(u.Passkeys[i])}, nil
	})
}

func (s *Server) deletePasskey(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		u, i, err := st.passkeyAt(r)
		if err != nil {
			return nil, err
		}
		u.Passkeys = slices.Delete(u.Passkeys, i, i+1)
		st.putUser(u)
		return userResponse(u), nil
	})
}
