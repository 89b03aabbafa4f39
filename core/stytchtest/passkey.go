package stytchtest

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
