package stytchtest

import (
	"net/http"
	"time"
)

func (s *Server) sendSMS(r *http.Request) (any, error) {
	p, err := decode[struct {
		mfaFields
		MFAPhoneNumber string `json:"mfa_phone_number"`
	}](r)
	if err != nil {
		return nil, err
	}
	b, err := s.basis(p.basisFields)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		o, m, err := st.memberIn(p.OrganizationID, p.MemberID)
		if err != nil {
			return nil, err
		}
		e, err := st.resume(b, m.Email, o.ID, now)
		if err != nil {
			return nil, err
		}
		if m, err = m.reachedAt(p.MFAPhoneNumber, e); err != nil {
			return nil, err
		}
		st.putMember(m)
		st.textMember(m, now)
		return memberResponse(o, m), nil
	})
}

// reachedAt is the member with a phone number: the known one, or a new one.
func (m memberRecord) reachedAt(number string, e earlier) (memberRecord, error) {
	switch {
	case m.Phone != "" && (number == "" || number == m.Phone):
		return m, nil
	case m.Phone != "":
		return m, errOtherPhoneNumber
	case number == "":
		return m, errNoPhoneNumber
	case !isPhone(number):
		return m, errInvalidPhoneNumber
	}
	m.Phone, m.PhoneUnverified = number, true
	return m, m.mayAddFactor(e)
}

// mayAddFactor asks whoever has a second factor to show it before another is added.
func (m memberRecord) mayAddFactor(e earlier) error {
	factors := e.factors
	if e.session != nil {
		factors = e.session.Session.Factors
	}
	has := m.App.active() || m.Phone != "" && !m.PhoneUnverified
	if has && !hasSecondFactor(factors) {
		return errInsufficientFactors
	}
	return nil
}

func (st *state) textMember(m memberRecord, now time.Time) {
	st.text(m.ID, m.Phone, textedCodeLifetime, now)
}

func (s *Server) authenticateSMS(r *http.Request) (any, error) {
	body, _, err := s.secondStep(r, func(st *state, m memberRecord, p mfaFields, now time.Time) (memberRecord, factor, error) {
		if err := st.useCode(m.ID, p.Code, now); err != nil {
			return m, factor{}, err
		}
		m.PhoneUnverified = false
		return m, smsFactor(memberPerson(m.Member), now), nil
	})
	return body, err
}
