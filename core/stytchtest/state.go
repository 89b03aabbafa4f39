package stytchtest

import (
	"strings"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// state is what the server remembers. Its methods expect the caller to have it to itself, and take
// and give copies: slices and maps in a record are replaced, never changed.
type state struct {
	organizations *bounded[organizationRecord]
	members       *bounded[memberRecord]
	users         *bounded[userRecord]
	clients       *bounded[clientRecord]
	ceremonies    *bounded[ceremony] // of WebAuthn, by challenge
	sessions      *bounded[sessionRecord]
	links         *bounded[linkRecord]
	intermediates *bounded[intermediateRecord]
	mail          *bounded[Message]
	texts         *bounded[Text]
	codes         *bounded[codeRecord] // by what they were sent to

	slugs  map[string]string  // slug → organization ID
	emails map[mailbox]string // → member ID
	people map[string]string  // a user's address, phone number or external ID → user ID
	tokens map[string]string  // session token → session ID
	policy rbac.Policy

	crossOrganization bool
	passwords         *bounded[string] // by address, where they are good in every organization
	sent              int              // messages so far
	named             int              // members or users that got a made-up address so far

	connections  map[string]string // connection ID → organization ID
	providerUser string            // "": the browser is asked

	changed func(change) // hears of what webhooks tell; nil: nobody
}

// mailbox is what identifies a member within a project.
type mailbox struct{ organizationID, email string }

type factor = sessions.AuthenticationFactor

type organizationRecord struct {
	Organization
	Connections []Connection
	CreatedAt   time.Time
}

type memberRecord struct {
	Member
	CreatedAt       time.Time
	App             authenticator
	PhoneUnverified bool
	DefaultMFA      string // totp or sms_otp; "" until the member chooses
}

type sessionRecord struct {
	ID             string
	Token          string
	MemberID       string // "" in a consumer project
	UserID         string // "" in a B2B project
	StartedAt      time.Time
	LastAccessedAt time.Time
	ExpiresAt      time.Time
	Factors        []factor
	Claims         map[string]any
}

// grant is a session with whom it belongs to.
type grant struct {
	Organization organizationRecord
	Member       memberRecord
	User         userRecord
	Session      sessionRecord
}

func newState(options Options) *state {
	limits := options.Limits
	st := &state{
		slugs:         map[string]string{},
		emails:        map[mailbox]string{},
		people:        map[string]string{},
		tokens:        map[string]string{},
		connections:   map[string]string{},
		links:         newBounded[linkRecord](limits.Links, nil),
		intermediates: newBounded[intermediateRecord](limits.Links, nil),
		mail:          newBounded[Message](limits.Messages, nil),
		texts:         newBounded[Text](limits.Messages, nil),
		codes:         newBounded[codeRecord](limits.Links, nil),
		clients:       newBounded[clientRecord](limits.Clients, nil),
		ceremonies:    newBounded[ceremony](limits.Links, nil),
		policy:        defaultPolicy(options.Vertical),

		crossOrganization: options.CrossOrganizationPasswords,
		passwords:         newBounded[string](limits.Members, nil),
	}
	st.organizations = newBounded(limits.Organizations, func(o organizationRecord) {
		delete(st.slugs, o.Slug)
		for _, c := range o.Connections {
			delete(st.connections, c.ID)
		}
	})
	st.members = newBounded(limits.Members, func(m memberRecord) { delete(st.emails, m.mailbox()) })
	st.users = newBounded(limits.Members, func(u userRecord) {
		for _, name := range u.names() {
			delete(st.people, name)
		}
	})
	st.sessions = newBounded(limits.Sessions, func(s sessionRecord) { delete(st.tokens, s.Token) })
	return st
}

func (st *state) putOrganization(o organizationRecord) {
	before, existed := st.organizations.get(o.ID)
	st.organizations.put(o.ID, o)
	st.tell("organization", o.ID, before, o, existed, func() any { return organizationOf(o) })
	st.slugs[o.Slug] = o.ID
	for _, c := range o.Connections {
		st.connections[c.ID] = o.ID
	}
}

func (st *state) putMember(m memberRecord) {
	before, existed := st.members.get(m.ID)
	st.members.put(m.ID, m)
	st.tell("member", m.ID, before, m, existed, func() any { return memberOf(m) })
	st.emails[m.mailbox()] = m.ID
}

func (st *state) putSession(s sessionRecord) {
	st.sessions.put(s.ID, s)
	st.tokens[s.Token] = s.ID
}

// organization finds one by its ID or slug.
func (st *state) organization(ref string) (organizationRecord, bool) {
	if id, ok := st.slugs[ref]; ok {
		ref = id
	}
	return st.organizations.get(ref)
}

// member finds one whose organization still exists.
func (st *state) member(id string) (memberRecord, bool) {
	m, ok := st.members.get(id)
	if !ok {
		return memberRecord{}, false
	}
	_, ok = st.organizations.get(m.OrganizationID)
	return m, ok
}

func (st *state) memberByEmail(organizationID, email string) (memberRecord, bool) {
	return st.member(st.emails[mailbox{organizationID, normalEmail(email)}])
}

func (m memberRecord) mailbox() mailbox { return mailbox{m.OrganizationID, normalEmail(m.Email)} }

func normalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
