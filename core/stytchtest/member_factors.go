package stytchtest

import "net/http"

// deleteMemberPhone leaves sessions as they are, and whether the member is enrolled.
func (s *Server) deleteMemberPhone(r *http.Request) (any, error) {
	return s.changeMember(r, func(m *memberRecord) error {
		if m.Phone == "" {
			return errNoPhoneNumber
		}
		m.Phone, m.PhoneUnverified = "", false
		return nil
	})
}

// deleteMemberTOTP does likewise.
func (s *Server) deleteMemberTOTP(r *http.Request) (any, error) {
	if r.PathValue("factor") != "totp" {
		return nil, errRouteNotFound
	}
	return s.changeMember(r, func(m *memberRecord) error {
		if !m.App.exists() {
			return errTOTPNotFound
		}
		m.App, m.NoAuthenticator = authenticator{}, true
		return nil
	})
}

// changeMember changes the member whom the path names.
func (s *Server) changeMember(r *http.Request, change func(*memberRecord) error) (any, error) {
	return locked(s, func(st *state) (any, error) {
		o, m, err := st.memberIn(r.PathValue("organization_id"), r.PathValue("member_id"))
		if err != nil {
			return nil, err
		}
		if err := change(&m); err != nil {
			return nil, err
		}
		m.DefaultMFA = ""
		st.putMember(m)
		return memberResponse(o, m), nil
	})
}
