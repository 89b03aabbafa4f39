package stytchtest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/webauthn"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// authenticatorKey is a browser with a passkey of ES256.
type authenticatorKey struct {
	id    []byte
	key   *ecdsa.PrivateKey
	count uint32
}

func newAuthenticatorKey(t *testing.T) *authenticatorKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &authenticatorKey{id: []byte("a credential's ID"), key: private, count: 1}
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticatorKey) clientData(kind, options, origin string) []byte {
	var o struct{ Challenge string }
	_ = json.Unmarshal([]byte(options), &o) // an empty challenge is refused
	data, _ := json.Marshal(map[string]string{"type": kind, "challenge": o.Challenge, "origin": origin})
	return data
}

func (a *authenticatorKey) data(domain string, flags byte) []byte {
	hash := sha256.Sum256([]byte(domain))
	return binary.BigEndian.AppendUint32(append(hash[:], flags), a.count)
}

// create answers a registration's options.
func (a *authenticatorKey) create(options, domain, origin string) string {
	point, _ := a.key.PublicKey.Bytes() // 4, then X and Y
	data := append(a.data(domain, 0x41), make([]byte, 16)...)
	data = append(data, 0, byte(len(a.id)))
	data = append(data, a.id...)
	data = append(data, 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20)
	data = append(data, point[1:33]...)
	data = append(append(data, 0x22, 0x58, 0x20), point[33:]...)
	object := slices.Concat([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"), []byte{byte(len(data))}, data)
	return credential(a.id, map[string]string{
		"clientDataJSON": encoded(a.clientData("webauthn.create", options, origin)), "attestationObject": encoded(object),
	})
}

// get answers an authentication's options.
func (a *authenticatorKey) get(options, domain, origin string) string {
	a.count++
	client, data := a.clientData("webauthn.get", options, origin), a.data(domain, 1)
	clientHash := sha256.Sum256(client)
	hash := sha256.Sum256(append(slices.Clone(data), clientHash[:]...))
	signature, _ := ecdsa.SignASN1(rand.Reader, a.key, hash[:])
	return credential(a.id, map[string]string{
		"clientDataJSON": encoded(client), "authenticatorData": encoded(data), "signature": encoded(signature),
	})
}

func credential(id []byte, response map[string]string) string {
	data, _ := json.Marshal(map[string]any{"id": encoded(id), "rawId": encoded(id), "type": "public-key", "response": response})
	return string(data)
}

func TestAPasskeyIsRegisteredAndSignsIn(t *testing.T) {
	srv, clock, client := startConsumer(t)
	user := srv.AddUser(stytchtest.User{Email: "ada@example.com"})
	session, key := user.SignIn(), newAuthenticatorKey(t)
	const domain, origin = "example.com", "https://app.example.com"
	begin := func() string {
		got, err := client.WebAuthn.RegisterStart(t.Context(), &webauthn.RegisterStartParams{
			UserID: user.ID, Domain: domain, ReturnPasskeyCredentialOptions: true, UseBase64URLEncoding: true, UserAgent: "a browser",
		})
		wantRefusal(t, err, "")
		return got.PublicKeyCredentialCreationOptions
	}
	register := func(credential string) (*webauthn.RegisterResponse, error) {
		return client.WebAuthn.Register(t.Context(), &webauthn.RegisterParams{UserID: user.ID, PublicKeyCredential: credential, SessionToken: session.Token})
	}
	for _, row := range []struct{ credential, want string }{
		{"nonsense", "400 invalid_public_key_credential"},
		{key.create(`{"challenge":"made-up"}`, domain, origin), "404 no_pending_webauthn_registration"},
		{key.create(begin(), domain, "https://example.com.evil.example"), "400 invalid_webauthn_registration_domain"},
		{key.create(begin(), "evil.example", origin), "400 invalid_public_key_credential"},
	} {
		_, err := register(row.credential)
		wantRefusal(t, err, row.want)
	}
	late := begin()
	clock.Advance(5 * time.Minute)
	_, err := register(key.create(late, domain, origin))
	wantRefusal(t, err, "404 no_pending_webauthn_registration")

	options := begin()
	registered, err := register(key.create(options, domain, origin))
	wantRefusal(t, err, "")
	if registered.WebAuthnRegistrationID == "" || len(registered.User.WebAuthnRegistrations) != 1 || registered.User.WebAuthnRegistrations[0].Domain != domain ||
		kinds(registered.Session.AuthenticationFactors) != "magic_link webauthn" {
		t.Errorf("answered %+v", registered)
	}
	_, err = register(key.create(options, domain, origin))
	wantRefusal(t, err, "404 no_pending_webauthn_registration") // a challenge is good once

	for _, whose := range []string{"", user.ID} {
		started, err := client.WebAuthn.AuthenticateStart(t.Context(), &webauthn.AuthenticateStartParams{Domain: domain, UserID: whose})
		wantRefusal(t, err, "")
		assertion := key.get(started.PublicKeyCredentialRequestOptions, domain, origin)
		got, err := client.WebAuthn.Authenticate(t.Context(), &webauthn.AuthenticateParams{PublicKeyCredential: assertion, SessionDurationMinutes: 60})
		wantRefusal(t, err, "")
		f := got.Session.AuthenticationFactors
		if got.UserID != user.ID || got.WebAuthnRegistrationID != registered.WebAuthnRegistrationID || kinds(f) != "webauthn" || f[0].WebAuthnFactor.Domain != domain {
			t.Errorf("answered %+v", got)
		}
		_, err = client.WebAuthn.Authenticate(t.Context(), &webauthn.AuthenticateParams{PublicKeyCredential: assertion})
		wantRefusal(t, err, "401 unable_to_auth_webauthn_registration")
	}
}

func TestAnotherKeysAssertionSignsNobodyIn(t *testing.T) {
	srv, _, client := startConsumer(t)
	user, other := srv.AddUser(stytchtest.User{}), srv.AddUser(stytchtest.User{})
	const domain, origin = "localhost", "http://localhost:8080"
	key := newAuthenticatorKey(t)
	begun, err := client.WebAuthn.RegisterStart(t.Context(), &webauthn.RegisterStartParams{UserID: user.ID, Domain: domain, UseBase64URLEncoding: true})
	wantRefusal(t, err, "")
	registered, err := client.WebAuthn.Register(t.Context(), &webauthn.RegisterParams{UserID: user.ID, PublicKeyCredential: key.create(begun.PublicKeyCredentialCreationOptions, domain, origin)})
	wantRefusal(t, err, "")

	authenticate := func(assert func(options string) string) error {
		started, err := client.WebAuthn.AuthenticateStart(t.Context(), &webauthn.AuthenticateStartParams{Domain: domain})
		wantRefusal(t, err, "")
		_, err = client.WebAuthn.Authenticate(t.Context(), &webauthn.AuthenticateParams{PublicKeyCredential: assert(started.PublicKeyCredentialRequestOptions)})
		return err
	}
	forged := newAuthenticatorKey(t)
	unknown := newAuthenticatorKey(t)
	unknown.id = []byte("another")
	copied := &authenticatorKey{id: key.id, key: key.key}
	for name, row := range map[string]struct {
		assert func(options string) string
		want   string
	}{
		"another key under the same ID": {func(o string) string { return forged.get(o, domain, origin) }, "401 unable_to_auth_webauthn_registration"},
		"an unknown credential":         {func(o string) string { return unknown.get(o, domain, origin) }, "404 webauthn_registration_not_found"},
		"a page elsewhere":              {func(o string) string { return key.get(o, domain, "https://evil.example") }, "401 unable_to_auth_webauthn_registration"},
		"a copy, whose count is behind": {func(o string) string { return copied.get(o, domain, origin) }, "401 unable_to_auth_webauthn_registration"},
		"a made-up challenge":           {func(string) string { return key.get(`{"challenge":"made-up"}`, domain, origin) }, "401 unable_to_auth_webauthn_registration"},
		"the key itself":                {func(o string) string { return key.get(o, domain, origin) }, ""},
	} {
		if got := refusal(authenticate(row.assert)); got != row.want {
			t.Errorf("%s: refused with %q, want %q", name, got, row.want)
		}
	}
	_, err = client.WebAuthn.AuthenticateStart(t.Context(), &webauthn.AuthenticateStartParams{Domain: domain, UserID: other.ID})
	wantRefusal(t, err, "404 webauthn_registration_not_found")
	_, err = client.WebAuthn.AuthenticateStart(t.Context(), &webauthn.AuthenticateStartParams{Domain: "https://localhost"})
	wantRefusal(t, err, "400 invalid_webauthn_registration_domain")

	id := registered.WebAuthnRegistrationID
	renamed, err := client.WebAuthn.Update(t.Context(), &webauthn.UpdateParams{WebAuthnRegistrationID: id, Name: "My laptop"})
	wantRefusal(t, err, "")
	if renamed.WebAuthnRegistration.Name != "My laptop" {
		t.Errorf("renamed to %+v", renamed.WebAuthnRegistration)
	}
	removed, err := client.Users.DeleteWebAuthnRegistration(t.Context(), &users.DeleteWebAuthnRegistrationParams{WebAuthnRegistrationID: id})
	wantRefusal(t, err, "")
	if len(removed.User.WebAuthnRegistrations) != 0 {
		t.Errorf("left are %+v", removed.User.WebAuthnRegistrations)
	}
	if got := refusal(authenticate(func(o string) string { return key.get(o, domain, origin) })); got != "404 webauthn_registration_not_found" {
		t.Errorf("a removed passkey: refused with %q", got)
	}
}
