package stytchtest

import (
	"net/http"
	"time"
)

func (s *Server) authenticatePassword(r *http.Request) (any, error) {
	p, err := decode[struct {
		basisFields
		OrganizationID string `json:"organization_id"`
		EmailAddress   string `json:"email_address"`
		Password       string `json:"password"`
	}](r)
	if err != nil {
		return nil, err
	}
	l, err := s.logIn(p.basisFields, func(st *state, b basis, now time.Time) (login, error) {
		m, err := st.memberAt(p.OrganizationID, p.EmailAddress)
		if err != nil {
			return login{}, err
		}
		switch {
		case m.Password == "":
			return login{}, errMemberPasswordNotFound
		case m.Password != p.Password:
			return login{}, errWrongPassword
		}
		e, err := st.resume(b, m.Email, m.OrganizationID, now)
		if err != nil {
			return login{}, err
		}
		return st.prove(m, passwordFactor(memberPerson(m.Member), now), e, b, now), nil
	})
	if err != nil {
		return nil, err
	}
	return s.loginResponse(l), nil
}

func (s *Server) startPasswordReset(r *http.Request) (any, error) {
	p, err := decode[struct {
		OrganizationID                 string `json:"organization_id"`
		EmailAddress                   string `json:"email_address"`
		ResetPasswordRedirectURL       string `json:"reset_password_redirect_url"`
		ResetPasswordExpirationMinutes int32  `json:"reset_password_expiration_minutes"`
		CodeChallenge                  string `json:"code_challenge"`
	}](r)
	if err != nil {
		return nil, err
	}
	redirect, lifetime, err := mailing(p.EmailAddress, p.ResetPasswordRedirectURL, errNoPasswordResetRedirectURL, passwordResetLifetime, p.ResetPasswordExpirationMinutes)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		m, err := st.memberAt(p.OrganizationID, p.EmailAddress)
		if err != nil {
			return nil, err
		}
		st.send(linkTo(m, tokenTypePasswordReset, p.CodeChallenge), redirect, lifetime, now)
		return struct {
			envelope
			MemberID      string       `json:"member_id"`
			MemberEmailID string       `json:"member_email_id"`
			Member        memberObject `json:"member"`
		}{ok(), m.ID, newID("member-email-test"), memberOf(m)}, nil
	})
}

// resetPassword ends all the member's sessions, as Stytch does, the one in the request too.
func (s *Server) resetPassword(r *http.Request) (any, error) {
	p, err := decode[struct {
		basisFields
		PasswordResetToken string `json:"password_reset_token"`
		Password           string `json:"password"`
		CodeVerifier       string `json:"code_verifier"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(p.Password); err != nil {
		return nil, err
	}
	l, err := s.logIn(p.basisFields, func(st *state, b basis, now time.Time) (login, error) {
		link, err := st.link(p.PasswordResetToken, p.CodeVerifier, now, tokenTypePasswordReset)
		if err != nil {
			return login{}, err
		}
		m, err := st.opener(link, now)
		if err != nil {
			return login{}, err
		}
		e, err := st.resume(b, m.Email, m.OrganizationID, now)
		if err != nil {
			return login{}, err
		}
		st.use(link)
		m.Password = p.Password
		st.putMember(m)
		st.endAll(m.ID, "", now)
		return st.prove(m, passwordFactor(memberPerson(m.Member), now), earlier{from: e.from, factors: e.factors}, b, now), nil
	})
	if err != nil {
		return nil, err
	}
	return struct {
		loginBody
		MemberEmailID string `json:"member_email_id"`
	}{s.loginResponse(l), newID("member-email-test")}, nil
}
