package stytchkit

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"golang.org/x/sync/singleflight"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// profiles are the members and organizations that were asked for, as Stytch last described them.
// An organization is kept once for all of its members. Safe for concurrent use.
type profiles struct {
	lane          *lane
	members       *loader[organizations.Member]
	organizations *loader[organizations.Organization]
}

func newProfiles(cfg *Config, client *stytch.Client, r *remote) *profiles {
	l := newLane(laneProfiles, cfg.Clock, cfg.Limits.Calls, nil, cfg.Logger, cfg.Observer)
	return &profiles{
		lane: l,
		members: &loader[organizations.Member]{
			remote: r, lane: l, about: aboutMember, freshFor: cfg.Freshness, staleFor: cfg.ProfileStaleFor,
			known:       newCache[profileKey, *profile[organizations.Member]](cfg.Limits.Profiles),
			key:         func(s *Session) profileKey { return profileKey{s.OrganizationID(), s.MemberID()} },
			keyOf:       func(m *organizations.Member) profileKey { return profileKey{m.OrganizationID, m.MemberID} },
			contradicts: lacksRole,
			fetch: func(ctx context.Context, k profileKey) (*organizations.Member, error) {
				return client.Member(ctx, k.organization, k.member)
			},
		},
		organizations: &loader[organizations.Organization]{
			remote: r, lane: l, about: aboutOrganization, freshFor: cfg.Freshness, staleFor: cfg.ProfileStaleFor,
			known:       newCache[profileKey, *profile[organizations.Organization]](cfg.Limits.Profiles),
			key:         func(s *Session) profileKey { return profileKey{organization: s.OrganizationID()} },
			keyOf:       func(o *organizations.Organization) profileKey { return profileKey{organization: o.OrganizationID} },
			contradicts: hasOtherSlug,
			fetch: func(ctx context.Context, k profileKey) (*organizations.Organization, error) {
				return client.Organization(ctx, k.organization)
			},
		},
	}
}

// lacksRole reports whether the session has a role that the member did not have yet. The other way
// round means nothing: some roles hold only for sessions with a certain factor.
func lacksRole(s *Session, m *organizations.Member) bool {
	return slices.ContainsFunc(s.facts.Roles, func(id string) bool {
		return !slices.ContainsFunc(m.Roles, func(r organizations.MemberRole) bool { return r.RoleID == id })
	})
}

func hasOtherSlug(s *Session, o *organizations.Organization) bool {
	return s.OrganizationSlug() != "" && s.OrganizationSlug() != o.OrganizationSlug
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
	turn    turn            // of renewals
}

// loader loads members, or organizations, when they are asked for: one call in flight for each, kept
// while fresh, then served stale while one call renews it in the background. Safe for concurrent use.
type loader[T any] struct {
	remote      *remote
	lane        *lane
	about       string
	freshFor    time.Duration
	staleFor    time.Duration // beyond fresh
	key         func(*Session) profileKey
	keyOf       func(*T) profileKey
	contradicts func(*Session, *T) bool // the session says something newer
	fetch       func(context.Context, profileKey) (*T, error)

	known   *otter.Cache[profileKey, *profile[T]]
	keeping sync.Mutex
	flights singleflight.Group
}

// of is the session's, and whether no call stands behind it. It is shared: whoever hands it out
// copies it. A caller whose context ends leaves; the call goes on. Every error is a *stytch.Failure.
func (l *loader[T]) of(ctx context.Context, s *Session) (value *T, fromCache bool, err error) {
	key, now := l.key(s), l.remote.clock.Now()
	known := l.recall(key, now)
	switch {
	case known == nil:
	case known.failure != nil:
		return nil, true, known.failure
	case s.facts.VouchedAt.After(known.at) && l.contradicts(s, known.value): // waits, as it would show what is over
	case now.Sub(known.at) <= l.freshFor:
		return known.value, true, nil
	default:
		l.renew(key, known, now)
		return known.value, true, nil
	}
	found, err := await[*profile[T]](ctx, l.remote, l.load(key))
	switch {
	case err == nil:
		return found.value, false, nil
	case known != nil && !isRefusal(stytch.FailureOf(err)):
		return known.value, true, nil
	}
	return nil, false, err
}

// recall is what is known and not too old for any use.
func (l *loader[T]) recall(key profileKey, now time.Time) *profile[T] {
	known, ok := l.known.GetIfPresent(key)
	if !ok {
		return nil
	}
	keepFor := l.freshFor + l.staleFor
	if known.failure != nil {
		keepFor = refusalFor
	}
	if now.Sub(known.at) > keepFor {
		return nil
	}
	return known
}

// renew loads in the background what is served stale, one call for all who are.
func (l *loader[T]) renew(key profileKey, known *profile[T], now time.Time) {
	if !known.turn.take(now, l.remote.timeout) {
		return
	}
	l.remote.tasks.run(func(context.Context) {
		if res := <-l.load(key); res.Err != nil {
			known.turn.pass(l.remote.clock.Now(), stytch.FailureOf(res.Err).RetryAfter)
		}
	})
}

// load is the call about this key that is under way, or a new one.
func (l *loader[T]) load(key profileKey) <-chan singleflight.Result {
	return l.flights.DoChan(key.flight(), func() (any, error) { return l.call(key) })
}

// call asks once. A refusal takes the place of what was known, and is remembered like others are.
func (l *loader[T]) call(key profileKey) (*profile[T], error) {
	found := new(profile[T])
	sent, err := l.remote.send(l.remote.tasks.ctx, l.lane, l.about, func(ctx context.Context) (err error) {
		found.value, err = l.fetch(ctx, key)
		return err
	})
	found.at = sent
	if err != nil {
		if found.failure = stytch.FailureOf(err); isRefusal(found.failure) {
			l.keep(key, found)
		}
		return nil, err
	}
	l.keep(key, found)
	return found, nil
}

// prime keeps what Stytch said along with a session, if it is of that session's member or organization.
func (l *loader[T]) prime(s *Session, value *T) bool {
	if value == nil || l.keyOf(value) != l.key(s) {
		return false
	}
	l.keep(l.key(s), &profile[T]{value: value, at: s.facts.VouchedAt})
	return true
}

// keep remembers, unless something newer is known.
func (l *loader[T]) keep(key profileKey, p *profile[T]) {
	l.keeping.Lock()
	defer l.keeping.Unlock()
	if known, ok := l.known.GetIfPresent(key); ok && known.at.After(p.at) {
		return
	}
	l.known.Set(key, p)
}

// isRefusal reports whether Stytch answered that there is no such member or organization.
func isRefusal(f *stytch.Failure) bool {
	return f.Verdict == stytch.Refused || f.Verdict == stytch.Over
}
