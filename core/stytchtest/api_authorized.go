package stytchtest

import "net/http"

// authorized asks for the project's credentials, as every endpoint does that is not public.
func (s *Server) authorized(next handler) handler {
	return func(r *http.Request) (any, error) {
		project, secret, ok := r.BasicAuth()
		if !ok || project != s.options.ProjectID || secret != s.options.Secret {
			return nil, errUnauthorizedCredentials
		}
		return next(r)
	}
}

// public asks for the project's public token, which is all that a start URL has to show.
func (s *Server) public(next handler) handler {
	return func(r *http.Request) (any, error) {
		switch r.URL.Query().Get("public_token") {
		case "":
			return nil, errPublicTokenRequired
		case s.options.PublicToken:
			return next(r)
		}
		return nil, errPublicTokenNotFound
	}
}
