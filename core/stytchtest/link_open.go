package stytchtest

import "time"

// openLink logs the person in who opened a link of that type.
func (s *Server) openLink(f basisFields, token, tokenType, verifier string) (login, linkRecord, error) {
	var link linkRecord
	l, err := s.logIn(f, func(st *state, b basis, now time.Time) (l login, err error) {
		if link, err = st.link(token, verifier, now, tokenType); err != nil {
			return login{}, err
		}
		f, err := st.factorOf(link, now)
		if err != nil {
			return login{}, err
		}
		return st.open(link, f, b, now)
	})
	return l, link, err
}

// factorOf is what whoever opens a link shows by it.
func (st *state) factorOf(link linkRecord, now time.Time) (factor, error) {
	switch link.Type {
	case tokenTypeOAuth, tokenTypeDiscoveryOAuth:
		return oauthFactor(link.Source, person{email: link.Email}, now), nil
	case tokenTypeSSO:
		c, found := st.connection(link.Source)
		if !found {
			return factor{}, errSSOConnectionNotFound
		}
		return ssoFactor(c, link.Email, now), nil
	case tokenTypeImpersonation:
		return impersonatedFactor(link.Source, now), nil
	}
	return emailFactor(person{email: link.Email}, now), nil
}

// open uses a link up and logs the person in who opened it, and so showed a factor.
func (st *state) open(link linkRecord, f factor, b basis, now time.Time) (login, error) {
	e, err := st.resume(b, link.Email, link.OrganizationID, now)
	if err != nil {
		return login{}, err
	}
	m, err := st.opener(link, now)
	if err != nil {
		return login{}, err
	}
	st.use(link)
	return st.prove(m, f, e, b, now)
}

// opener is whom a link is for, who may become a member by opening it.
func (st *state) opener(link linkRecord, now time.Time) (memberRecord, error) {
	if link.MemberID != "" {
		m, found := st.member(link.MemberID)
		if !found {
			return memberRecord{}, errMemberNotFound
		}
		return m, nil
	}
	o, err := st.organizationOr404(link.OrganizationID)
	if err != nil {
		return memberRecord{}, err
	}
	if link.Type == tokenTypeSSO {
		return st.joinBySSO(o, link, now)
	}
	m, _, err := st.join(o, link.Email, statusActive, now)
	return m, err
}
