package stytchtest

import "net/http"

func (s *Server) getOrganization(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		o, err := st.organizationOr404(r.PathValue("organization_id"))
		if err != nil {
			return nil, err
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
		o, err := st.organizationOr404(r.PathValue("organization_id"))
		if err != nil {
			return nil, err
		}
		m, found := st.memberByEmail(o.ID, email)
		if id != "" {
			m, found = st.member(id)
		}
		if !found || m.OrganizationID != o.ID {
			return nil, errMemberNotFound
		}
		return memberResponse(o, m), nil
	})
}

// memberBody is what everything answers with that is about a member.
type memberBody struct {
	envelope
	MemberID     string             `json:"member_id"`
	Member       memberObject       `json:"member"`
	Organization organizationObject `json:"organization"`
}

func memberResponse(o organizationRecord, m memberRecord) memberBody {
	return memberBody{ok(), m.ID, memberOf(m), organizationOf(o)}
}

// memberIn is the member with that ID in the organization with that ID or slug.
func (st *state) memberIn(organization, id string) (organizationRecord, memberRecord, error) {
	o, err := st.organizationOr404(organization)
	if err != nil {
		return o, memberRecord{}, err
	}
	m, found := st.member(id)
	if !found || m.OrganizationID != o.ID {
		return o, memberRecord{}, errMemberNotFound
	}
	return o, m, nil
}

// memberAt is the member with that address there.
func (st *state) memberAt(organization, email string) (memberRecord, error) {
	o, err := st.organizationOr404(organization)
	if err != nil {
		return memberRecord{}, err
	}
	m, found := st.memberByEmail(o.ID, email)
	if !found {
		return memberRecord{}, errMemberNotFound
	}
	return m, nil
}
