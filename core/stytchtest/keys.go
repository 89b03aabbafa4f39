package stytchtest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"sync"
)

const keyBits = 2048

// signingKey is an RSA key with the ID that JWTs name it by.
type signingKey struct {
	ID      string
	private *rsa.PrivateKey
	hidden  bool // not in the JWKS
}

// keyring is the project's keys. The last one signs.
type keyring struct {
	mu    sync.Mutex
	max   int
	keys  []signingKey
	extra []json.RawMessage
}

// RotateKeys signs with a new key from now on; the JWKS serves it together with the earlier ones,
// as many as Options.Limits.Keys.
func (s *Server) RotateKeys() { s.keys.add(newSigningKey(false)) }

// RotateKeysHidden signs with a new key that the JWKS does not serve until PublishKeys: the moment
// in which an application sees a JWT before it can know its key.
func (s *Server) RotateKeysHidden() { s.keys.add(newSigningKey(true)) }

// PublishKeys puts hidden keys into the JWKS.
func (s *Server) PublishKeys() {
	s.keys.update(func(k *keyring) {
		for i := range k.keys {
			k.keys[i].hidden = false
		}
	})
}

// DropOldKeys forgets every key but the one that signs now; JWTs by the others are not accepted any
// more.
func (s *Server) DropOldKeys() {
	s.keys.update(func(k *keyring) { k.keys = slices.Clone(k.keys[len(k.keys)-1:]) })
}

// SetExtraKeys puts entries in front of the server's own keys in the JWKS, exactly as they are:
// malformed ones, or keys of other kinds. None takes them away.
func (s *Server) SetExtraKeys(keys ...json.RawMessage) {
	for _, key := range keys {
		if !json.Valid(key) {
			panic(fmt.Sprintf("stytchtest: SetExtraKeys got %q, which is not JSON (use Fail with Fault.Body to answer with a malformed document)", key))
		}
	}
	s.keys.update(func(k *keyring) { k.extra = slices.Clone(keys) })
}

// KeyID is the kid of the key that signs now.
func (s *Server) KeyID() string { return s.keys.current().ID }

func newSigningKey(hidden bool) signingKey {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		panic("stytchtest: can't generate an RSA key: " + err.Error()) // crypto/rand never fails
	}
	return signingKey{newID("jwk-test"), private, hidden}
}

func (k *keyring) update(f func(*keyring)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f(k)
}

func (k *keyring) add(key signingKey) {
	k.update(func(k *keyring) {
		keys := append(slices.Clone(k.keys), key)
		k.keys = keys[max(0, len(keys)-k.max):]
	})
}

func (k *keyring) current() signingKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.keys[len(k.keys)-1]
}

// find knows hidden keys too: Stytch knows its own.
func (k *keyring) find(id string) (*rsa.PublicKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, key := range k.keys {
		if key.ID == id {
			return &key.private.PublicKey, true
		}
	}
	return nil, false
}

// published is the JWKS.
func (k *keyring) published() []json.RawMessage {
	k.mu.Lock()
	defer k.mu.Unlock()
	keys := slices.Clone(k.extra)
	for _, key := range k.keys {
		if !key.hidden {
			keys = append(keys, key.jwk())
		}
	}
	return orEmpty(keys)
}

// jwk is the key by RFC 7517, with the members that Stytch writes.
func (k signingKey) jwk() json.RawMessage {
	data, _ := json.Marshal(map[string]any{ // strings always marshal
		"kty": "RSA", "use": "sig", "key_ops": []string{"verify"}, "alg": "RS256", "kid": k.ID,
		"n": base64.RawURLEncoding.EncodeToString(k.private.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.private.E)).Bytes()),
	})
	return data
}

func (s *Server) jwks(r *http.Request) (any, error) {
	if r.PathValue("project_id") != s.options.ProjectID {
		return nil, errProjectNotFound
	}
	return struct {
		envelope
		Keys []json.RawMessage `json:"keys"`
	}{ok(), s.keys.published()}, nil
}
