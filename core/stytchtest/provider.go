package stytchtest

import (
	"cmp"
	"net/http"
	"net/url"
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
	organization *organizationRecord // nil in discovery
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
		redirect, err := v.redirect(st, email)
		if err != nil {
			return nil, err
		}
		v.link.Email = email
		_, target := st.issue(v.link, redirect, providerLifetime, now)
		return answer{http.StatusFound, http.Header{"Location": {target}, "Cache-Control": {"no-store"}}, nil}, nil
	})
}

func (v visit) redirect(st *state, email string) (*url.URL, error) {
	if v.organization == nil {
		return redirectURL(errNoDiscoveryRedirectURL, v.login)
	}
	known, _ := st.memberByEmail(v.organization.ID, email)
	return redirectOf(known, v.login, v.signup)
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
