package stytchtest

import "net/http"

type authenticateResponse struct {
	envelope
	MemberSession sessionObject      `json:"member_session"`
	Member        memberObject       `json:"member"`
	Organization  organizationObject `json:"organization"`
	SessionToken  string             `json:"session_token"`
	SessionJWT    string             `json:"session_jwt"`
	Verdict       *verdict           `json:"verdict"`
}

func (s *Server) authenticateSession(r *http.Request) (any, error) {
	g, checked, err := s.vouch(r)
	if err != nil {
		return nil, err
	}
	return authenticateResponse{
		envelope: ok(), MemberSession: sessionOf(g), Member: memberOf(g.Member), Organization: organizationOf(g.Organization),
		SessionToken: g.Session.Token, SessionJWT: s.mint(g), Verdict: checked,
	}, nil
}

// vouch looks a session up, checks an action and extends the session as asked.
func (s *Server) vouch(r *http.Request) (grant, *verdict, error) {
	p, err := decode[struct {
		sessionFields
		termsFields
		AuthorizationCheck *authorizationCheck `json:"authorization_check"`
	}](r)
	if err != nil {
		return grant{}, nil, err
	}
	named, err := s.credential(p.sessionFields)
	if err != nil {
		return grant{}, nil, err
	}
	terms, err := p.terms()
	if err != nil {
		return grant{}, nil, err
	}
	var checked *verdict
	g, err := locked(s, func(st *state) (g grant, err error) {
		g, checked, err = st.authenticate(named, terms, p.AuthorizationCheck, s.now())
		return g, err
	})
	return g, checked, err
}

type revokeFields struct {
	sessionFields
	MemberSessionID string `json:"member_session_id"`
	MemberID        string `json:"member_id"`
}

func (f revokeFields) given() int {
	n := 0
	for _, field := range []string{f.SessionToken, f.SessionJWT, f.MemberSessionID, f.MemberID} {
		if field != "" {
			n++
		}
	}
	return n
}

func (s *Server) revokeSession(r *http.Request) (any, error) {
	p, err := decode[revokeFields](r)
	if err != nil {
		return nil, err
	}
	switch n := p.given(); {
	case n == 0:
		return nil, errNoRevokeArguments
	case n > 1:
		return nil, errTooManyRevokeArguments
	case p.MemberID != "":
		return s.revokeMember(p.MemberID)
	}
	return s.revoke(p.MemberSessionID, p.sessionFields)
}

// revoke ends the session with that ID, or else the one that the fields name.
func (s *Server) revoke(id string, f sessionFields) (any, error) {
	named := credential{id: id}
	if id == "" {
		var err error
		if named, err = s.credential(f); err != nil {
			return nil, err
		}
	}
	return locked(s, func(st *state) (any, error) {
		g, err := st.live(named, s.now())
		if err != nil {
			return nil, err
		}
		st.sessions.remove(g.Session.ID)
		return ok(), nil
	})
}

func (s *Server) revokeMember(id string) (any, error) {
	return locked(s, func(st *state) (any, error) {
		if _, found := st.member(id); !found {
			return nil, errMemberNotFound
		}
		st.endAll(id, "", s.now())
		return ok(), nil
	})
}

// exchangeSession leaves the session it starts from alive: nothing says that Stytch ends it.
func (s *Server) exchangeSession(r *http.Request) (any, error) {
	p, err := decode[struct {
		sessionFields
		termsFields
		OrganizationID string `json:"organization_id"`
	}](r)
	if err != nil {
		return nil, err
	}
	named, err := s.credential(p.sessionFields)
	if err != nil {
		return nil, err
	}
	terms, err := p.terms()
	if err != nil {
		return nil, err
	}
	now := s.now()
	l, err := locked(s, func(st *state) (login, error) {
		from, err := st.live(named, now)
		if err != nil {
			return login{}, err
		}
		m, err := st.memberAt(p.OrganizationID, from.Member.Email)
		if err != nil {
			return login{}, err
		}
		factors := carried(from.Session.Factors, from.Organization.ID, m)
		return st.signIn(m, factors, basis{terms: terms}, now)
	})
	if err != nil {
		return nil, err
	}
	return s.loginResponse(l), nil
}

func (s *Server) listSessions(r *http.Request) (any, error) {
	query := r.URL.Query()
	return locked(s, func(st *state) (any, error) {
		o, m, err := st.memberIn(query.Get("organization_id"), query.Get("member_id"))
		if err != nil {
			return nil, err
		}
		objects := []sessionObject{}
		for _, session := range st.sessionsOf(m.ID, s.now()) {
			objects = append(objects, sessionOf(grant{Organization: o, Member: m, Session: session}))
		}
		return struct {
			envelope
			MemberSessions []sessionObject `json:"member_sessions"`
		}{ok(), objects}, nil
	})
}
