package stytchtest

import "net/http"

// startSSO is where a browser begins a login by an organization's identity provider.
func (s *Server) startSSO(r *http.Request) (any, error) {
	query := r.URL.Query()
	connection, slug := query.Get("connection_id"), query.Get("slug")
	ref, err := one(errNoSSOLocator, errTooManySSOLocators, connection, query.Get("organization_id"), slug)
	if err != nil {
		return nil, err
	}
	var o organizationRecord
	c, err := locked(s, func(st *state) (c Connection, err error) {
		if ref == connection {
			o, _ = st.organization(st.connections[ref])
		} else if o, err = st.organizationOr404(ref); err != nil {
			return Connection{}, err
		}
		return o.connection(connection)
	})
	if err != nil {
		return nil, err
	}
	return s.visited(r, visit{
		at: c.Name + " of " + o.Name, organization: &o,
		link:  linkRecord{Type: tokenTypeSSO, OrganizationID: o.ID, Source: c.ID, Challenge: query.Get("pkce_code_challenge")},
		login: query.Get("login_redirect_url"), signup: query.Get("signup_redirect_url"),
	})
}

// connection is the one with that ID; without an ID, the only one there is.
func (o organizationRecord) connection(id string) (Connection, error) {
	for _, c := range o.Connections {
		if c.ID == id {
			return c, nil
		}
	}
	switch {
	case id != "":
		return Connection{}, errSSOConnectionNotFound
	case len(o.Connections) == 0:
		return Connection{}, errNoSSOConnection
	case len(o.Connections) > 1:
		return Connection{}, errWhichSSOConnection
	}
	return o.Connections[0], nil
}

func (s *Server) authenticateSSO(r *http.Request) (any, error) {
	p, err := decode[struct {
		basisFields
		SSOToken         string `json:"sso_token"`
		PKCECodeVerifier string `json:"pkce_code_verifier"`
	}](r)
	if err != nil {
		return nil, err
	}
	l, _, err := s.openLink(p.basisFields, p.SSOToken, tokenTypeSSO, p.PKCECodeVerifier)
	if err != nil {
		return nil, err
	}
	return struct {
		loginBody
		ResetSession bool `json:"reset_session"`
	}{s.loginResponse(l), false}, nil
}
