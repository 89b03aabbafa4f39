package stytchtest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

const defaultSessionLifetime = time.Hour

// credential is one way of naming a session: by its ID, which a JWT holds, or by its opaque token.
type credential struct{ id, token string }

// begin starts a session of a member who has shown who they are.
func (st *state) begin(m memberRecord, b beginning, now time.Time) grant {
	if m.Status != statusActive {
		m.Status = statusActive
		st.putMember(m)
	}
	session := b.session("member-session-test", now)
	session.MemberID = m.ID
	o, _ := st.organization(m.OrganizationID)
	return grant{Organization: o, Member: m, Session: st.newSession(session)}
}

// session is a new one of somebody.
func (b beginning) session(prefix string, now time.Time) sessionRecord {
	return sessionRecord{
		ID: newID(prefix), Token: b.token,
		StartedAt: now, LastAccessedAt: now,
		ExpiresAt: now.Add(cmp.Or(b.lifetime, defaultSessionLifetime)),
		Factors:   b.factors,
		Claims:    merged(nil, b.claims),
	}
}

// newSession keeps a session, in the place of one with the same token.
func (st *state) newSession(session sessionRecord) sessionRecord {
	if id, taken := st.tokens[session.Token]; taken {
		st.sessions.remove(id)
	}
	st.putSession(session)
	return session
}

// grant is a session with its member and organization, over or not.
func (st *state) grant(id string) (grant, error) {
	session, found := st.sessions.get(id)
	if !found {
		return grant{}, errSessionNotFound
	}
	if session.UserID != "" {
		u, found := st.users.get(session.UserID)
		if !found {
			return grant{}, errSessionNotFound
		}
		return grant{User: u, Session: session}, nil
	}
	m, found := st.member(session.MemberID)
	if !found {
		return grant{}, errSessionNotFound
	}
	o, _ := st.organization(m.OrganizationID)
	return grant{Organization: o, Member: m, Session: session}, nil
}

func (g grant) isUser() bool { return g.Session.UserID != "" }

// subject is whoever the session belongs to.
func (g grant) subject() string { return cmp.Or(g.Session.UserID, g.Session.MemberID) }

func (g grant) roles() []string {
	if g.isUser() {
		return g.User.Roles
	}
	return g.Member.Roles
}

// live is the session that a credential names, unless it is over.
func (st *state) live(c credential, now time.Time) (grant, error) {
	if c.token != "" {
		c.id = st.tokens[c.token]
	}
	g, err := st.grant(c.id)
	if err != nil {
		return grant{}, err
	}
	if !now.Before(g.Session.ExpiresAt) {
		return grant{}, errSessionNotFound
	}
	return g, nil
}

// authenticate vouches for a session and extends it as asked, unless the check refuses.
func (st *state) authenticate(c credential, terms terms, check *authorizationCheck, now time.Time) (grant, *verdict, error) {
	g, err := st.live(c, now)
	if err != nil {
		return grant{}, nil, err
	}
	if terms.lifetime != 0 && hasFactor(g.Session.Factors, sessions.AuthenticationFactorTypeImpersonated) {
		return grant{}, nil, errSessionNotMutable
	}
	checked, err := st.authorize(g, check)
	if err != nil {
		return grant{}, nil, err
	}
	return st.extend(g, terms, now), checked, nil
}

// extend keeps a session with what is new about it, for as long as the terms say.
func (st *state) extend(g grant, terms terms, now time.Time) grant {
	g.Session.LastAccessedAt = now
	if terms.lifetime > 0 {
		g.Session.ExpiresAt = now.Add(terms.lifetime)
	}
	g.Session.Claims = merged(g.Session.Claims, terms.claims)
	st.putSession(g.Session)
	return g
}

// endAll ends every session of a member or user, but the one with the ID keep.
func (st *state) endAll(subject, keep string, now time.Time) {
	for _, session := range st.sessionsOf(subject, now) {
		if session.ID != keep {
			st.sessions.remove(session.ID)
		}
	}
}

// sessionsOf are the sessions of a member or user that are not over.
func (st *state) sessionsOf(subject string, now time.Time) []sessionRecord {
	return slices.Collect(func(yield func(sessionRecord) bool) {
		for s := range st.sessions.all() {
			if cmp.Or(s.UserID, s.MemberID) == subject && now.Before(s.ExpiresAt) && !yield(s) {
				return
			}
		}
	})
}

// merged adds claims as Stytch does: null deletes, and what the JWT itself needs is ignored.
func merged(claims, added map[string]any) map[string]any {
	result := maps.Clone(claims)
	if result == nil {
		result = map[string]any{}
	}
	for name, value := range added {
		switch {
		case isReserved(name):
		case value == nil:
			delete(result, name)
		default:
			result[name] = value
		}
	}
	return result
}
