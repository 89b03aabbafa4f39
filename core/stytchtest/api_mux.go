package stytchtest

import (
	"net/http"
	"path"
	"strings"
)

// handler answers one request: with a body for 200, a whole answer, or an apiError.
type handler func(r *http.Request) (any, error)

func (s *Server) mux() http.Handler {
	mux := http.NewServeMux()
	for endpoint, h := range map[Endpoint]handler{
		Authenticate:          s.authorized(s.authenticateSession),
		Revoke:                s.authorized(s.revokeSession),
		Exchange:              s.authorized(s.exchangeSession),
		ListSessions:          s.authorized(s.listSessions),
		JWKS:                  s.jwks, // public at Stytch too
		RBACPolicy:            s.authorized(s.rbacPolicy),
		GetOrganization:       s.authorized(s.getOrganization),
		GetMember:             s.authorized(s.getMember),
		LoginOrSignup:         s.authorized(s.loginOrSignup),
		AuthenticateMagicLink: s.authorized(s.authenticateMagicLink),
		SendDiscovery:         s.authorized(s.sendDiscovery),
		AuthenticateDiscovery: s.authorized(s.authenticateDiscovery),
		ListDiscovered:        s.authorized(s.listDiscovered),
		CreateOrganization:    s.authorized(s.createOrganization),
		ExchangeIntermediate:  s.authorized(s.exchangeIntermediate),
		Invite:                s.authorized(s.invite),

		StartOAuth:                 s.public(s.startOAuth),
		StartDiscoveryOAuth:        s.public(s.startDiscoveryOAuth),
		AuthenticateOAuth:          s.authorized(s.authenticateOAuth),
		AuthenticateDiscoveryOAuth: s.authorized(s.authenticateDiscoveryOAuth),
		StartSSO:                   s.public(s.startSSO),
		AuthenticateSSO:            s.authorized(s.authenticateSSO),
		AuthenticateImpersonation:  s.authorized(s.authenticateImpersonation),
		AuthenticatePassword:       s.authorized(s.authenticatePassword),
		StartPasswordReset:         s.authorized(s.startPasswordReset),
		ResetPassword:              s.authorized(s.resetPassword),
		AuthenticateTOTP:           s.authorized(s.authenticateTOTP),
		SendSMS:                    s.authorized(s.sendSMS),
		AuthenticateSMS:            s.authorized(s.authenticateSMS),
		RecoverMember:              s.authorized(s.recoverMember),

		Other: s.authorized(routeNotFound),
	} {
		mux.Handle(string(endpoint), s.route(endpoint, h))
	}
	unclean := s.route(Other, s.authorized(routeNotFound))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := r.URL.EscapedPath(); path.Clean(p) != strings.TrimSuffix(p, "/") {
			unclean.ServeHTTP(w, r) // the mux would redirect //v1/… to /v1/…; Stytch does not
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func routeNotFound(*http.Request) (any, error) { return nil, errRouteNotFound }
