package stytchtest

import (
	"crypto/x509"
	"net/http"
	"slices"
	"strings"
	"time"
)

type passkeyFields struct {
	userLoginFields
	UserID                      string `json:"user_id"`
	Domain                      string `json:"domain"`
	UserAgent                   string `json:"user_agent"`
	AuthenticatorType           string `json:"authenticator_type"`
	ReturnPasskeyCredentialOpts bool   `json:"return_passkey_credential_options"`
	UseBase64URLEncoding        bool   `json:"use_base64_url_encoding"`
	PublicKeyCredential         string `json:"public_key_credential"`
}

func checkDomain(domain string) error {
	if domain == "" || strings.ContainsAny(domain, ":/ ") {
		return errInvalidKeyDomain
	}
	return nil
}

func (s *Server) startPasskeyRegistration(r *http.Request) (any, error) {
	p, err := decode[passkeyFields](r)
	if err != nil {
		return nil, err
	}
	if err := checkDomain(p.Domain); err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		u, err := st.userOr404(p.UserID)
		if err != nil {
			return nil, err
		}
		challenge := st.beginCeremony(ceremony{
			Type: "webauthn.create", UserID: u.ID, Key: passkey{Domain: p.Domain, UserAgent: p.UserAgent, Type: p.AuthenticatorType},
		}, now)
		return struct {
			envelope
			UserID  string `json:"user_id"`
			Options string `json:"public_key_credential_creation_options"`
		}{ok(), u.ID, creationOptions(u, p, challenge)}, nil
	})
}

func (s *Server) registerPasskey(r *http.Request) (any, error) {
	p, err := decode[passkeyFields](r)
	if err != nil {
		return nil, err
	}
	c, data, _, err := credentialOf(p.PublicKeyCredential)
	if err != nil {
		return nil, err
	}
	var key passkey
	g, err := s.logUserIn(p.userLoginFields, func(st *state, now time.Time) (userRecord, factor, error) {
		u, err := st.userOr404(p.UserID)
		if err != nil {
			return userRecord{}, factor{}, err
		}
		begun, found := st.answered(data, now)
		if !found || begun.UserID != u.ID {
			return userRecord{}, factor{}, errNoPendingPasskey
		}
		if key, err = begun.register(c, data); err != nil {
			return userRecord{}, factor{}, err
		}
		u.Passkeys = append(slices.Clone(u.Passkeys), key)
		return u, webAuthnFactor(key, now), nil
	})
	return s.passkeyResponse(g, key), err
}

// register makes a passkey of what an authenticator created.
func (c ceremony) register(credential credentialJSON, data clientData) (passkey, error) {
	if !isFor(data.Origin, c.Key.Domain) {
		return passkey{}, errInvalidKeyDomain
	}
	object, err := fromBase64(credential.Response.AttestationObject)
	if err != nil {
		return passkey{}, errInvalidCredential
	}
	raw, err := attested(object)
	if err != nil {
		return passkey{}, errInvalidCredential
	}
	created, err := readAuthenticatorData(raw, c.Key.Domain)
	if err != nil || !created.userPresent || created.publicKey == nil {
		return passkey{}, errInvalidCredential
	}
	key := c.Key
	if key.PublicKey, err = x509.MarshalPKIXPublicKey(created.publicKey); err != nil {
		return passkey{}, errInvalidCredential
	}
	key.ID, key.CredentialID, key.SignCount = newID("webauthn-registration-test"), created.credentialID, created.signCount
	return key, nil
}

type passkeyBody struct {
	userLoginBody
	WebAuthnRegistrationID string `json:"webauthn_registration_id"`
}

func (s *Server) passkeyResponse(g grant, key passkey) passkeyBody {
	return passkeyBody{s.userLoginResponse(g), key.ID}
}

func (s *Server) startPasskey(r *http.Request) (any, error) {
	p, err := decode[passkeyFields](r)
	if err != nil {
		return nil, err
	}
	if err := checkDomain(p.Domain); err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		allowed := []map[string]any{} // none: the browser offers those that it can discover
		if p.UserID != "" {
			u, err := st.userOr404(p.UserID)
			if err != nil {
				return nil, err
			}
			for _, key := range u.Passkeys {
				if key.Domain == p.Domain {
					allowed = append(allowed, map[string]any{"type": "public-key", "id": key.CredentialID})
				}
			}
			if len(allowed) == 0 {
				return nil, errPasskeyNotFound
			}
		}
		challenge := st.beginCeremony(ceremony{Type: "webauthn.get", UserID: p.UserID, Key: passkey{Domain: p.Domain}}, now)
		return struct {
			envelope
			UserID  string `json:"user_id"`
			Options string `json:"public_key_credential_request_options"`
		}{ok(), p.UserID, asJSON(map[string]any{
			"challenge": challenge, "timeout": ceremonyLifetime.Milliseconds(), "rpId": p.Domain,
			"allowCredentials": allowed, "userVerification": "preferred",
		})}, nil
	})
}

func (s *Server) authenticatePasskey(r *http.Request) (any, error) {
	p, err := decode[passkeyFields](r)
	if err != nil {
		return nil, err
	}
	c, data, client, err := credentialOf(p.PublicKeyCredential)
	if err != nil {
		return nil, err
	}
	var key passkey
	g, err := s.logUserIn(p.userLoginFields, func(st *state, now time.Time) (userRecord, factor, error) {
		begun, found := st.answered(data, now)
		if !found {
			return userRecord{}, factor{}, errUnableToAuthKey
		}
		u, i := st.passkey(func(k passkey) bool {
			return k.CredentialID == strings.TrimRight(c.ID, "=") && k.Domain == begun.Key.Domain
		})
		switch {
		case i < 0:
			return userRecord{}, factor{}, errPasskeyNotFound
		case begun.UserID != "" && begun.UserID != u.ID, !isFor(data.Origin, begun.Key.Domain):
			return userRecord{}, factor{}, errUnableToAuthKey
		}
		if key, err = u.Passkeys[i].proved(c, client); err != nil {
			return userRecord{}, factor{}, err
		}
		u.Passkeys = slices.Clone(u.Passkeys)
		u.Passkeys[i] = key
		return u, webAuthnFactor(key, now), nil
	})
	return s.passkeyResponse(g, key), err
}
