package stytchtest

import (
	"net/http"
	"time"
)

func (s *Server) startPasswordReset(r *http.Request) (any, error) {
	p, err := decode[struct {
		resetFields
		OrganizationID string `json:"organization_id"`
		EmailAddress   string `json:"email_address"`
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
		m, err := st.memberAt(p.OrganizationID, p.EmailAddress)
		if err != nil {
			return nil, err
		}
		st.mailReset(linkTo(m, tokenTypePasswordReset, p.CodeChallenge), tokenTypeLogin, mail, now)
		return struct {
			envelope
			MemberID      string       `json:"member_id"`
			MemberEmailID string       `json:"member_email_id"`
			Member        memberObject `json:"member"`
		}{ok(), m.ID, newID("member-email-test"), memberOf(m)}, nil
	})
}

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
	l, err := s.newPassword(p.basisFields, p.Password, func(st *state, now time.Time) (memberRecord, error) {
		link, err := st.link(p.PasswordResetToken, p.CodeVerifier, now, tokenTypePasswordReset)
		if err != nil {
			return memberRecord{}, err
		}
		m, err := st.opener(link, now)
		if err == nil {
			st.use(link)
		}
		return m, err
	})
	if err != nil {
		return nil, err
	}
	return struct {
		loginBody
		MemberEmailID string `json:"member_email_id"`
	}{s.loginResponse(l), newID("member-email-test")}, nil
}

func (s *Server) resetPasswordByExisting(r *http.Request) (any, error) {
	p, err := decode[struct {
		sessionFields
		termsFields
		OrganizationID   string `json:"organization_id"`
		EmailAddress     string `json:"email_address"`
		ExistingPassword string `json:"existing_password"`
		NewPassword      string `json:"new_password"`
	}](r)
	if err != nil {
		return nil, err
	}
	fields := basisFields{sessionFields: p.sessionFields, termsFields: p.termsFields} // no intermediate session
	l, err := s.newPassword(fields, p.NewPassword, func(st *state, _ time.Time) (memberRecord, error) {
		return st.memberByPassword(p.OrganizationID, p.EmailAddress, p.ExistingPassword)
	})
	if err != nil {
		return nil, err
	}
	return s.loginResponse(l), nil
}

// newPassword gives whoever find finds a password and logs them in. It ends all the member's
// sessions, as Stytch does, the one in the request too.
func (s *Server) newPassword(f basisFields, password string, find func(*state, time.Time) (memberRecord, error)) (login, error) {
	if err := checkPassword(password); err != nil {
		return login{}, err
	}
	return s.logIn(f, func(st *state, b basis, now time.Time) (login, error) {
		if b.intermediate != "" {
			if _, err := st.intermediate(b.intermediate, now); err != nil {
				return login{}, err // before find uses anything up
			}
		}
		m, err := find(st, now)
		if err != nil {
			return login{}, err
		}
		e, err := st.resume(b, m.Email, m.OrganizationID, now)
		if err != nil {
			return login{}, err
		}
		m = st.givePassword(m, password)
		st.endAll(m.ID, "", now)
		return st.prove(m, passwordFactor(memberPerson(m.Member), now), earlier{from: e.from, factors: e.factors}, b, now)
	})
}

// resetPasswordBySession ends all the member's sessions but that one, which shows the password now.
func (s *Server) resetPasswordBySession(r *http.Request) (any, error) {
	p, err := decode[struct {
		sessionFields
		termsFields
		OrganizationID string `json:"organization_id"`
		Password       string `json:"password"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(p.Password); err != nil {
		return nil, err
	}
	if p.sessionFields == (sessionFields{}) {
		return nil, errNoSessionArguments
	}
	l, err := s.logIn(basisFields{sessionFields: p.sessionFields, termsFields: p.termsFields}, func(st *state, b basis, now time.Time) (login, error) {
		g, err := st.live(b.session, now)
		if err != nil {
			return login{}, err
		}
		if o, found := st.organization(p.OrganizationID); !found || o.ID != g.Organization.ID {
			return login{}, errOrganizationNotFound
		}
		if err := maySetPassword(g.Session.Factors, now); err != nil {
			return login{}, err
		}
		m := st.givePassword(g.Member, p.Password)
		st.endAll(m.ID, g.Session.ID, now)
		return st.prove(m, passwordFactor(memberPerson(m.Member), now), earlier{session: &g}, b, now)
	})
	if err != nil {
		return nil, err
	}
	return s.loginResponse(l), nil
}
