package keys

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"

	"github.com/stytchkit/stytchkit/core/internal/strict"
)

const (
	maxJWKSBytes = 1 << 20
	minBits      = 2048 // RFC 7518 §3.3
	maxKeys      = 64

	// MaxBits bounds the size of a key: a larger one would only cost time.
	MaxBits = 8192
)

// fetchJWKS gets the usable keys of a JWKS (RFC 7517 §5) without credentials. A malformed key is
// skipped; an answer without a usable key is an error, so that it replaces nothing.
func fetchJWKS(ctx context.Context, client *http.Client, url string) (map[string]*rsa.PublicKey, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the JWKS endpoint answered %d", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxJWKSBytes+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxJWKSBytes {
		return nil, fmt.Errorf("the JWKS is larger than %d bytes", maxJWKSBytes)
	}
	return parseKeys(body)
}

func parseKeys(body []byte) (map[string]*rsa.PublicKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := strict.Unmarshal(body, &set); err != nil {
		return nil, errors.New("the JWKS endpoint did not answer with a JWKS")
	}
	byID := map[string]*rsa.PublicKey{}
	for _, raw := range set.Keys {
		if kid, key, ok := parseKey(raw); ok && len(byID) < maxKeys {
			byID[kid] = key
		}
	}
	if len(byID) == 0 {
		return nil, fmt.Errorf("the JWKS has no usable RS256 key among %d", len(set.Keys))
	}
	return byID, nil
}

func parseKey(raw json.RawMessage) (kid string, key *rsa.PublicKey, ok bool) {
	var jwk struct {
		Type      string `json:"kty"`
		Use       string `json:"use"`
		Algorithm string `json:"alg"`
		KeyID     string `json:"kid"`
		N         string `json:"n"`
		E         string `json:"e"`
	}
	if err := strict.Unmarshal(raw, &jwk); err != nil {
		return "", nil, false
	}
	if jwk.Type != "RSA" || !oneOf(jwk.Use, "", "sig") || !oneOf(jwk.Algorithm, "", "RS256") ||
		jwk.KeyID == "" || len(jwk.KeyID) > MaxIDLength {
		return "", nil, false
	}
	n, errN := strict.AppendBase64(nil, jwk.N)
	e, errE := strict.AppendBase64(nil, jwk.E)
	if errN != nil || errE != nil || len(e) > 4 {
		return "", nil, false
	}
	modulus, exponent := new(big.Int).SetBytes(n), new(big.Int).SetBytes(e).Int64()
	if bits := modulus.BitLen(); bits < minBits || bits > MaxBits || modulus.Bit(0) == 0 {
		return "", nil, false
	}
	if exponent < 3 || exponent > 1<<31-1 || exponent%2 == 0 {
		return "", nil, false
	}
	return jwk.KeyID, &rsa.PublicKey{N: modulus, E: int(exponent)}, true
}

func oneOf(s, a, b string) bool { return s == a || s == b }
