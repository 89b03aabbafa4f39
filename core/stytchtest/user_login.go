package stytchtest

import "time"

// userBody is what everything answers with that is about a user.
type userBody struct {
	envelope
	UserID string     `json:"user_id"`
	User   userObject `json:"user"`
}

func userResponse(u userRecord) userBody { return userBody{ok(), u.ID, userOf(u)} }

// userTokens are those of a login; empty where no session was asked for.
type userTokens struct {
	userBody
	SessionToken string    `json:"session_token"`
	SessionJWT   string    `json:"session_jwt"`
	UserDevice   *struct{} `json:"user_device"`
}

// userLoginBody is what every login of a consumer project answers with, but the one by OAuth.
type userLoginBody struct {
	userTokens
	Session *userSessionObject `json:"session"`
}

// userLoginResponse has no session where none was asked for: without session_duration_minutes Stytch
// begins none.
func (s *Server) userLoginResponse(g grant) userLoginBody {
	tokens, session := s.userTokens(g)
	return userLoginBody{tokens, session}
}

func (s *Server) userTokens(g grant) (userTokens, *userSessionObject) {
	tokens := userTokens{userBody: userResponse(g.User)}
	if !g.isUser() {
		return tokens, nil
	}
	tokens.SessionToken, tokens.SessionJWT = g.Session.Token, s.mint(g)
	session := userSessionOf(g)
	return tokens, &session
}

// userLoginFields are what every login takes beside the factor that it shows.
type userLoginFields struct {
	sessionFields
	termsFields
}

// logUserIn logs in whoever prove finds, by the factor that they have shown.
func (s *Server) logUserIn(f userLoginFields, prove func(*state, time.Time) (userRecord, factor, error)) (grant, error) {
	b, err := s.basis(basisFields{sessionFields: f.sessionFields, termsFields: f.termsFields})
	if err != nil {
		return grant{}, err
	}
	now := s.now()
	return locked(s, func(st *state) (grant, error) {
		if b.session != (credential{}) {
			if _, err := st.live(b.session, now); err != nil {
				return grant{}, err // before prove uses anything up
			}
		}
		u, f, err := prove(st, now)
		if err != nil {
			return grant{}, err
		}
		if u.Locked {
			return grant{}, errLocked
		}
		return st.proveUser(u, f, b, now)
	})
}

// openUserLink logs in whoever opened a link of one of these types.
func (s *Server) openUserLink(f userLoginFields, token, verifier string, types ...string) (grant, linkRecord, error) {
	var link linkRecord
	g, err := s.logUserIn(f, func(st *state, now time.Time) (u userRecord, f factor, err error) {
		if link, err = st.link(token, verifier, now, types...); err != nil {
			return userRecord{}, factor{}, err
		}
		if u, err = st.userOpening(link, now); err != nil {
			return userRecord{}, factor{}, err
		}
		st.use(link)
		return u, userFactorOf(link, u, now), nil
	})
	return g, link, err
}

// userOpening is whom a link is for. Whoever comes from a provider becomes a user by it.
func (st *state) userOpening(link linkRecord, now time.Time) (userRecord, error) {
	switch {
	case link.Type == tokenTypeOAuth:
		return st.userFrom(link.Source, link.Email, now), nil
	case link.Type == tokenTypeUserImpersonation:
		return st.userOr404(link.UserID)
	}
	u, err := st.userOr404(link.UserID)
	if err != nil || normalEmail(u.Email) != normalEmail(link.Email) {
		return userRecord{}, errUserNotFound
	}
	return u.proved(), nil
}

// proved is a user whose address is theirs. A password that was set before nobody had proved it may
// be a stranger's.
func (u userRecord) proved() userRecord {
	if u.EmailUnverified {
		u.EmailUnverified, u.PasswordStale = false, u.Password != ""
	}
	return u
}

func userFactorOf(link linkRecord, u userRecord, now time.Time) factor {
	who := userPerson(u.User)
	switch link.Type {
	case tokenTypeOAuth:
		return oauthFactor(link.Source, who, now)
	case tokenTypeUserImpersonation:
		return impersonatedFactor(link.Source, now)
	}
	return emailFactor(who, now)
}
