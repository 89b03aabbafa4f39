package stytchtest

import "net/http"

// crossOrganization asks whether passwords count in every organization, as the project decides.
func (s *Server) crossOrganization(next handler) handler {
	return func(r *http.Request) (any, error) {
		if !s.options.CrossOrganizationPasswords {
			return nil, errNoCrossOrganization
		}
		return next(r)
	}
}

func (s *Server) authenticateDiscoveryPassword(r *http.Request) (any, error) {
	p, err := decode[struct {
		EmailAddress string `json:"email_address"`
		Password     string `json:"password"`
	}](r)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		known, found := st.passwords.get(normalEmail(p.EmailAddress))
		switch {
		case !found:
			return nil, errMemberPasswordNotFound
		case known != p.Password:
			return nil, errWrongPassword
		case known == BreachedPassword:
			return nil, errMemberResetPassword
		}
		return st.discovered(p.EmailAddress, passwordFactor(person{email: p.EmailAddress}, now), now), nil
	})
}

// startDiscoveryPasswordReset mails whoever asks: it does not tell who has an account. In the
// redirect, its token is not told from a discovery magic link's.
func (s *Server) startDiscoveryPasswordReset(r *http.Request) (any, error) {
	p, err := decode[struct {
		resetFields
		EmailAddress string `json:"email_address"`
	}](r)
	if err != nil {
		return nil, err
	}
	mail, err := p.mail(p.EmailAddress)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		link := linkRecord{Type: tokenTypeDiscoveryReset, Email: p.EmailAddress, Challenge: p.PKCECodeChallenge}
		st.mailReset(link, tokenTypeDiscovery, mail, now)
		return ok(), nil
	})
}

// resetDiscoveryPassword ends the sessions of everybody with that address.
func (s *Server) resetDiscoveryPassword(r *http.Request) (any, error) {
	p, err := decode[struct {
		PasswordResetToken string `json:"password_reset_token"`
		Password           string `json:"password"`
		PKCECodeVerifier   string `json:"pkce_code_verifier"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(p.Password); err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		link, err := st.link(p.PasswordResetToken, p.PKCECodeVerifier, now, tokenTypeDiscoveryReset)
		if err != nil {
			return nil, err
		}
		st.use(link)
		st.giveAddressPassword(link.Email, p.Password)
		for _, m := range st.membersAt(link.Email) {
			st.endAll(m.ID, "", now)
		}
		return st.discovered(link.Email, passwordFactor(person{email: link.Email}, now), now), nil
	})
}
