package stytchtest

import (
	"cmp"
	"slices"
	"time"
)

// intermediateLifetime is Stytch's: 10 minutes.
const intermediateLifetime = 10 * time.Minute

// intermediateRecord is a login under way: an address and the factors it has shown so far.
type intermediateRecord struct {
	Token     string
	Email     string
	Factors   []factor
	ExpiresAt time.Time
}

// login is how a login ended: with a session, or with an intermediate one.
type login struct {
	grant
	Intermediate string // its token, when a second factor is missing
}

func (l login) complete() bool { return l.Intermediate == "" }

// signIn logs a member in who has shown factors, or leaves an intermediate session behind. The
// intermediate session that led here, if any, is used up by a full one and kept otherwise.
func (st *state) signIn(m memberRecord, factors []factor, ist string, terms terms, now time.Time) login {
	if m.MFA && !hasSecondFactor(factors) {
		o, _ := st.organization(m.OrganizationID)
		return login{grant{Organization: o, Member: m}, st.putIntermediate(ist, m.Email, factors, now)}
	}
	st.intermediates.remove(ist)
	begun := st.begin(m, beginning{newToken(), terms.lifetime, factors, terms.claims}, now)
	return login{grant: begun}
}

// putIntermediate keeps factors under a token, a new one when token is empty.
func (st *state) putIntermediate(token, email string, factors []factor, now time.Time) string {
	token = cmp.Or(token, newToken())
	st.intermediates.put(token, intermediateRecord{token, email, factors, now.Add(intermediateLifetime)})
	return token
}

func (st *state) intermediate(token string, now time.Time) (intermediateRecord, error) {
	found, ok := st.intermediates.get(token)
	if !ok || !now.Before(found.ExpiresAt) {
		return intermediateRecord{}, errIntermediateNotFound
	}
	return found, nil
}

// join is the member with an address in an organization, who becomes one if their domain lets them.
func (st *state) join(o organizationRecord, email, status string, now time.Time) (m memberRecord, created bool, err error) {
	if m, ok := st.memberByEmail(o.ID, email); ok {
		return m, false, nil
	}
	if err := o.admits(email); err != nil {
		return memberRecord{}, false, err
	}
	return st.addMember(o, memberRecord{Member: Member{Email: email, Status: status}, CreatedAt: now}), true, nil
}

// discovered is an organization that an address belongs to or may join.
type discovered struct {
	email        string
	organization organizationRecord
	member       *memberRecord // nil: not yet one
}

// discover lists memberships, and with joinable what the address may join, oldest first.
func (st *state) discover(email string, joinable bool) []discovered {
	var found []discovered
	for o := range st.organizations.all() {
		m, ok := st.memberByEmail(o.ID, email)
		switch {
		case ok:
			found = append(found, discovered{email, o, &m})
		case joinable && o.admits(email) == nil:
			found = append(found, discovered{email, o, nil})
		}
	}
	return found
}

// openLogin uses a magic link up and logs its member in, together with the factors that an
// intermediate session has shown already.
func (st *state) openLogin(token, verifier, ist string, terms terms, now time.Time) (login, error) {
	link, err := st.link(token, tokenTypeLogin, verifier, now)
	if err != nil {
		return login{}, err
	}
	m, found := st.member(link.MemberID)
	if !found {
		return login{}, errMemberNotFound
	}
	factors, err := st.factorsWith(ist, m.Email, []factor{emailFactor(m.Email, now)}, now)
	if err != nil {
		return login{}, err
	}
	st.use(link)
	return st.signIn(m, factors, ist, terms, now), nil
}

// factorsWith adds factors to those of an intermediate session; without one, they are all there is.
func (st *state) factorsWith(ist, email string, added []factor, now time.Time) ([]factor, error) {
	if ist == "" {
		return added, nil
	}
	before, err := st.intermediate(ist, now)
	if err != nil {
		return nil, err
	}
	if normalEmail(before.Email) != normalEmail(email) {
		return nil, errIntermediateNotFound
	}
	return slices.Concat(before.Factors, added), nil
}
