package stytchtest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
)

// Organization is a tenant of the project.
type Organization struct {
	ID   string // default: a new organization-test-…
	Slug string // default: acme
	Name string // default: the slug
	// EmailDomains lets everybody with an address there join: by LoginOrSignup, and as a discovered
	// organization. Default: none, only members get in.
	EmailDomains []string
	// AuthMethods are the primary factors that sign in here, by their names at Stytch: sso,
	// magic_link, email_otp, password, google_oauth and the other providers' like it. A login by
	// another one answers with primary_required. Default: all of them.
	AuthMethods []string
	// MFARequired makes every login wait for a second factor, those of members without MFA too.
	MFARequired bool
	// Roles are those that the organization has beside the project's, which members get by their IDs.
	Roles []rbac.PolicyRole
}

const defaultSlug = "acme"

// AddOrganization adds an organization, or replaces the one with the same ID, or else the same
// slug, and returns it with its defaults filled in.
func (s *Server) AddOrganization(o Organization) Organization {
	now := s.now()
	added, _ := locked(s, func(st *state) (organizationRecord, error) {
		record := organizationRecord{Organization: o, CreatedAt: now}
		return st.addOrganization(record), nil
	})
	return added.Organization
}

func (st *state) addOrganization(o organizationRecord) organizationRecord {
	o.Slug = cmp.Or(o.Slug, defaultSlug)
	o.Name = cmp.Or(o.Name, o.Slug)
	o.EmailDomains, o.AuthMethods, o.Roles = slices.Clone(o.EmailDomains), slices.Clone(o.AuthMethods), slices.Clone(o.Roles)
	if known, ok := st.organization(cmp.Or(o.ID, o.Slug)); ok {
		o.ID, o.CreatedAt, o.Connections = known.ID, known.CreatedAt, known.Connections
	}
	if o.ID == "" {
		o.ID = newID("organization-test")
	}
	st.putOrganization(o)
	return o
}

// organizationOrNew finds one by its slug or ID, and adds it under that slug when there is none.
func (st *state) organizationOrNew(ref string, now time.Time) organizationRecord {
	if o, ok := st.organization(cmp.Or(ref, defaultSlug)); ok {
		return o
	}
	return st.addOrganization(organizationRecord{Organization: Organization{Slug: ref}, CreatedAt: now})
}

func (st *state) organizationOr404(ref string) (organizationRecord, error) {
	o, found := st.organization(ref)
	if !found {
		return organizationRecord{}, errOrganizationNotFound
	}
	return o, nil
}

// admits reports whether the organization lets an address join by its domain.
func (o organizationRecord) admits(email string) error {
	if len(o.EmailDomains) == 0 {
		return errJITNotAllowed
	}
	domain := domainOf(email)
	if !slices.ContainsFunc(o.EmailDomains, func(d string) bool { return strings.EqualFold(d, domain) }) {
		return errInvalidEmailForJIT
	}
	return nil
}

func domainOf(email string) string {
	_, domain, _ := strings.Cut(normalEmail(email), "@")
	return domain
}

// isSlug follows Stytch's API reference for organization_slug.
func isSlug(slug string) bool {
	return len(slug) >= 2 && len(slug) <= 128 && !strings.ContainsFunc(slug, func(r rune) bool {
		return !strings.ContainsRune("-._~", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}
