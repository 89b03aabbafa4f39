package stytchtest

import "net/http"

func (s *Server) authenticateUserSession(r *http.Request) (any, error) {
	g, checked, err := s.vouch(r)
	if err != nil {
		return nil, err
	}
	return struct {
		envelope
		Session      userSessionObject `json:"session"`
		User         userObject        `json:"user"`
		SessionToken string            `json:"session_token"`
		SessionJWT   string            `json:"session_jwt"`
		Verdict      *verdict          `json:"verdict"`
	}{ok(), userSessionOf(g), userOf(g.User), g.Session.Token, s.mint(g), checked}, nil
}

// revokeUserSession ends one session: a consumer project has no way to end all of a user's at once.
func (s *Server) revokeUserSession(r *http.Request) (any, error) {
	p, err := decode[struct {
		sessionFields
		SessionID string `json:"session_id"`
	}](r)
	if err != nil {
		return nil, err
	}
	if _, err := one(errNoUserRevokes, errTooManyUserRevokes, p.SessionID, p.SessionToken, p.SessionJWT); err != nil {
		return nil, err
	}
	return s.revoke(p.SessionID, p.sessionFields)
}

func (s *Server) listUserSessions(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		u, err := st.userOr404(r.URL.Query().Get("user_id"))
		if err != nil {
			return nil, err
		}
		objects := []userSessionObject{}
		for _, session := range st.sessionsOf(u.ID, s.now()) {
			objects = append(objects, userSessionOf(grant{User: u, Session: session}))
		}
		return struct {
			envelope
			Sessions []userSessionObject `json:"sessions"`
		}{ok(), objects}, nil
	})
}
