package stytchtest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// User is a person in a consumer project. As an argument it says who to add, with defaults for what
// is empty; as a result of [Server.AddUser] it is complete, and signs in. Changing a field changes
// nothing at the server: add the user again for that.
type User struct {
	ID    string // default: a new user-test-…
	Email string // default: a new address at example.com, unless there is a Phone
	// Phone, such as +15550100, is where one-time passcodes are texted ([Server.Texts]).
	Phone      string
	FirstName  string
	MiddleName string
	LastName   string
	// Roles are the role IDs beside stytch_user, which every user has.
	Roles []string
	// Status is active or pending; the latter becomes active by signing in. Default: active.
	Status string
	// Password signs the user in; without one, Stytch answers no_user_password.
	Password string
	// Locked refuses every login of the user with user_lock_limit_reached, as after too many wrong codes
	// or passwords; sessions live on.
	Locked bool
	// Authenticator gives the user an authenticator app ([User.TOTP]) and recovery codes
	// ([User.RecoveryCodes]).
	Authenticator     bool
	ExternalID        string
	TrustedMetadata   map[string]any
	UntrustedMetadata map[string]any

	server *Server
}

const roleUser = "stytch_user"

// AddUser adds a user, or replaces the one with the same ID, or else the same address or phone
// number. Sessions of a replaced user live on with the new roles.
func (s *Server) AddUser(u User) *User {
	if s.options.Vertical != Consumer {
		panic("stytchtest: AddUser in a B2B project, which has members (want AddMember, or Options.Vertical: Consumer)")
	}
	now := s.now()
	added, _ := locked(s, func(st *state) (userRecord, error) {
		return st.addUser(userRecord{User: u, CreatedAt: now}), nil
	})
	return s.userHandle(added)
}

// Users returns everybody in a consumer project, in the order in which they were added.
func (s *Server) Users() []*User {
	records, _ := locked(s, func(st *state) ([]userRecord, error) { return slices.Collect(st.users.all()), nil })
	users := make([]*User, len(records))
	for i, record := range records {
		users[i] = s.userHandle(record)
	}
	return users
}

func (s *Server) userHandle(record userRecord) *User {
	u := record.User
	u.Roles = slices.Clone(u.Roles)
	u.TrustedMetadata, u.UntrustedMetadata = maps.Clone(u.TrustedMetadata), maps.Clone(u.UntrustedMetadata)
	u.server = s
	return &u
}

// SignIn begins a session. Its factor is an e-mail magic link, unless options say otherwise.
func (u *User) SignIn(options ...SessionOption) *Session {
	record := u.record("SignIn")
	now := u.server.now()
	begun, _ := locked(u.server, func(st *state) (grant, error) {
		return st.beginUser(record, begin(userPerson(record.User), false, now, options), now), nil
	})
	return u.server.session(begun)
}

// TOTP is the code that the user's authenticator app shows now. Each works once and for about half a
// minute, by the server's clock; empty for a user without an app.
func (u *User) TOTP() string { return u.record("TOTP").App.code(u.server.now()) }

// RecoveryCodes are those that the user has not used yet; none without an authenticator app.
func (u *User) RecoveryCodes() []string {
	return slices.Clone(u.record("RecoveryCodes").App.RecoveryCodes)
}

// Impersonate is where the browser of somebody arrives who impersonates the user from Stytch's
// dashboard: the redirect URL with a token, which lives five minutes. by is their address.
func (u *User) Impersonate(by, redirect string) string {
	record := u.record("Impersonate")
	link := linkRecord{Type: tokenTypeUserImpersonation, Email: record.Email, UserID: record.ID, Source: by}
	return u.server.mustIssue("Impersonate", redirect, impersonationLifetime, func(*state) (linkRecord, error) {
		return link, checkEmail(by)
	})
}

// record is the user as the server knows them now.
func (u *User) record(method string) userRecord {
	if u.server == nil {
		panic("stytchtest: " + method + " of a User that no server knows (want the *User that Server.AddUser returned)")
	}
	record, err := locked(u.server, func(st *state) (userRecord, error) { return st.userOr404(u.ID) })
	if err != nil {
		panic("stytchtest: " + method + " of " + cmp.Or(u.Email, u.Phone) + ", who is not a user any more (deleted, or Options.Limits.Members is too small)")
	}
	return record
}

func (u *User) name() string {
	return strings.Join(strings.Fields(u.FirstName+" "+u.MiddleName+" "+u.LastName), " ")
}

func (st *state) addUser(u userRecord) userRecord {
	u.server = nil
	u.Status = cmp.Or(u.Status, statusActive)
	u.Roles = withRole(roleUser, u.Roles)
	u.TrustedMetadata, u.UntrustedMetadata = maps.Clone(u.TrustedMetadata), maps.Clone(u.UntrustedMetadata)
	if u.Email == "" && u.Phone == "" && u.ID == "" {
		st.named++
		u.Email = fmt.Sprintf("user-%d@example.com", st.named)
	}
	if known, found := st.sameUser(u.User); found {
		u.ID, u.CreatedAt, u.App, u.Passkeys, u.Providers = known.ID, known.CreatedAt, known.App, known.Passkeys, known.Providers
		u.Email = cmp.Or(u.Email, known.Email)
		u.Phone = cmp.Or(u.Phone, known.Phone)
	}
	u.ID = cmp.Or(u.ID, newID("user-test"))
	if u.Email == "" && u.Phone == "" {
		u.Email = u.ID + "@example.com"
	}
	if u.Authenticator && !u.App.active() {
		u.App = newAuthenticator()
	}
	st.putUser(u)
	return u
}

// sameUser is the one that u would be at Stytch: nobody shares an ID, an address or a number.
func (st *state) sameUser(u User) (userRecord, bool) {
	for _, name := range []string{u.ID, u.Email, u.Phone} {
		if known, found := st.user(name); name != "" && found {
			return known, true
		}
	}
	return userRecord{}, false
}
