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
	Token          string
	Email          string
	OrganizationID string // where they were shown; "" in discovery
	Factors        []factor
	ExpiresAt      time.Time
}

// basis is what a login builds on: what was shown before, if anything, and the terms of its session.
type basis struct {
	terms        terms
	intermediate string
	session      credential
}

// earlier is what stands behind a basis.
type earlier struct {
	session *grant // the member's own
	from    string // the organization where the factors were shown
	factors []factor
}

// login is how a login ended: with a session, or with an intermediate one.
type login struct {
	grant
	Intermediate string // its token, when something is missing
	missing      requirements
	texted       bool // a code was sent for the second step
}

func (l login) complete() bool { return l.Intermediate == "" }

// resume looks up what a basis names. A session of somebody else counts for nothing, as at Stytch;
// an intermediate one of another address is not found.
func (st *state) resume(b basis, email, organizationID string, now time.Time) (earlier, error) {
	switch {
	case b.session != credential{}:
		g, err := st.live(b.session, now)
		if err != nil || normalEmail(g.Member.Email) != normalEmail(email) || g.Organization.ID != organizationID {
			return earlier{}, err
		}
		return earlier{session: &g}, nil
	case b.intermediate != "":
		before, err := st.intermediate(b.intermediate, now)
		if err != nil {
			return earlier{}, err
		}
		if normalEmail(before.Email) != normalEmail(email) {
			return earlier{}, errIntermediateNotFound
		}
		return earlier{from: before.OrganizationID, factors: before.Factors}, nil
	}
	return earlier{}, nil
}

// prove logs a member in who has just shown a factor: it extends the session that they have, or
// adds to what they showed earlier.
func (st *state) prove(m memberRecord, f factor, e earlier, b basis, now time.Time) (login, error) {
	if m.Locked {
		return login{}, errLocked
	}
	if e.session != nil {
		session := e.session.Session
		session.Factors = append(slices.Clone(session.Factors), f)
		return login{grant: st.extend(grant{Organization: e.session.Organization, Member: m, Session: session}, b.terms, now)}, nil
	}
	factors := append(slices.Clone(carried(e.factors, e.from, m)), f)
	return st.signIn(m, factors, b, now)
}

// signIn logs a member in who has shown factors, or leaves an intermediate session behind. The
// intermediate session that led here, if any, is used up by a full one and kept otherwise.
func (st *state) signIn(m memberRecord, factors []factor, b basis, now time.Time) (login, error) {
	if m.Locked {
		return login{}, errLocked
	}
	o, _ := st.organization(m.OrganizationID)
	missing := o.requires(m, factors)
	if missing.met() {
		st.intermediates.remove(b.intermediate)
		return login{grant: st.begin(m, beginning{newToken(), b.terms.lifetime, factors, b.terms.claims}, now)}, nil
	}
	l := login{grant: grant{Organization: o, Member: m}, missing: missing}
	l.Intermediate = st.putIntermediate(intermediateRecord{
		Token: b.intermediate, Email: m.Email, OrganizationID: o.ID, Factors: factors,
	}, now)
	// Stytch sends a code at once to whoever has a phone number.
	if missing.Primary == nil && m.Phone != "" {
		st.textMember(m, now)
		l.texted = true
	}
	return l, nil
}

// putIntermediate keeps a login under its token, a new one when it has none.
func (st *state) putIntermediate(record intermediateRecord, now time.Time) string {
	record.Token = cmp.Or(record.Token, newToken())
	record.ExpiresAt = now.Add(intermediateLifetime)
	st.intermediates.put(record.Token, record)
	return record.Token
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

// logIn lets do log somebody in on what the fields name.
func (s *Server) logIn(f basisFields, do func(*state, basis, time.Time) (login, error)) (login, error) {
	b, err := s.basis(f)
	if err != nil {
		return login{}, err
	}
	now := s.now()
	return locked(s, func(st *state) (login, error) { return do(st, b, now) })
}
