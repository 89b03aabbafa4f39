package stytchtest

import (
	"cmp"
	"fmt"
	"slices"
)

// Member is a person in one organization. As an argument it says who to add, with defaults for what
// is empty; as a result of [Server.AddMember] it is complete, and signs in. Changing a field
// changes nothing at the server: add the member again for that.
type Member struct {
	ID             string // default: a new member-test-…
	Organization   string // the organization's slug or ID, added when it is new; default: acme
	OrganizationID string // filled in by AddMember
	Email          string // default: a new address at example.com
	Name           string
	// Roles are the role IDs beside stytch_member, which every member has.
	Roles []string
	// Status is active, pending or invited; the latter two become active by signing in.
	// Default: active.
	Status string
	// MFA makes every login of the member wait for a second factor: it answers with
	// member_authenticated false and an intermediate session. The member has an authenticator app
	// ([Member.TOTP]) and recovery codes ([Member.RecoveryCodes]).
	MFA bool
	// NoAuthenticator makes MFA rest on Phone alone; without one, the member has yet to enrol.
	NoAuthenticator bool
	// Phone, such as +15550100, is where one-time passcodes are texted ([Server.Texts]).
	Phone string
	// Password signs the member in; without one, Stytch answers member_password_not_found.
	Password string
	// Locked refuses every login of the member with user_lock_limit_reached, as after too many wrong codes
	// or passwords; sessions live on.
	Locked bool

	server *Server
}

// Role IDs that Stytch predefines.
const (
	roleMember = "stytch_member"
	roleAdmin  = "stytch_admin"
)

const (
	statusActive  = "active"
	statusPending = "pending"
)

// AddMember adds a member, or replaces the one with the same ID or, in the same organization, the
// same address. Sessions of a replaced member live on with the new roles.
func (s *Server) AddMember(m Member) *Member {
	if s.options.Vertical != B2B {
		panic("stytchtest: AddMember in a consumer project, which has users (want AddUser)")
	}
	now := s.now()
	added, _ := locked(s, func(st *state) (memberRecord, error) {
		return st.addMember(st.organizationOrNew(m.Organization, now), memberRecord{Member: m, CreatedAt: now}), nil
	})
	return s.handle(added)
}

// Members returns everybody, in the order in which they were added.
func (s *Server) Members() []*Member {
	records, _ := locked(s, func(st *state) ([]memberRecord, error) {
		return slices.Collect(st.members.all()), nil
	})
	members := make([]*Member, len(records))
	for i, record := range records {
		members[i] = s.handle(record)
	}
	return members
}

func (s *Server) handle(record memberRecord) *Member {
	m := record.Member
	m.Roles = slices.Clone(m.Roles)
	m.server = s
	return &m
}

func (st *state) addMember(o organizationRecord, m memberRecord) memberRecord {
	m.server, m.Organization, m.OrganizationID = nil, o.Slug, o.ID
	m.Status = cmp.Or(m.Status, statusActive)
	m.Roles = withRole(roleMember, m.Roles)
	if m.Email == "" && m.ID == "" {
		st.named++
		m.Email = fmt.Sprintf("member-%d@example.com", st.named)
	}
	known, ok := st.members.get(m.ID)
	if !ok {
		known, ok = st.memberByEmail(o.ID, m.Email)
	}
	if ok {
		m.ID, m.CreatedAt = known.ID, known.CreatedAt
		m.App = known.App
		m.Email = cmp.Or(m.Email, known.Email)
	}
	m.ID = cmp.Or(m.ID, newID("member-test"))
	m.Email = cmp.Or(m.Email, m.ID+"@example.com")
	m = m.withAuthenticator()
	if known, ok := st.passwords.get(normalEmail(m.Email)); ok && m.Password == "" {
		m.Password = known
	}
	if m.Password != "" {
		return st.givePassword(m, m.Password)
	}
	st.putMember(m)
	return m
}

// record is the member as the server knows them now.
func (m *Member) record(method string) memberRecord {
	if m.server == nil {
		panic("stytchtest: " + method + " of a Member that no server knows (want the *Member that Server.AddMember returned)")
	}
	record, err := locked(m.server, func(st *state) (memberRecord, error) {
		found, ok := st.member(m.ID)
		if !ok {
			return memberRecord{}, errMemberNotFound
		}
		return found, nil
	})
	if err != nil {
		panic("stytchtest: " + method + " of " + m.Email + ", who is not a member any more (Options.Limits.Members is too small, or the organization is gone)")
	}
	return record
}
