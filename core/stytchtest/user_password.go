package stytchtest

import (
	"net/http"
	"time"
)

func (s *Server) createPassword(r *http.Request) (any, error) {
	p, err := decode[struct {
		termsFields
		Email    string   `json:"email"`
		Password string   `json:"password"`
		Name     userName `json:"name"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(p.Email); err != nil {
		return nil, err
	}
	if err := checkPassword(p.Password); err != nil {
		return nil, err
	}
	g, err := s.logUserIn(userLoginFields{termsFields: p.termsFields}, func(st *state, now time.Time) (userRecord, factor, error) {
		u, known := st.userWith(User{Email: p.Email}, false, now)
		if known {
			return userRecord{}, factor{}, errDuplicateEmail
		}
		u.Password = p.Password
		u.FirstName, u.MiddleName, u.LastName = p.Name.FirstName, p.Name.MiddleName, p.Name.LastName
		return u, passwordFactor(userPerson(u.User), now), nil
	})
	return s.passwordResponse(g), err
}

// userPasswordBody is what logins by a password answer with.
type userPasswordBody struct {
	userLoginBody
	EmailID string `json:"email_id"`
}

func (s *Server) passwordResponse(g grant) userPasswordBody {
	return userPasswordBody{s.userLoginResponse(g), g.User.emailID()}
}

func (s *Server) authenticateUserPassword(r *http.Request) (any, error) {
	p, err := decode[struct {
		userLoginFields
		Email    string `json:"email"`
		Password string `json:"password"`
	}](r)
	if err != nil {
		return nil, err
	}
	g, err := s.logUserIn(p.userLoginFields, func(st *state, now time.Time) (userRecord, factor, error) {
		u, err := st.userByPassword(p.Email, p.Password)
		switch {
		case err != nil:
			return userRecord{}, factor{}, err
		case u.PasswordStale || u.Password == BreachedPassword:
			return userRecord{}, factor{}, errResetPassword
		}
		return u, passwordFactor(userPerson(u.User), now), nil
	})
	return s.userLoginResponse(g), err
}

func (st *state) userByPassword(email, password string) (userRecord, error) {
	u, found := st.user(email)
	switch {
	case !found:
		return userRecord{}, errEmailNotFound
	case u.Password == "":
		return userRecord{}, errNoUserPassword
	case u.Password != password:
		return userRecord{}, errWrongPassword
	}
	return u, nil
}

func (s *Server) startUserPasswordReset(r *http.Request) (any, error) {
	p, err := decode[struct {
		resetFields
		Email string `json:"email"`
	}](r)
	if err != nil {
		return nil, err
	}
	mail, err := p.mail(p.Email)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		u, found := st.user(p.Email)
		if !found {
			return nil, errEmailNotFound
		}
		st.mailReset(linkRecord{Type: tokenTypeUserReset, Email: u.Email, UserID: u.ID, Challenge: p.CodeChallenge}, tokenTypeUserResetLogin, mail, now)
		return struct {
			envelope
			UserID  string `json:"user_id"`
			EmailID string `json:"email_id"`
		}{ok(), u.ID, u.emailID()}, nil
	})
}

// resetUserPassword ends all the user's sessions, as Stytch does, the one in the request too.
func (s *Server) resetUserPassword(r *http.Request) (any, error) {
	p, err := decode[struct {
		userLoginFields
		Token        string `json:"token"`
		Password     string `json:"password"`
		CodeVerifier string `json:"code_verifier"`
	}](r)
	if err != nil {
		return nil, err
	}
	return s.newUserPassword(p.userLoginFields, p.Password, func(st *state, now time.Time) (userRecord, error) {
		link, err := st.link(p.Token, p.CodeVerifier, now, tokenTypeUserReset)
		if err != nil {
			return userRecord{}, err
		}
		u, err := st.userOpening(link, now)
		if err == nil {
			st.use(link)
		}
		return u, err
	})
}

func (s *Server) resetUserPasswordByExisting(r *http.Request) (any, error) {
	p, err := decode[struct {
		userLoginFields
		Email            string `json:"email"`
		ExistingPassword string `json:"existing_password"`
		NewPassword      string `json:"new_password"`
	}](r)
	if err != nil {
		return nil, err
	}
	return s.newUserPassword(p.userLoginFields, p.NewPassword, func(st *state, _ time.Time) (userRecord, error) {
		return st.userByPassword(p.Email, p.ExistingPassword)
	})
}

// newUserPassword gives whoever find finds a password, ends their sessions and logs them in.
func (s *Server) newUserPassword(f userLoginFields, password string, find func(*state, time.Time) (userRecord, error)) (any, error) {
	if err := checkPassword(password); err != nil {
		return nil, err
	}
	if _, err := s.basis(basisFields{sessionFields: f.sessionFields}); err != nil {
		return nil, err
	}
	g, err := s.logUserIn(userLoginFields{termsFields: f.termsFields}, func(st *state, now time.Time) (userRecord, factor, error) {
		u, err := find(st, now)
		if err != nil {
			return userRecord{}, factor{}, err
		}
		u.Password, u.PasswordStale = password, false
		st.endAll(u.ID, "", now)
		return u, passwordFactor(userPerson(u.User), now), nil
	})
	return s.userLoginResponse(g), err
}

// resetUserPasswordBySession ends all the user's sessions but that one.
func (s *Server) resetUserPasswordBySession(r *http.Request) (any, error) {
	p, err := decode[struct {
		userLoginFields
		Password string `json:"password"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(p.Password); err != nil {
		return nil, err
	}
	named, err := s.credential(p.sessionFields)
	if err != nil {
		return nil, err
	}
	g, err := s.logUserIn(p.userLoginFields, func(st *state, now time.Time) (userRecord, factor, error) {
		g, err := st.live(named, now)
		if err != nil {
			return userRecord{}, factor{}, err
		}
		if err := maySetPassword(g.Session.Factors, now); err != nil {
			return userRecord{}, factor{}, err
		}
		g.User.Password, g.User.PasswordStale = p.Password, false
		st.endAll(g.User.ID, g.Session.ID, now)
		return g.User, passwordFactor(userPerson(g.User.User), now), nil
	})
	return s.userLoginResponse(g), err
}
