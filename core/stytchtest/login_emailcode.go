package stytchtest

import (
	"net/http"
	"time"
)

func (s *Server) sendEmailCode(r *http.Request) (any, error) {
	p, err := decode[struct {
		OrganizationID          string `json:"organization_id"`
		EmailAddress            string `json:"email_address"`
		LoginExpirationMinutes  int32  `json:"login_expiration_minutes"`
		SignupExpirationMinutes int32  `json:"signup_expiration_minutes"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(p.EmailAddress); err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		o, err := st.organizationOr404(p.OrganizationID)
		if err != nil {
			return nil, err
		}
		minutes := p.LoginExpirationMinutes
		if known, _ := st.memberByEmail(o.ID, p.EmailAddress); known.Status != statusActive {
			minutes = p.SignupExpirationMinutes
		}
		lifetime, err := codeMinutes(mailedCodeLifetime, minutes)
		if err != nil {
			return nil, err
		}
		m, created, err := st.join(o, p.EmailAddress, statusPending, now)
		if err != nil {
			return nil, err
		}
		st.mailCode(m.emailCodeKey(), m.Email, lifetime, now)
		return struct {
			memberBody
			MemberCreated bool `json:"member_created"`
		}{memberResponse(o, m), created}, nil
	})
}

// emailCodeKey tells a member's code by mail from the one by SMS.
func (m memberRecord) emailCodeKey() string { return "mail to " + m.ID }

func (s *Server) authenticateEmailCode(r *http.Request) (any, error) {
	p, err := decode[struct {
		basisFields
		OrganizationID string `json:"organization_id"`
		EmailAddress   string `json:"email_address"`
		Code           string `json:"code"`
	}](r)
	if err != nil {
		return nil, err
	}
	l, err := s.logIn(p.basisFields, func(st *state, b basis, now time.Time) (login, error) {
		m, err := st.memberAt(p.OrganizationID, p.EmailAddress)
		if err != nil {
			return login{}, err
		}
		e, err := st.resume(b, m.Email, m.OrganizationID, now)
		if err != nil {
			return login{}, err
		}
		if err := st.useCode(m.emailCodeKey(), p.Code, now); err != nil {
			return login{}, err
		}
		return st.prove(m, emailCodeFactor(memberPerson(m.Member), now), e, b, now)
	})
	if err != nil {
		return nil, err
	}
	return struct {
		loginBody
		MethodID string `json:"method_id"`
	}{s.loginResponse(l), newID("member-email-test")}, nil
}

func (s *Server) sendDiscoveryEmailCode(r *http.Request) (any, error) {
	p, err := decode[struct {
		EmailAddress               string `json:"email_address"`
		DiscoveryExpirationMinutes int32  `json:"discovery_expiration_minutes"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(p.EmailAddress); err != nil {
		return nil, err
	}
	lifetime, err := codeMinutes(mailedCodeLifetime, p.DiscoveryExpirationMinutes)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		st.mailCode(discoveryCodeKey(p.EmailAddress), p.EmailAddress, lifetime, now)
		return ok(), nil
	})
}

func discoveryCodeKey(email string) string { return "discovery by " + normalEmail(email) }

func (s *Server) authenticateDiscoveryEmailCode(r *http.Request) (any, error) {
	p, err := decode[struct {
		EmailAddress string `json:"email_address"`
		Code         string `json:"code"`
	}](r)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		if err := st.useCode(discoveryCodeKey(p.EmailAddress), p.Code, now); err != nil {
			return nil, err
		}
		return st.discovered(p.EmailAddress, emailCodeFactor(person{email: p.EmailAddress}, now), now), nil
	})
}
