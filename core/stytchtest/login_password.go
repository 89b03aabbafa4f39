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
		m, err := st.memberByPassword(p.OrganizationID, p.EmailAddress, p.Password)
		switch {
		case err != nil:
			return login{}, err
		case m.Password == BreachedPassword:
			return login{}, errMemberResetPassword
		}
		e, err := st.resume(b, m.Email, m.OrganizationID, now)
		if err != nil {
			return login{}, err
		}
		return st.prove(m, passwordFactor(memberPerson(m.Member), now), e, b, now)
	})
	if err != nil {
		return nil, err
	}
	return s.loginResponse(l), nil
}

func (st *state) memberByPassword(organization, email, password string) (memberRecord, error) {
	m, err := st.memberAt(organization, email)
	switch {
	case err != nil:
		return m, err
	case m.Password == "":
		return m, errMemberPasswordNotFound
	case m.Password != password:
		return m, errWrongPassword
	}
	return m, nil
}

// givePassword gives a member a password. Where passwords count in every organization, it is the
// address that has one.
func (st *state) givePassword(m memberRecord, password string) memberRecord {
	m.Password = password
	st.putMember(m)
	if st.crossOrganization {
		st.giveAddressPassword(m.Email, password)
	}
	return m
}

// giveAddressPassword gives everybody with an address a password.
func (st *state) giveAddressPassword(email, password string) {
	st.passwords.put(normalEmail(email), password)
	for _, m := range st.membersAt(email) {
		m.Password = password
		st.putMember(m)
	}
}

// membersAt are the memberships of an address.
func (st *state) membersAt(email string) []memberRecord {
	var found []memberRecord
	for o := range st.organizations.all() {
		if m, ok := st.memberByEmail(o.ID, email); ok {
			found = append(found, m)
		}
	}
	return found
}
