package token

import (
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/stytchkit/stytchkit/core/internal/keys"
	"github.com/stytchkit/stytchkit/core/internal/strict"
)

// Parts are the segments of a compact JWS (RFC 7515 §7.1), still encoded.
type Parts struct {
	header, payload, signature string
	signing                    string // what the signature is over
}

// Split takes a compact JWS apart.
func Split(token string) (Parts, error) {
	if len(token) > maxLength {
		return Parts{}, fmt.Errorf("longer than %d bytes", maxLength)
	}
	header, rest, _ := strings.Cut(token, ".")
	payload, signature, ok := strings.Cut(rest, ".")
	if !ok || strings.IndexByte(signature, '.') >= 0 {
		return Parts{}, errNotThree
	}
	return Parts{
		header: header, payload: payload, signature: signature,
		signing: token[:len(header)+1+len(payload)],
	}, nil
}

// KeyID reads the header: RS256 and nothing else, a key ID, and no extension that would have to
// be understood (RFC 7515 §4.1.11).
func (p *Parts) KeyID() (string, error) {
	raw, err := strict.AppendBase64(nil, p.header)
	if err != nil {
		return "", errors.New("header is not base64url")
	}
	var header struct {
		Algorithm string          `json:"alg"`
		KeyID     string          `json:"kid"`
		Critical  json.RawMessage `json:"crit"`
	}
	if err := strict.Unmarshal(raw, &header); err != nil {
		return "", errors.New("header is not a JSON object of strings")
	}
	switch {
	case header.Algorithm != jwt.SigningMethodRS256.Alg():
		return "", fmt.Errorf("signed with %.20q, not RS256", header.Algorithm)
	case header.KeyID == "":
		return "", errors.New("header has no kid")
	case len(header.KeyID) > keys.MaxIDLength:
		return "", fmt.Errorf("kid is longer than %d bytes", keys.MaxIDLength)
	case header.Critical != nil:
		return "", errors.New("header has critical extensions")
	}
	return header.KeyID, nil
}

func (p *Parts) verify(key *rsa.PublicKey) error {
	var buffer [keys.MaxBits / 8]byte
	signature, err := strict.AppendBase64(buffer[:0], p.signature)
	if err != nil {
		return errors.New("signature is not base64url")
	}
	if err := jwt.SigningMethodRS256.Verify(p.signing, signature, key); err != nil {
		return errBadSignature
	}
	return nil
}
