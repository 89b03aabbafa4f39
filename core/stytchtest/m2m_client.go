package stytchtest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// M2MClient is a machine that gets access tokens for itself, in projects of either kind. As an
// argument it says what to add, with defaults for what is empty; as a result of
// [Server.AddM2MClient] it is complete, and mints tokens. Changing a field changes nothing at the
// server: add the client again for that.
type M2MClient struct {
	ID              string // default: a new m2m-client-test-…
	Secret          string // default: a new one
	Name            string
	Description     string
	Scopes          []string // those that it may ask for, such as read:documents
	Status          string   // active or inactive; default: active
	TrustedMetadata map[string]any

	server *Server
}

const statusInactive = "inactive"

type clientRecord struct {
	M2MClient
	NextSecret string // while secrets are rotated
}

// AddM2MClient adds a client, or replaces the one with the same ID.
func (s *Server) AddM2MClient(c M2MClient) *M2MClient {
	added, _ := locked(s, func(st *state) (clientRecord, error) {
		return st.addClient(clientRecord{M2MClient: c}), nil
	})
	return s.clientHandle(added)
}

// M2MClients returns the project's clients, in the order in which they were added.
func (s *Server) M2MClients() []*M2MClient {
	records, _ := locked(s, func(st *state) ([]clientRecord, error) { return slices.Collect(st.clients.all()), nil })
	clients := make([]*M2MClient, len(records))
	for i, record := range records {
		clients[i] = s.clientHandle(record)
	}
	return clients
}

func (s *Server) clientHandle(record clientRecord) *M2MClient {
	client := record.M2MClient
	client.Scopes, client.TrustedMetadata = slices.Clone(client.Scopes), maps.Clone(client.TrustedMetadata)
	client.server = s
	return &client
}

func (st *state) addClient(c clientRecord) clientRecord {
	c.server = nil
	c.ID = cmp.Or(c.ID, newID("m2m-client-test"))
	c.Secret = cmp.Or(c.Secret, newToken())
	c.Status = cmp.Or(c.Status, statusActive)
	c.Scopes, c.TrustedMetadata = slices.Clone(c.Scopes), maps.Clone(c.TrustedMetadata)
	st.clients.put(c.ID, c)
	return c
}

// Token is an access token as the token endpoint issues it, for all that the client may ask for. It
// lives an hour, whatever becomes of the client. The options shape it: [Scopes] among them.
func (c *M2MClient) Token(options ...JWTOption) string {
	if c.server == nil {
		panic("stytchtest: Token of an M2MClient that no server knows (want the *M2MClient that Server.AddM2MClient returned)")
	}
	return c.server.m2mToken(c.ID, c.Scopes, options...)
}

func (s *Server) m2mToken(client string, scopes []string, options ...JWTOption) string {
	shape := shapeOf(accessTokenLifetime, options)
	return s.Sign(nil, shape.claims(s.now(), map[string]any{
		"iss": s.issuers()[0], "aud": []string{s.options.ProjectID}, "sub": client,
		"scope": strings.Join(scopes, " "),
	}))
}

// presents reports whether a secret is the client's: while they are rotated, it has two.
func (c clientRecord) presents(secret string) bool {
	return secret != "" && (secret == c.Secret || secret == c.NextSecret)
}
