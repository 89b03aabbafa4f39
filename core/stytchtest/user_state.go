package stytchtest

import (
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

type userRecord struct {
	User
	CreatedAt       time.Time
	App             authenticator
	Passkeys        []passkey
	Providers       []string // the OAuth providers by which they have signed in
	EmailUnverified bool
	PhoneUnverified bool
	ReachedBy       sessions.AuthenticationFactorDeliveryMethod // how the last code was sent to the phone
	// PasswordStale: they have proved the address in another way since, so the password, which may be
	// a stranger's, counts no more.
	PasswordStale bool
}

// names are all by which a user is found, beside the ID.
func (u userRecord) names() []string {
	names := []string{}
	for _, name := range []string{normalEmail(u.Email), u.Phone, u.ExternalID} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

func (st *state) putUser(u userRecord) {
	before, existed := st.users.get(u.ID)
	st.users.put(u.ID, u)
	st.tell("user", u.ID, before, u, existed, func() any { return userOf(u) })
	for _, name := range u.names() {
		st.people[name] = u.ID
	}
}

// user finds one by an ID, an external ID, an address or a phone number.
func (st *state) user(name string) (userRecord, bool) {
	for _, key := range []string{name, normalEmail(name)} {
		if id, known := st.people[key]; known {
			return st.users.get(id)
		}
	}
	return st.users.get(name)
}

func (st *state) userOr404(id string) (userRecord, error) {
	u, found := st.user(id)
	if !found {
		return userRecord{}, errUserNotFound
	}
	return u, nil
}

// userByMethod finds whose address or phone has this email_id or phone_id.
func (st *state) userByMethod(id string) (userRecord, bool) {
	for u := range st.users.all() {
		if u.Email != "" && u.emailID() == id || u.Phone != "" && u.phoneID() == id {
			return u, true
		}
	}
	return userRecord{}, false
}

// beginUser starts a session of a user who has shown who they are.
func (st *state) beginUser(u userRecord, b beginning, now time.Time) grant {
	if u.Status != statusActive {
		u.Status = statusActive
		st.putUser(u)
	}
	session := b.session("session-test", now)
	session.UserID = u.ID
	return grant{User: u, Session: st.newSession(session)}
}

// proveUser logs a user in who has just shown a factor: it adds that to the session of theirs that
// the basis names, or begins one, if one is asked for. A session of somebody else counts for
// nothing, by Stytch's reference.
func (st *state) proveUser(u userRecord, f factor, b basis, now time.Time) (grant, error) {
	u.Status = statusActive
	st.putUser(u)
	if b.session != (credential{}) {
		g, err := st.live(b.session, now)
		if err != nil {
			return grant{}, err
		}
		if g.User.ID == u.ID {
			session := g.Session
			session.Factors = append(slices.Clone(session.Factors), f)
			return st.extend(grant{User: u, Session: session}, b.terms, now), nil
		}
	}
	if b.terms.lifetime == 0 {
		return grant{User: u}, nil
	}
	return st.beginUser(u, beginning{newToken(), b.terms.lifetime, []factor{f}, b.terms.claims}, now), nil
}
