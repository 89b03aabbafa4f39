package stytchtest

import (
	"cmp"
	"slices"
	"time"
)

// maxConnections bounds an organization's connections; the oldest goes.
const maxConnections = 100

// Connection is an organization's SSO connection. As an argument it says what to add, with defaults
// for what is empty; as a result of [Server.AddConnection] it is complete.
type Connection struct {
	ID           string // default: a new saml-connection-test-… or oidc-connection-test-…
	Organization string // the organization's slug or ID, added when it is new; default: acme
	Name         string // default: Single sign-on
	// OIDC makes it an OpenID Connect connection. Default: SAML.
	OIDC bool
	// JIT lets everybody join whom the identity provider vouches for. Default: only members get in.
	JIT bool

	server *Server
}

// AddConnection adds an SSO connection to an organization, or replaces the one there with the same ID.
func (s *Server) AddConnection(c Connection) *Connection {
	now := s.now()
	added, _ := locked(s, func(st *state) (Connection, error) {
		return st.addConnection(st.organizationOrNew(c.Organization, now), c), nil
	})
	added.server = s
	return &added
}

// Link signs a person in who begins at the identity provider rather than at the application. It is
// where their browser arrives: the redirect URL with a token that has no PKCE.
func (c *Connection) Link(email, redirect string) string {
	if c.server == nil {
		panic("stytchtest: Link of a Connection that no server knows (want the *Connection that Server.AddConnection returned)")
	}
	return c.server.mustIssue("Connection.Link", redirect, providerLifetime, func(st *state) (linkRecord, error) {
		o, found := st.organization(st.connections[c.ID])
		if !found {
			return linkRecord{}, errSSOConnectionNotFound
		}
		return linkRecord{Type: tokenTypeSSO, Email: email, OrganizationID: o.ID, Source: c.ID}, checkEmail(email)
	})
}

func (st *state) addConnection(o organizationRecord, c Connection) Connection {
	kind := "saml"
	if c.OIDC {
		kind = "oidc"
	}
	c.server, c.Organization = nil, o.Slug
	c.ID = cmp.Or(c.ID, newID(kind+"-connection-test"))
	c.Name = cmp.Or(c.Name, "Single sign-on")
	o.Connections = slices.DeleteFunc(slices.Clone(o.Connections), func(known Connection) bool { return known.ID == c.ID })
	o.Connections = append(o.Connections, c)
	if len(o.Connections) > maxConnections {
		o.Connections = o.Connections[1:]
	}
	st.putOrganization(o)
	return c
}

func (st *state) connection(id string) (Connection, bool) {
	o, _ := st.organizations.get(st.connections[id])
	i := slices.IndexFunc(o.Connections, func(c Connection) bool { return c.ID == id })
	if i < 0 {
		return Connection{}, false
	}
	return o.Connections[i], true
}

// joinBySSO is the member that an identity provider vouches for, who becomes one if the connection
// lets them.
func (st *state) joinBySSO(o organizationRecord, link linkRecord, now time.Time) (memberRecord, error) {
	if m, ok := st.memberByEmail(o.ID, link.Email); ok {
		return m, nil
	}
	if c, _ := st.connection(link.Source); !c.JIT {
		return memberRecord{}, errConnectionJITNotAllowed
	}
	return st.addMember(o, memberRecord{Member: Member{Email: link.Email}, CreatedAt: now}), nil
}

type connectionObject struct {
	ConnectionID     string `json:"connection_id"`
	DisplayName      string `json:"display_name"`
	IdentityProvider string `json:"identity_provider"`
}

// connectionsOf is what an organization's object says about SSO.
func connectionsOf(o organizationRecord) (jit string, allowed []string, objects []connectionObject) {
	jit, allowed, objects = "NOT_ALLOWED", []string{}, []connectionObject{}
	for _, c := range o.Connections {
		objects = append(objects, connectionObject{c.ID, c.Name, "generic"})
		if c.JIT {
			jit, allowed = "RESTRICTED", append(allowed, c.ID)
		}
	}
	return jit, allowed, objects
}
