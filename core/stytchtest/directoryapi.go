package stytchtest

import "net/http"

func (s *Server) getOrganization(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		o, found := st.organization(r.PathValue("organization_id"))
		if !found {
			return nil, errOrganizationNotFound
		}
		return struct {
			envelope
			Organization organizationObject `json:"organization"`
		}{ok(), organizationOf(o)}, nil
	})
}

func (s *Server) getMember(r *http.Request) (any, error) {
	query := r.URL.Query()
	id, email := query.Get("member_id"), query.Get("email_address")
	if (id == "") == (email == "") {
		return nil, errMemberGetFields
	}
	return locked(s, func(st *state) (any, error) {
		o, found := st.organization(r.PathValue("organization_id"))
		if !found {
			return nil, errOrganizationNotFound
		}
		m, found := st.memberByEmail(o.ID, email)
		if id != "" {
			m, found = st.member(id)
		}
		if !found || m.OrganizationID != o.ID {
			return nil, errMemberNotFound
		}
		return struct {
			envelope
			MemberID     string             `json:"member_id"`
			Member       memberObject       `json:"member"`
			Organization organizationObject `json:"organization"`
		}{ok(), m.ID, memberOf(m), organizationOf(o)}, nil
	})
}
