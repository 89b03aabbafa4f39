package stytchtest

import (
	"net/http"
	"slices"
)

// memberFields are what a backend may set of a member; nil leaves a field as it is.
type memberFields struct {
	EmailAddress string    `json:"email_address"`
	Name         *string   `json:"name"`
	Roles        *[]string `json:"roles"`
	MFAEnrolled  *bool     `json:"mfa_enrolled"`
	MFAPhone     *string   `json:"mfa_phone_number"`
	Pending      bool      `json:"create_member_as_pending"`
}

func (f memberFields) set(m memberRecord) memberRecord {
	if f.Name != nil {
		m.Name = *f.Name
	}
	if f.Roles != nil {
		m.Roles = *f.Roles
	}
	if f.MFAEnrolled != nil {
		m.MFA, m.NoAuthenticator = *f.MFAEnrolled, m.NoAuthenticator || *f.MFAEnrolled && !m.MFA
	}
	if f.MFAPhone != nil {
		m.Phone = *f.MFAPhone
	}
	return m
}

func (s *Server) createMember(r *http.Request) (any, error) {
	fields, err := decode[memberFields](r)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(fields.EmailAddress); err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		o, err := st.organizationOr404(r.PathValue("organization_id"))
		if err != nil {
			return nil, err
		}
		if _, taken := st.memberByEmail(o.ID, fields.EmailAddress); taken {
			return nil, errDuplicateMemberEmail
		}
		m := fields.set(memberRecord{Member: Member{Email: fields.EmailAddress}, CreatedAt: now})
		if fields.Pending {
			m.Status = statusPending
		}
		return memberResponse(o, st.addMember(o, m)), nil
	})
}

func (s *Server) updateMember(r *http.Request) (any, error) {
	fields, err := decode[memberFields](r)
	if err != nil {
		return nil, err
	}
	return locked(s, func(st *state) (any, error) {
		o, m, err := st.memberIn(r.PathValue("organization_id"), r.PathValue("member_id"))
		if err != nil {
			return nil, err
		}
		if fields.EmailAddress != "" {
			if other, taken := st.memberByEmail(o.ID, fields.EmailAddress); taken && other.ID != m.ID {
				return nil, errDuplicateMemberEmail
			}
			delete(st.emails, m.mailbox())
			m.Email = fields.EmailAddress
		}
		return memberResponse(o, st.addMember(o, fields.set(m))), nil
	})
}

func (s *Server) deleteMember(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		_, m, err := st.memberIn(r.PathValue("organization_id"), r.PathValue("member_id"))
		if err != nil {
			return nil, err
		}
		st.endAll(m.ID, "", s.now())
		delete(st.emails, m.mailbox())
		st.members.remove(m.ID)
		st.tellGone("member", m.ID)
		return struct {
			envelope
			MemberID string `json:"member_id"`
		}{ok(), m.ID}, nil
	})
}

// memberSearch is a search as far as the stand-in reads it: of these organizations, by IDs and addresses.
type memberSearch struct {
	OrganizationIDs []string `json:"organization_ids"`
	Query           struct {
		Operator string `json:"operator"`
		Operands []struct {
			Name   string   `json:"filter_name"`
			Values []string `json:"filter_value"`
		} `json:"operands"`
	} `json:"query"`
}

// finds reports whether a member is searched for; an operand of another kind is refused.
func (q *memberSearch) finds(m memberRecord) (bool, error) {
	found := len(q.Query.Operands) == 0
	for i, operand := range q.Query.Operands {
		var value string
		switch operand.Name {
		case "member_ids":
			value = m.ID
		case "member_emails":
			value = m.Email
		case "statuses":
			value = m.Status
		default:
			return false, errInvalidArgument
		}
		is := slices.Contains(operand.Values, value)
		switch {
		case i == 0:
			found = is
		case q.Query.Operator == "AND":
			found = found && is
		default:
			found = found || is
		}
	}
	return found, nil
}

func (s *Server) searchMembers(r *http.Request) (any, error) {
	search, err := decode[memberSearch](r)
	if err != nil {
		return nil, err
	}
	return locked(s, func(st *state) (any, error) {
		organizations := map[string]organizationObject{}
		for _, ref := range search.OrganizationIDs {
			o, err := st.organizationOr404(ref)
			if err != nil {
				return nil, err
			}
			organizations[o.ID] = organizationOf(o)
		}
		members := []memberObject{}
		for m := range st.members.all() {
			found, err := search.finds(m)
			if err != nil {
				return nil, err
			}
			if _, in := organizations[m.OrganizationID]; in && found {
				members = append(members, memberOf(m))
			}
		}
		return struct {
			envelope
			Members         []memberObject                `json:"members"`
			Organizations   map[string]organizationObject `json:"organizations"`
			ResultsMetadata resultsMetadata               `json:"results_metadata"`
		}{ok(), members, organizations, resultsMetadata{Total: len(members)}}, nil
	})
}

// organizationPolicy is an organization's own part of the policy.
func (s *Server) organizationPolicy(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		o, err := st.organizationOr404(r.PathValue("organization_id"))
		if err != nil {
			return nil, err
		}
		type policy struct {
			Roles []policyRole `json:"roles"`
		}
		return struct {
			envelope
			Policy policy `json:"org_policy"`
		}{ok(), policy{rolesOf(o.Roles)}}, nil
	})
}
