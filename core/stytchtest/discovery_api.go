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
	PrimaryRequired     *primaryRequired   `json:"primary_required"`
	MFARequired         *mfaRequired       `json:"mfa_required"`
}

type membershipObject struct {
	Type    string         `json:"type"`
	Details map[string]any `json:"details"`
	Member  *memberObject  `json:"member"`
}

func discoveredOf(found []discovered) []discoveredObject {
	objects := []discoveredObject{}
	for _, d := range found {
		object := discoveredObject{
			MemberAuthenticated: d.missing.met(),
			Organization:        organizationOf(d.organization),
			Membership:          membershipOf(d),
		}
		var m memberRecord
		if d.member != nil {
			m = *d.member
		}
		object.PrimaryRequired, object.MFARequired = d.missing.objects(m, false)
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
	_, body, err := s.openDiscovery(p.DiscoveryMagicLinksToken, tokenTypeDiscovery, p.PKCECodeVerifier)
	return body, err
}

// discoveryBody is what every login by discovery answers with.
type discoveryBody struct {
	envelope
	IntermediateSessionToken string             `json:"intermediate_session_token"`
	EmailAddress             string             `json:"email_address"`
	DiscoveredOrganizations  []discoveredObject `json:"discovered_organizations"`
}

// openDiscovery uses a link of that type up and begins a login in no organization yet.
func (s *Server) openDiscovery(token, tokenType, verifier string) (linkRecord, discoveryBody, error) {
	now := s.now()
	var link linkRecord
	body, err := locked(s, func(st *state) (body discoveryBody, err error) {
		if link, err = st.link(token, verifier, now, tokenType); err != nil {
			return discoveryBody{}, err
		}
		f, err := st.factorOf(link, now)
		if err != nil {
			return discoveryBody{}, err
		}
		st.use(link)
		return st.discovered(link.Email, f, now), nil
	})
	return link, body, err
}

// discovered begins a login in no organization yet.
func (st *state) discovered(email string, f factor, now time.Time) discoveryBody {
	who := intermediateRecord{Email: email, Factors: []factor{f}}
	return discoveryBody{ok(), st.putIntermediate(who, now), who.Email, discoveredOf(st.discover(who, true))}
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
		}{ok(), who.Email, discoveredOf(st.discover(who, !bySession)), nil}, nil
	})
}

// whoIs reads an address and its factors off an intermediate session, or without one off a session.
func (st *state) whoIs(named credential, ist string, now time.Time) (intermediateRecord, error) {
	if ist != "" {
		return st.intermediate(ist, now)
	}
	g, err := st.live(named, now)
	return intermediateRecord{Email: g.Member.Email, OrganizationID: g.Organization.ID, Factors: g.Session.Factors}, err
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
		factors, err := who.entering(memberRecord{})
		if err != nil {
			return login{}, err
		}
		o, err := st.found(created, who.Email, now)
		if err != nil {
			return login{}, err
		}
		m := st.addMember(o, memberRecord{Member: Member{Email: who.Email, Roles: []string{roleAdmin}}, CreatedAt: now})
		return st.signIn(m, factors, basis{terms: terms, intermediate: who.Token}, now)
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
		o, err := st.organizationOr404(p.OrganizationID)
		if err != nil {
			return login{}, err
		}
		known, _ := st.memberByEmail(o.ID, who.Email)
		known.OrganizationID = o.ID
		factors, err := who.entering(known)
		if err != nil {
			return login{}, err
		}
		m, _, err := st.join(o, who.Email, statusActive, now)
		if err != nil {
			return login{}, err
		}
		return st.signIn(m, factors, basis{terms: terms, intermediate: who.Token}, now)
	})
	if err != nil {
		return nil, err
	}
	return s.loginResponse(l), nil
}
