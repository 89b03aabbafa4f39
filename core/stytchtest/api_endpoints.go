package stytchtest

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
