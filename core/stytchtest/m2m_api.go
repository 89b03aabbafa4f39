package stytchtest

import (
	"cmp"
	"net/http"
)

// clientObject is an M2M client as the API writes one: its secrets are shown once only.
type clientObject struct {
	ClientID         string         `json:"client_id"`
	ClientName       string         `json:"client_name"`
	Description      string         `json:"client_description"`
	Status           string         `json:"status"`
	Scopes           []string       `json:"scopes"`
	LastFour         string         `json:"client_secret_last_four"`
	NextLastFour     string         `json:"next_client_secret_last_four"`
	TrustedMetadata  map[string]any `json:"trusted_metadata"`
	ClientSecret     string         `json:"client_secret,omitempty"`
	NextClientSecret string         `json:"next_client_secret,omitempty"`
}

type clientBody struct {
	envelope
	M2MClient clientObject `json:"m2m_client"`
}

func clientOf(c clientRecord) clientObject {
	return clientObject{
		ClientID: c.ID, ClientName: c.Name, Description: c.Description, Status: c.Status, Scopes: orEmpty(c.Scopes),
		LastFour: lastFour(c.Secret), NextLastFour: lastFour(c.NextSecret), TrustedMetadata: orNone(c.TrustedMetadata),
	}
}

func lastFour(secret string) string { return secret[max(0, len(secret)-4):] }

type clientFields struct {
	ClientID          string         `json:"client_id"`
	ClientSecret      string         `json:"client_secret"`
	ClientName        string         `json:"client_name"`
	ClientDescription string         `json:"client_description"`
	Status            string         `json:"status"`
	Scopes            []string       `json:"scopes"`
	TrustedMetadata   map[string]any `json:"trusted_metadata"`
}

func (s *Server) createM2MClient(r *http.Request) (any, error) {
	p, err := decode[clientFields](r)
	if err != nil {
		return nil, err
	}
	return locked(s, func(st *state) (any, error) {
		if _, taken := st.clients.get(p.ClientID); taken {
			return nil, errDuplicateClient
		}
		c := st.addClient(clientRecord{M2MClient: M2MClient{
			ID: p.ClientID, Secret: p.ClientSecret, Name: p.ClientName, Description: p.ClientDescription,
			Scopes: p.Scopes, TrustedMetadata: p.TrustedMetadata,
		}})
		object := clientOf(c)
		object.ClientSecret = c.Secret
		return clientBody{ok(), object}, nil
	})
}

// changeClient changes the client in the path, and answers what show makes of it.
func (s *Server) changeClient(r *http.Request, change func(*clientRecord) error, show func(clientRecord) any) (any, error) {
	return locked(s, func(st *state) (any, error) {
		c, found := st.clients.get(r.PathValue("client_id"))
		if !found {
			return nil, errClientNotFound
		}
		if err := change(&c); err != nil {
			return nil, err
		}
		st.clients.put(c.ID, c)
		return show(c), nil
	})
}

func showClient(c clientRecord) any { return clientBody{ok(), clientOf(c)} }

func (s *Server) getM2MClient(r *http.Request) (any, error) {
	return s.changeClient(r, func(*clientRecord) error { return nil }, showClient)
}

func (s *Server) updateM2MClient(r *http.Request) (any, error) {
	p, err := decode[clientFields](r)
	if err != nil {
		return nil, err
	}
	return s.changeClient(r, func(c *clientRecord) error {
		c.Name, c.Description = cmp.Or(p.ClientName, c.Name), cmp.Or(p.ClientDescription, c.Description)
		c.Status = cmp.Or(p.Status, c.Status)
		if p.Scopes != nil {
			c.Scopes = p.Scopes
		}
		c.TrustedMetadata = mergedMetadata(c.TrustedMetadata, p.TrustedMetadata)
		return nil
	}, showClient)
}

func (s *Server) deleteM2MClient(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		c, found := st.clients.get(r.PathValue("client_id"))
		if !found {
			return nil, errClientNotFound
		}
		st.clients.remove(c.ID)
		return struct {
			envelope
			ClientID string `json:"client_id"`
		}{ok(), c.ID}, nil
	})
}

// resultsMetadata says that a search's results are all on one page.
type resultsMetadata struct {
	Total      int     `json:"total"`
	NextCursor *string `json:"next_cursor"`
}

// searchM2MClients lists all of them: the stand-in reads no query.
func (s *Server) searchM2MClients(*http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		objects := []clientObject{}
		for c := range st.clients.all() {
			objects = append(objects, clientOf(c))
		}
		return struct {
			envelope
			M2MClients      []clientObject  `json:"m2m_clients"`
			ResultsMetadata resultsMetadata `json:"results_metadata"`
		}{ok(), objects, resultsMetadata{Total: len(objects)}}, nil
	})
}

func (s *Server) startSecretRotation(r *http.Request) (any, error) {
	return s.changeClient(r, func(c *clientRecord) error {
		c.NextSecret = newToken()
		return nil
	}, func(c clientRecord) any {
		object := clientOf(c)
		object.NextClientSecret = c.NextSecret
		return clientBody{ok(), object}
	})
}

func (s *Server) cancelSecretRotation(r *http.Request) (any, error) {
	return s.changeClient(r, func(c *clientRecord) error {
		c.NextSecret = ""
		return nil
	}, showClient)
}

func (s *Server) rotateSecret(r *http.Request) (any, error) {
	return s.changeClient(r, func(c *clientRecord) error {
		if c.NextSecret == "" {
			return errNoNextSecret
		}
		c.Secret, c.NextSecret = c.NextSecret, ""
		return nil
	}, showClient)
}
