package stytchtest

import (
	"net/http"
	"path"
	"strings"
	"sync"
)

// Endpoint names one of the API's endpoints by its method and path.
type Endpoint string

// The endpoints that a [Server] speaks. All stands for every one of them, Other for requests that
// are none of them, which are answered with 404 route_not_found.
const (
	All   Endpoint = "*"
	Other Endpoint = "/"

	Authenticate Endpoint = "POST /v1/b2b/sessions/authenticate"
	Revoke       Endpoint = "POST /v1/b2b/sessions/revoke"
	Exchange     Endpoint = "POST /v1/b2b/sessions/exchange"
	ListSessions Endpoint = "GET /v1/b2b/sessions"
	JWKS         Endpoint = "GET /v1/b2b/sessions/jwks/{project_id}"

	RBACPolicy      Endpoint = "GET /v1/b2b/rbac/policy"
	GetOrganization Endpoint = "GET /v1/b2b/organizations/{organization_id}"
	GetMember       Endpoint = "GET /v1/b2b/organizations/{organization_id}/member"

	LoginOrSignup         Endpoint = "POST /v1/b2b/magic_links/email/login_or_signup"
	AuthenticateMagicLink Endpoint = "POST /v1/b2b/magic_links/authenticate"
	SendDiscovery         Endpoint = "POST /v1/b2b/magic_links/email/discovery/send"
	AuthenticateDiscovery Endpoint = "POST /v1/b2b/magic_links/discovery/authenticate"

	Invite Endpoint = "POST /v1/b2b/magic_links/email/invite"

	StartOAuth                 Endpoint = "GET /v1/b2b/public/oauth/{provider}/start"
	StartDiscoveryOAuth        Endpoint = "GET /v1/b2b/public/oauth/{provider}/discovery/start"
	AuthenticateOAuth          Endpoint = "POST /v1/b2b/oauth/authenticate"
	AuthenticateDiscoveryOAuth Endpoint = "POST /v1/b2b/oauth/discovery/authenticate"
	StartSSO                   Endpoint = "GET /v1/public/sso/start"
	AuthenticateSSO            Endpoint = "POST /v1/b2b/sso/authenticate"
	AuthenticateImpersonation  Endpoint = "POST /v1/b2b/impersonation/authenticate"

	AuthenticatePassword Endpoint = "POST /v1/b2b/passwords/authenticate"
	StartPasswordReset   Endpoint = "POST /v1/b2b/passwords/email/reset/start"
	ResetPassword        Endpoint = "POST /v1/b2b/passwords/email/reset"

	AuthenticateTOTP Endpoint = "POST /v1/b2b/totp/authenticate"
	SendSMS          Endpoint = "POST /v1/b2b/otps/sms/send"
	AuthenticateSMS  Endpoint = "POST /v1/b2b/otps/sms/authenticate"
	RecoverMember    Endpoint = "POST /v1/b2b/recovery_codes/recover"

	ListDiscovered       Endpoint = "POST /v1/b2b/discovery/organizations"
	CreateOrganization   Endpoint = "POST /v1/b2b/discovery/organizations/create"
	ExchangeIntermediate Endpoint = "POST /v1/b2b/discovery/intermediate_sessions/exchange"
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

func routeNotFound(*http.Request) (any, error) { return nil, errRouteNotFound }

// Calls is how many requests an endpoint has got since the start or ResetCalls, failed and
// unfinished ones included. Calls(All) is TotalCalls.
func (s *Server) Calls(endpoint Endpoint) int { return s.calls.of(endpoint) }

// TotalCalls is how many requests all endpoints have got, Other included.
func (s *Server) TotalCalls() int { return s.calls.of(All) }

// ResetCalls sets every count back to 0.
func (s *Server) ResetCalls() { s.calls.reset() }

// calls counts requests by endpoint. The zero value is ready.
type calls struct {
	mu    sync.Mutex
	count map[Endpoint]int
}

func (c *calls) add(endpoint Endpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil {
		c.count = map[Endpoint]int{}
	}
	c.count[endpoint]++
	c.count[All]++
}

func (c *calls) of(endpoint Endpoint) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count[endpoint]
}

func (c *calls) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.count)
}
