package stytchtest

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
)

// savedState is the form in which a server's state outlives its process. Logins under way, messages,
// faults and counts do not.
type savedState struct {
	Keys          []savedKey           `json:"keys"`
	Organizations []organizationRecord `json:"organizations"`
	Members       []memberRecord       `json:"members"`
	Users         []userRecord         `json:"users"`
	Clients       []clientRecord       `json:"m2m_clients"`
	Sessions      []sessionRecord      `json:"sessions"`
	Policy        rbac.Policy          `json:"policy"`
}

type savedKey struct {
	ID      string `json:"kid"`
	Private string `json:"pkcs8"` // base64
	Hidden  bool   `json:"hidden"`
}

// Save writes keys, organizations with their connections, members and users with their passwords
// and second factors, sessions and policy as JSON, for Options.State of a later server. What it writes is
// secret as far as the stand-in's sessions are.
func (s *Server) Save(w io.Writer) error {
	keys, err := s.keys.saved()
	if err != nil {
		return fmt.Errorf("stytchtest: save: %w", err)
	}
	data, err := locked(s, func(st *state) ([]byte, error) {
		return json.MarshalIndent(savedState{
			Keys:          keys,
			Organizations: slices.Collect(st.organizations.all()),
			Members:       slices.Collect(st.members.all()),
			Users:         slices.Collect(st.users.all()),
			Clients:       slices.Collect(st.clients.all()),
			Sessions:      slices.Collect(st.sessions.all()),
			Policy:        st.policy,
		}, "", "\t")
	})
	if err != nil {
		return fmt.Errorf("stytchtest: save: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("stytchtest: save: %w", err)
	}
	return nil
}

// load fills the state from Options.State and returns the keys to start with.
func (s *Server) load() (*keyring, error) {
	ring := &keyring{max: s.options.Limits.Keys}
	if s.options.State != nil {
		var saved savedState
		if err := json.NewDecoder(s.options.State).Decode(&saved); err != nil {
			return nil, fmt.Errorf("stytchtest: Options.State is not what Server.Save writes: %w", err)
		}
		if s.options.Vertical == B2B && len(saved.Users) > 0 || s.options.Vertical == Consumer && len(saved.Members) > 0 {
			return nil, errors.New("stytchtest: Options.State is of the other kind of project (want the Options.Vertical that saved it)")
		}
		s.state.restore(saved)
		if err := ring.restore(saved.Keys); err != nil {
			return nil, fmt.Errorf("stytchtest: Options.State: %w", err)
		}
	}
	if len(ring.keys) > 0 {
		return ring, nil
	}
	first, err := s.options.firstKey()
	if err != nil {
		return nil, err
	}
	ring.add(first)
	return ring, nil
}

func (st *state) restore(saved savedState) {
	for _, o := range saved.Organizations {
		st.putOrganization(o)
	}
	for _, m := range saved.Members {
		m = m.withAuthenticator()
		st.putMember(m)
		if m.Password != "" {
			st.givePassword(m, m.Password)
		}
	}
	for _, u := range saved.Users {
		st.putUser(u)
	}
	for _, c := range saved.Clients {
		st.clients.put(c.ID, c)
	}
	for _, session := range saved.Sessions {
		session.Claims = merged(session.Claims, nil)
		st.putSession(session)
	}
	st.policy = saved.Policy
}

func (k *keyring) saved() ([]savedKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	keys := []savedKey{}
	for _, key := range k.keys {
		der, err := x509.MarshalPKCS8PrivateKey(key.private)
		if err != nil {
			return nil, err
		}
		keys = append(keys, savedKey{key.ID, base64.StdEncoding.EncodeToString(der), key.hidden})
	}
	return keys, nil
}

func (k *keyring) restore(saved []savedKey) error {
	for _, key := range saved {
		der, err := base64.StdEncoding.DecodeString(key.Private)
		if err != nil {
			return fmt.Errorf("key %s: %w", key.ID, err)
		}
		parsed, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return fmt.Errorf("key %s: %w", key.ID, err)
		}
		private, ok := parsed.(*rsa.PrivateKey)
		if !ok {
			return fmt.Errorf("key %s is not an RSA key", key.ID)
		}
		k.add(signingKey{key.ID, private, key.Hidden})
	}
	return nil
}

func (o Options) firstKey() (signingKey, error) {
	if o.Key == nil {
		return newSigningKey(false), nil
	}
	if o.Key.N.BitLen() < keyBits {
		return signingKey{}, errors.New("stytchtest: Options.Key is too short for RS256 (want 2048 bits or more)")
	}
	return signingKey{newID("jwk-test"), o.Key, false}, nil
}
