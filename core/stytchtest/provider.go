package stytchtest

import (
	"cmp"
	"iter"
	"net/http"
)

// chosenParam is added to a start URL by the page on which somebody is chosen.
const chosenParam = "stytchtest_user"

// SetProviderUser says whose account the browser is signed in to at every OAuth provider and
// identity provider: a start URL then redirects at once, back to the application. The empty string,
// with which a server begins, makes start URLs show a page to choose somebody on.
func (s *Server) SetProviderUser(email string) {
	_, _ = locked(s, func(st *state) (any, error) {
		st.providerUser = email
		return nil, nil
	})
}

// visit is a browser at a provider, between a start URL and the application.
type visit struct {
	at           string     // what the provider is called
	link         linkRecord // what it leaves with; the address comes when somebody is chosen
	login        string     // redirect URLs
	signup       string
	organization *organizationRecord // nil in discovery and in a consumer project
	users        bool                // in a consumer project
}

// visited answers a start URL: with a redirect to the application, or a page to choose who one is.
func (s *Server) visited(r *http.Request, v visit) (any, error) {
	if _, err := redirectURL(errNoLoginRedirectURL, v.login, v.signup); err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		email := cmp.Or(r.URL.Query().Get(chosenParam), st.providerUser)
		if email == "" {
			return s.chooser.answer(st, r.URL, v)
		}
		if err := checkEmail(email); err != nil {
			return nil, err
		}
		redirect, err := redirectOf(v.knows(st, email), v.login, v.signup)
		if err != nil {
			return nil, err
		}
		v.link.Email = email
		_, target := st.issue(v.link, redirect, providerLifetime, now)
		return answer{http.StatusFound, http.Header{"Location": {target}, "Cache-Control": {"no-store"}}, nil}, nil
	})
}

// knows reports whether an address logs in rather than signs up. In discovery there is one way for all.
func (v visit) knows(st *state, email string) bool {
	if v.users {
		u, _ := st.user(email)
		return u.Status == statusActive
	}
	if v.organization == nil {
		return true
	}
	m, _ := st.memberByEmail(v.organization.ID, email)
	return m.Status == statusActive
}

// people are those who may be chosen: a consumer project's users, an organization's members, or in
// discovery everybody.
func (v visit) people(st *state) iter.Seq2[string, string] {
	return func(yield func(name, email string) bool) {
		for u := range st.users.all() {
			if u.Email != "" && !yield(u.name(), u.Email) {
				return
			}
		}
		for m := range st.members.all() {
			if (v.organization == nil || m.OrganizationID == v.organization.ID) && !yield(m.Name, m.Email) {
				return
			}
		}
	}
}

// one takes the only value that is given, or one of two errors.
func one(missing, tooMany error, candidates ...string) (string, error) {
	var given string
	for _, c := range candidates {
		switch {
		case c == "":
		case given != "":
			return "", tooMany
		default:
			given = c
		}
	}
	if given == "" {
		return "", missing
	}
	return given, nil
}
