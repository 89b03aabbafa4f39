// Package profile loads the members and organizations that are asked for, and remembers them.
package profile

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// Config is what [Profiles] work with.
type Config struct {
	Asker    *asking.Asker
	FreshFor time.Duration
	StaleFor time.Duration // beyond fresh
	AtMost   int           // members, and organizations
}

// Profiles are the members and organizations that were asked for, as Stytch last described them.
// An organization is kept once for all of its members. Safe for concurrent use.
type Profiles struct {
	Members       *Loader[organizations.Member]
	Organizations *Loader[organizations.Organization]
}

// New knows nobody yet.
func New(cfg Config) *Profiles {
	client := cfg.Asker.Client
	return &Profiles{
		Members: &Loader[organizations.Member]{
			Config: cfg, about: asking.AboutMember, known: newCache[organizations.Member](cfg.AtMost),
			key:         func(s *session.Facts) profileKey { return profileKey{s.OrganizationID, s.Subject} },
			keyOf:       func(m *organizations.Member) profileKey { return profileKey{m.OrganizationID, m.MemberID} },
			contradicts: lacksRole,
			fetch: func(ctx context.Context, k profileKey) (*organizations.Member, error) {
				return client.Member(ctx, k.organization, k.member)
			},
		},
		Organizations: &Loader[organizations.Organization]{
			Config: cfg, about: asking.AboutOrganization, known: newCache[organizations.Organization](cfg.AtMost),
			key:         func(s *session.Facts) profileKey { return profileKey{organization: s.OrganizationID} },
			keyOf:       func(o *organizations.Organization) profileKey { return profileKey{organization: o.OrganizationID} },
			contradicts: hasOtherSlug,
			fetch: func(ctx context.Context, k profileKey) (*organizations.Organization, error) {
				return client.Organization(ctx, k.organization)
			},
		},
	}
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

func hasOtherSlug(s *session.Facts, o *organizations.Organization) bool {
	return s.OrganizationSlug != "" && s.OrganizationSlug != o.OrganizationSlug
}

// profileKey names a member in their organization, or, without a member, the organization itself.
// Nobody is found under a key that lacks either half of who they are.
type profileKey struct{ organization, member string }

// flight is the key as one string, which no other key has.
func (k profileKey) flight() string {
	return strconv.Itoa(len(k.organization)) + ":" + k.organization + k.member
}

// profile is what Stytch said of a member or organization. It is shared and never changes.
type profile[T any] struct {
	value   *T
	failure *stytch.Failure // Stytch's refusal, in place of the value
	at      time.Time       // the call was sent
	turn    tasks.Turn      // of renewals
}
