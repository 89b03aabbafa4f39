// Package profile loads the members, organizations and users that are asked for, and remembers them.
package profile

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/policy"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// Config is what [Profiles] work with.
type Config struct {
	Asker    *asking.Asker
	Fetch    Fetch
	FreshFor time.Duration
	StaleFor time.Duration // beyond fresh
	AtMost   int           // of each kind
	// Doubted is when it was last heard that whom a key names ended (hard), or changed (soft); zero for never.
	Doubted func(endings.Key) (hard, soft time.Time)

	RolesStaleFor time.Duration // StaleFor of an organization's roles
}

// Fetch asks Stytch, by IDs; what a kind of project does not have is nil, and never asked for.
type Fetch struct {
	Member       func(ctx context.Context, organizationID, memberID string) (*organizations.Member, error)
	Organization func(ctx context.Context, organizationID string) (*organizations.Organization, error)
	User         func(ctx context.Context, userID string) (*users.User, error)
	Roles        func(ctx context.Context, organizationID string) ([]rbac.PolicyRole, error)
}

// Profiles are the members, organizations and users that were asked for, as Stytch last described them.
// An organization is kept once for all of its members. Safe for concurrent use.
type Profiles struct {
	Members       *Loader[organizations.Member]
	Organizations *Loader[organizations.Organization]
	Users         *Loader[users.User]
	Roles         *Loader[policy.OwnRoles] // of an organization, beside the project's
}

// New knows nobody yet.
func New(cfg Config) *Profiles {
	ofRoles := cfg
	ofRoles.StaleFor = cfg.RolesStaleFor
	return &Profiles{
		Members: &Loader[organizations.Member]{
			Config: cfg, about: asking.AboutMember, known: newCache[organizations.Member](cfg.AtMost), refusalFor: refusalFor,
			key:         func(s *session.Facts) profileKey { return profileKey{s.OrganizationID, s.Subject} },
			keyOf:       func(m *organizations.Member) profileKey { return profileKey{m.OrganizationID, m.MemberID} },
			contradicts: lacksRole,
			whose:       ofSubject,
			fetch: func(ctx context.Context, k profileKey) (*organizations.Member, error) {
				return cfg.Fetch.Member(ctx, k.organization, k.subject)
			},
		},
		Organizations: &Loader[organizations.Organization]{
			Config: cfg, about: asking.AboutOrganization, known: newCache[organizations.Organization](cfg.AtMost), refusalFor: refusalFor,
			key:         func(s *session.Facts) profileKey { return profileKey{organization: s.OrganizationID} },
			keyOf:       func(o *organizations.Organization) profileKey { return profileKey{organization: o.OrganizationID} },
			contradicts: hasOtherSlug,
			whose:       ofOrganization,
			fetch: func(ctx context.Context, k profileKey) (*organizations.Organization, error) {
				return cfg.Fetch.Organization(ctx, k.organization)
			},
		},
		Users: &Loader[users.User]{
			Config: cfg, about: asking.AboutUser, known: newCache[users.User](cfg.AtMost), refusalFor: refusalFor,
			key:         func(s *session.Facts) profileKey { return profileKey{subject: s.Subject} },
			keyOf:       func(u *users.User) profileKey { return profileKey{subject: u.UserID} },
			contradicts: hasNewRole,
			whose:       ofSubject,
			fetch: func(ctx context.Context, k profileKey) (*users.User, error) {
				return cfg.Fetch.User(ctx, k.subject)
			},
		},
		Roles: &Loader[policy.OwnRoles]{
			Config: ofRoles, about: asking.AboutRoles, known: newCache[policy.OwnRoles](cfg.AtMost), refusalFor: cfg.FreshFor,
			key:         func(s *session.Facts) profileKey { return profileKey{organization: s.OrganizationID} },
			contradicts: func(*session.Facts, *policy.OwnRoles) bool { return false }, // a role that is nobody's must not cost a call per session
			whose:       ofOrganization,
			fetch: func(ctx context.Context, k profileKey) (*policy.OwnRoles, error) {
				roles, err := cfg.Fetch.Roles(ctx, k.organization)
				return policy.CompileOwn(roles), err
			},
		},
	}
}

// Prime keeps what Stytch said along with a session, and reports whether it was all that the session's
// kind has, of those it is of.
func (p *Profiles) Prime(s *session.Facts, said *stytch.Who) bool {
	if s.Kind == session.User {
		return p.Users.Prime(s, said.User)
	}
	member, organization := p.Members.Prime(s, said.Member), p.Organizations.Prime(s, said.Organization)
	return member && organization
}

func newCache[T any](size int) *otter.Cache[profileKey, *profile[T]] {
	return otter.Must(&otter.Options[profileKey, *profile[T]]{MaximumSize: size})
}

// lacksRole reports whether the session has a role that the member did not have yet. The other way
// round means nothing: some roles hold only for sessions with a certain factor.
func lacksRole(s *session.Facts, m *organizations.Member) bool {
	return slices.ContainsFunc(s.Roles, func(id string) bool {
		return !slices.ContainsFunc(m.Roles, func(r organizations.MemberRole) bool { return r.RoleID == id })
	})
}

// hasNewRole is to users what [lacksRole] is to members.
func hasNewRole(s *session.Facts, u *users.User) bool {
	return slices.ContainsFunc(s.Roles, func(id string) bool { return !slices.Contains(u.Roles, id) })
}

func hasOtherSlug(s *session.Facts, o *organizations.Organization) bool {
	return s.OrganizationSlug != "" && s.OrganizationSlug != o.OrganizationSlug
}

// profileKey names a member in their organization, or, without a member, the organization itself; a user
// without an organization. Nobody is found under a key that lacks a part of who they are.
type profileKey struct{ organization, subject string }

func ofSubject(k profileKey) endings.Key      { return endings.Subject(k.subject) }
func ofOrganization(k profileKey) endings.Key { return endings.Organization(k.organization) }

// flight is the key as one string, which no other key has.
func (k profileKey) flight() string {
	return strconv.Itoa(len(k.organization)) + ":" + k.organization + k.subject
}

// profile is what Stytch said of a member or organization. It is shared and never changes.
type profile[T any] struct {
	value   *T
	failure *stytch.Failure // Stytch's refusal, in place of the value
	at      time.Time       // the call was sent
	turn    tasks.Turn      // of renewals
}
