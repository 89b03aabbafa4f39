package stytchtest

import (
	"cmp"
	"net/http"
)

const statusInvited = "invited"

// Invite mails the member an invitation, as Stytch's dashboard does: a login link without PKCE, good
// for a week. It panics when the redirect URL is none.
func (m *Member) Invite(redirect string) Message {
	record := m.record("Invite")
	to, err := redirectURL(errInvalidRedirectURL, redirect)
	if err != nil {
		panic("stytchtest: Invite: " + err.Error())
	}
	now := m.server.now()
	message, _ := locked(m.server, func(st *state) (Message, error) {
		return st.send(linkTo(record, tokenTypeLogin, ""), to, inviteLifetime, now), nil
	})
	return message
}

func (s *Server) invite(r *http.Request) (any, error) {
	p, err := decode[struct {
		OrganizationID          string   `json:"organization_id"`
		EmailAddress            string   `json:"email_address"`
		InviteRedirectURL       string   `json:"invite_redirect_url"`
		Name                    string   `json:"name"`
		Roles                   []string `json:"roles"`
		InviteExpirationMinutes int32    `json:"invite_expiration_minutes"`
	}](r)
	if err != nil {
		return nil, err
	}
	redirect, lifetime, err := mailing(p.EmailAddress, p.InviteRedirectURL, errNoInviteRedirectURL, inviteLifetime, p.InviteExpirationMinutes)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		o, err := st.organizationOr404(p.OrganizationID)
		if err != nil {
			return nil, err
		}
		known, _ := st.memberByEmail(o.ID, p.EmailAddress)
		if known.Status == statusActive {
			return nil, errDuplicateMemberEmail
		}
		invited := Member{Email: p.EmailAddress, Name: cmp.Or(p.Name, known.Name), Roles: p.Roles, Status: statusInvited}
		if len(p.Roles) == 0 {
			invited.Roles = known.Roles
		}
		m := st.addMember(o, memberRecord{Member: invited, CreatedAt: now})
		st.send(linkTo(m, tokenTypeLogin, ""), redirect, lifetime, now)
		return memberResponse(o, m), nil
	})
}
