package signin_test

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
)

// passkeyDevice is a browser's authenticator with one passkey of ES256, which asks nobody.
type passkeyDevice struct {
	id    []byte
	key   *ecdsa.PrivateKey
	count uint32
}

func newPasskeyDevice(t *testing.T) *passkeyDevice {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &passkeyDevice{id: []byte(rand.Text()), key: key, count: 1}
}

// passkeyOptions is what the handler gives a browser.
type passkeyOptions struct {
	Ceremony string
	Options  struct {
		Challenge string
		RPID      string `json:"rpId"`
		RP        struct{ ID string }
		User      struct{ Name string }
		Allow     []struct{ ID string } `json:"allowCredentials"`
		Exclude   []struct{ ID string } `json:"excludeCredentials"`
	} `json:"public_key"`
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// create answers the options of a new passkey.
func (d *passkeyDevice) create(o passkeyOptions, origin string) string {
	point, _ := d.key.PublicKey.Bytes() // 4, then X and Y
	data := slices.Concat(d.data(o.Options.RP.ID, 0x45), make([]byte, 16), []byte{0, byte(len(d.id))}, d.id,
		[]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20}, point[1:33], []byte{0x22, 0x58, 0x20}, point[33:])
	object := slices.Concat([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"), []byte{byte(len(data))}, data)
	return d.credential(map[string]string{
		"clientDataJSON": base64url(clientDataOf("webauthn.create", o, origin)), "attestationObject": base64url(object),
	})
}

// get answers the options of a proof.
func (d *passkeyDevice) get(o passkeyOptions, origin string) string {
	d.count++
	client, data := clientDataOf("webauthn.get", o, origin), d.data(o.Options.RPID, 5)
	clientHash := sha256.Sum256(client)
	hash := sha256.Sum256(slices.Concat(data, clientHash[:]))
	signature, _ := ecdsa.SignASN1(rand.Reader, d.key, hash[:])
	return d.credential(map[string]string{
		"clientDataJSON": base64url(client), "authenticatorData": base64url(data), "signature": base64url(signature),
	})
}

func clientDataOf(kind string, o passkeyOptions, origin string) []byte {
	data, _ := json.Marshal(map[string]any{"type": kind, "challenge": o.Options.Challenge, "origin": origin, "crossOrigin": false})
	return data
}

func (d *passkeyDevice) data(domain string, flags byte) []byte {
	hash := sha256.Sum256([]byte(domain))
	return binary.BigEndian.AppendUint32(append(hash[:], flags), d.count)
}

func (d *passkeyDevice) credential(response map[string]string) string {
	data, _ := json.Marshal(map[string]any{"id": base64url(d.id), "rawId": base64url(d.id), "type": "public-key", "response": response})
	return string(data)
}
