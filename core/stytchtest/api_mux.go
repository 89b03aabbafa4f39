package stytchtest

import (
	"net/http"
	"path"
	"strings"
)

// handler answers one request: with a body for 200, a whole answer, or an apiError.
type handler func(r *http.Request) (any, error)

func (s *Server) mux() http.Handler {
	b2b, consumer := s.b2b(), s.consumer()
	mux := http.NewServeMux()
	switch s.options.Vertical {
	case Consumer:
		s.serve(mux, consumer, Endpoint.consumerPattern)
		s.refuse(mux, b2b, Endpoint.b2bPattern, errInvalidB2BEndpoint)
	default:
		s.serve(mux, b2b, Endpoint.b2bPattern)
		s.refuse(mux, consumer, Endpoint.consumerPattern, errInvalidConsumerEndpoint)
	}
	s.serve(mux, s.machines(), Endpoint.b2bPattern)
	if s.options.BrowserSDK {
		mux.Handle("/sdk/", s.browser())
	}
	unknown := s.route(Other, s.authorized(routeNotFound))
	mux.Handle(string(Other), unknown)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := r.URL.EscapedPath(); path.Clean(p) != strings.TrimSuffix(p, "/") {
			unknown.ServeHTTP(w, r) // the mux would redirect //v1/… to /v1/…; Stytch does not
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// serve answers the endpoints of the project's own kind.
func (s *Server) serve(mux *http.ServeMux, handlers map[Endpoint]handler, pattern func(Endpoint) string) {
	for endpoint, h := range handlers {
		mux.Handle(pattern(endpoint), s.route(endpoint, h))
	}
}

// refuse answers those of the other kind. The keys are the project's, so they are at both paths.
func (s *Server) refuse(mux *http.ServeMux, handlers map[Endpoint]handler, pattern func(Endpoint) string, refusal apiError) {
	for endpoint := range handlers {
		if endpoint == JWKS {
			mux.Handle(pattern(JWKS), s.route(JWKS, s.jwks))
			continue
		}
		mux.Handle(pattern(endpoint), s.route(Other, s.authorized(func(*http.Request) (any, error) { return nil, refusal })))
	}
}

// b2bPattern is the endpoint itself, but for one that a mux cannot tell from DeleteMemberPhone.
func (e Endpoint) b2bPattern() string {
	if e == DeleteMemberTOTP {
		return strings.TrimSuffix(string(e), "totp") + "{factor}"
	}
	return string(e)
}

func (e Endpoint) consumerPattern() string {
	if pattern, named := consumerPatterns()[e]; named {
		return pattern
	}
	return string(e)
}

func routeNotFound(*http.Request) (any, error) { return nil, errRouteNotFound }
