package stytchtest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math/big"
	"net/url"
	"slices"
	"strings"
)

// credentialJSON is a PublicKeyCredential as browsers write one, WebAuthn §5.1.8.
type credentialJSON struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Response struct {
		ClientDataJSON    string `json:"clientDataJSON"`
		AttestationObject string `json:"attestationObject"`
		AuthenticatorData string `json:"authenticatorData"`
		Signature         string `json:"signature"`
	} `json:"response"`
}

// clientData is what the browser says of the page.
type clientData struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	Origin    string `json:"origin"`
}

func credentialOf(text string) (c credentialJSON, data clientData, raw []byte, err error) {
	if json.Unmarshal([]byte(text), &c) != nil || c.Type != "public-key" || c.ID == "" {
		return c, data, nil, errInvalidCredential
	}
	if raw, err = fromBase64(c.Response.ClientDataJSON); err != nil || json.Unmarshal(raw, &data) != nil {
		return c, data, nil, errInvalidCredential
	}
	data.Challenge = strings.TrimRight(data.Challenge, "=")
	return c, data, raw, nil
}

// fromBase64 reads either alphabet, with padding or without.
func fromBase64(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(text), "="))
}

// isFor reports whether a page of that origin may use credentials of a domain.
func isFor(origin, domain string) bool {
	u, err := url.Parse(origin)
	return err == nil && (u.Hostname() == domain || strings.HasSuffix(u.Hostname(), "."+domain))
}

// authenticatorData is what the authenticator says, WebAuthn §6.1.
type authenticatorData struct {
	userPresent  bool
	signCount    uint32
	credentialID string
	publicKey    any // *ecdsa.PublicKey or *rsa.PublicKey; nil in an assertion
}

var errNoCredential = errors.New("not a WebAuthn credential")

func readAuthenticatorData(b []byte, domain string) (d authenticatorData, err error) {
	const head = sha256.Size + 1 + 4
	hash := sha256.Sum256([]byte(domain))
	if len(b) < head || !bytes.Equal(b[:sha256.Size], hash[:]) {
		return d, errNoCredential
	}
	flags := b[sha256.Size]
	d.userPresent, d.signCount = flags&1 != 0, binary.BigEndian.Uint32(b[sha256.Size+1:])
	if flags&0x40 == 0 {
		return d, nil
	}
	const aaguid = 16
	b = b[head:]
	if len(b) < aaguid+2 {
		return d, errNoCredential
	}
	n := int(binary.BigEndian.Uint16(b[aaguid:]))
	if b = b[aaguid+2:]; len(b) < n {
		return d, errNoCredential
	}
	d.credentialID = base64.RawURLEncoding.EncodeToString(b[:n])
	d.publicKey, err = readCOSE(b[n:])
	return d, err
}

// attested cuts the authenticator's data out of an attestation object, in which it comes last. The
// stand-in asks for no attestation.
func attested(object []byte) ([]byte, error) {
	name := []byte("\x68authData")
	i := bytes.LastIndex(object, name)
	if i < 0 {
		return nil, errNoCredential
	}
	major, n, rest, err := readCBOR(object[i+len(name):])
	if err != nil || major != 2 || n > uint64(len(rest)) {
		return nil, errNoCredential
	}
	return rest[:n], nil
}

// readCBOR reads the head of an item, RFC 8949 §3: its major type and its argument.
func readCBOR(b []byte) (major byte, n uint64, rest []byte, err error) {
	if len(b) == 0 {
		return 0, 0, nil, errNoCredential
	}
	major, short, b := b[0]>>5, b[0]&0x1f, b[1:]
	if short < 24 {
		return major, uint64(short), b, nil
	}
	size := 1 << (short - 24)
	if short > 27 || len(b) < size {
		return 0, 0, nil, errNoCredential
	}
	for _, digit := range b[:size] {
		n = n<<8 | uint64(digit)
	}
	return major, n, b[size:], nil
}

// readCOSE reads a key of ES256 or RS256, RFC 9052 §7: a map of numbers to numbers and bytes.
func readCOSE(b []byte) (any, error) {
	major, pairs, b, err := readCBOR(b)
	if err != nil || major != 5 || pairs > 16 {
		return nil, errNoCredential
	}
	values := map[int64][]byte{}
	var algorithm int64
	for range pairs {
		var label, value int64
		var data []byte
		if label, _, b, err = readItem(b); err != nil {
			return nil, err
		}
		if value, data, b, err = readItem(b); err != nil {
			return nil, err
		}
		if values[label] = data; label == 3 {
			algorithm = value
		}
	}
	switch algorithm {
	case -7:
		return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, values[-2], values[-3]))
	case -257:
		return &rsa.PublicKey{N: new(big.Int).SetBytes(values[-1]), E: int(new(big.Int).SetBytes(values[-2]).Int64())}, nil
	}
	return nil, errNoCredential
}

// readItem reads a number or bytes.
func readItem(b []byte) (number int64, data, rest []byte, err error) {
	major, n, b, err := readCBOR(b)
	switch {
	case err != nil:
		return 0, nil, nil, err
	case major == 0:
		return int64(n), nil, b, nil //nolint:gosec // labels and algorithms are small
	case major == 1:
		return -1 - int64(n), nil, b, nil //nolint:gosec // as above
	case major == 2 && n <= uint64(len(b)):
		return 0, b[:n], b[n:], nil
	}
	return 0, nil, nil, errNoCredential
}

// signed checks an assertion's signature, WebAuthn §7.2 steps 19 and 20.
func signed(key any, data, client, signature []byte) bool {
	clientHash := sha256.Sum256(client)
	hash := sha256.Sum256(append(bytes.Clone(data), clientHash[:]...))
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, hash[:], signature)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, hash[:], signature) == nil
	}
	return false
}
