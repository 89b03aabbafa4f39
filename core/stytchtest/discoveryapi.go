package stytchtest

import (
	"cmp"
	"net/http"
	"time"
)

type discoveredObject struct {
	MemberAuthenticated bool               `json:"member_authenticated"`
	Organization        organizationObject `json:"organization"`
	Membership          membershipObject   `json:"membership"`
	PrimaryRequired     *struct{}          `json:"primary_required"`
	MFARequired         *mfaRequired       `json:"mfa_required"`
}

type membershipObject struct {
	Type    string         `json:"type"`
	Details map[string]any `json:"details"`
	Member  *memberObject  `json:"member"`
}

func discoveredOf(found []discovered, factors []factor) []discoveredObject {
	objects := []discoveredObject{}
	for _, d := range found {
		object := discoveredObject{
			MemberAuthenticated: true,
			Organization:        organizationOf(d.organization),
			Membership:          membershipOf(d),
		}
		if d.member != nil && d.member.MFA && !hasSecondFactor(factors) {
			object.MemberAuthenticated, object.MFARequired = false, mfaRequiredOf(*d.member)
		}
		objects = append(objects, object)
	}
	return objects
}

func membershipOf(d discovered) membershipObject {
	if d.member == nil {
		return membershipObject{"eligible_to_join_by_email_domain", map[string]any{"domain": domainOf(d.email)}, nil}
	}
	m := memberOf(*d.member)
	return membershipObject{d.member.Status + "_member", nil, &m}
}

func (s *Server) authenticateDiscovery(r *http.Request) (any, error) {
	p, err := decode[struct {
		DiscoveryMagicLinksToken string `json:"discovery_magic_links_token"`
		PKCECodeVerifier         string `json:"pkce_code_verifier"`
	}](r)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		link, err := st.link(p.DiscoveryMagicLinksToken, tokenTypeDiscovery, p.PKCECodeVerifier, now)
		if err != nil {
			return nil, err
		}
		st.use(link)
		factors := []factor{emailFactor(link.Email, now)}
		return struct {
			envelope
			IntermediateSessionToken string             `json:"intermediate_session_token"`
			EmailAddress             string             `json:"email_address"`
			DiscoveredOrganizations  []discoveredObject `json:"discovered_organizations"`
		}{
			ok(), st.putIntermediate("", link.Email, factors, now), link.Email,
			discoveredOf(st.discover(link.Email, true), factors),
		}, nil
	})
}

func (s *Server) listDiscovered(r *http.Request) (any, error) {
	p, err := decode[struct {
		sessionFields
		IntermediateSessionToken string `json:"intermediate_session_token"`
	}](r)
	if err != nil {
		return nil, err
	}
	bySession := p.SessionToken != "" || p.SessionJWT != ""
	if bySession && p.IntermediateSessionToken != "" {
		return nil, errTooManySessionArguments
	}
	var named credential
	if p.IntermediateSessionToken == "" {
		if named, err = s.credential(p.sessionFields); err != nil {
			return nil, err
		}
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		who, err := st.whoIs(named, p.IntermediateSessionToken, now)
		if err != nil {
			return nil, err
		}
		return struct {
			envelope
			EmailAddress            string             `json:"email_address"`
			DiscoveredOrganizations []discoveredObject `json:"discovered_organizations"`
			OrganizationIDHint      *string            `json:"organization_id_hint"`
		}{ok(), who.Email, discoveredOf(st.discover(who.Email, !bySession), who.Factors), nil}, nil
	})
}

// whoIs reads an address and its factors off an intermediate session, or without one off a session.
func (st *state) whoIs(named credential, ist string, now time.Time) (intermediateRecord, error) {
	if ist != "" {
		return st.intermediate(ist, now)
	}
	g, err := st.live(named, now)
	return intermediateRecord{Email: g.Member.Email, Factors: g.Session.Factors}, err
}

func (s *Server) createOrganization(r *http.Request) (any, error) {
	p, err := decode[struct {
		termsFields
		IntermediateSessionToken string `json:"intermediate_session_token"`
		OrganizationName         string `json:"organization_name"`
		OrganizationSlug         string `json:"organization_slug"`
	}](r)
	if err != nil {
		return nil, err
	}
	terms, err := p.terms()
	if err != nil {
		return nil, err
	}
	now := s.now()
	created := Organization{Slug: p.OrganizationSlug, Name: p.OrganizationName}
	l, err := locked(s, func(st *state) (login, error) {
		who, err := st.intermediate(p.IntermediateSessionToken, now)
		if err != nil {
			return login{}, err
		}
		o, err := st.found(created, who.Email, now)
		if err != nil {
			return login{}, err
		}
		m := st.addMember(o, memberRecord{Member: Member{Email: who.Email, Roles: []string{roleAdmin}}, CreatedAt: now})
		return st.signIn(m, who.Factors, who.Token, terms, now), nil
	})
	if err != nil {
		return nil, err
	}
	return s.loginResponse(l), nil
}

// found founds an organization; Stytch too makes up the name and slug that are not given.
func (st *state) found(o Organization, email string, now time.Time) (organizationRecord, error) {
	o.ID = newID("organization-test")
	o.Name = cmp.Or(o.Name, o.Slug, email+"'s organization")
	o.Slug = cmp.Or(o.Slug, o.ID)
	if !isSlug(o.Slug) {
		return organizationRecord{}, errInvalidSlug
	}
	if _, taken := st.organization(o.Slug); taken {
		return organizationRecord{}, errSlugAlreadyUsed
	}
	return st.addOrganization(organizationRecord{Organization: o, CreatedAt: now}), nil
}

func (s *Server) exchangeIntermediate(r *http.Request) (any, error) {
	p, err := decode[struct {
		termsFields
		IntermediateSessionToken string `json:"intermediate_session_token"`
		OrganizationID           string `json:"organization_id"`
	}](r)
	if err != nil {
		return nil, err
	}
	terms, err := p.terms()
	if err != nil {
		return nil, err
	}
	now := s.now()
	l, err := locked(s, func(st *state) (login, error) {
		who, err := st.intermediate(p.IntermediateSessionToken, now)
		if err != nil {
			return login{}, err
		}
		o, found := st.organization(p.OrganizationID)
		if !found {
			return login{}, errOrganizationNotFound
		}
		m, _, err := st.join(o, who.Email, statusActive, now)
		if err != nil {
			return login{}, err
		}
		return st.signIn(m, who.Factors, who.Token, terms, now), nil
	})
	if err != nil {
		return nil, err
	}
	return s.loginResponse(l), nil
}
