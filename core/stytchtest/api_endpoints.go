package stytchtest

// Endpoint names one of the API's endpoints by its method and path. Where both kinds of project have
// it, that is the B2B path: in a consumer project, [Authenticate] is POST /v1/sessions/authenticate.
type Endpoint string

// The endpoints that a [Server] speaks. All stands for every one of them, Other for requests that
// are none of them, which are answered with 404 route_not_found.
const (
	All   Endpoint = "*"
	Other Endpoint = "/"
)

// The endpoints that B2B and consumer projects have alike.
const (
	Authenticate Endpoint = "POST /v1/b2b/sessions/authenticate"
	Revoke       Endpoint = "POST /v1/b2b/sessions/revoke"
	ListSessions Endpoint = "GET /v1/b2b/sessions"
	JWKS         Endpoint = "GET /v1/b2b/sessions/jwks/{project_id}"
	RBACPolicy   Endpoint = "GET /v1/b2b/rbac/policy"

	AuthenticateMagicLink     Endpoint = "POST /v1/b2b/magic_links/authenticate"
	StartOAuth                Endpoint = "GET /v1/b2b/public/oauth/{provider}/start"
	AuthenticateOAuth         Endpoint = "POST /v1/b2b/oauth/authenticate"
	AuthenticateImpersonation Endpoint = "POST /v1/b2b/impersonation/authenticate"

	AuthenticatePassword    Endpoint = "POST /v1/b2b/passwords/authenticate"
	CheckPasswordStrength   Endpoint = "POST /v1/b2b/passwords/strength_check"
	StartPasswordReset      Endpoint = "POST /v1/b2b/passwords/email/reset/start"
	ResetPassword           Endpoint = "POST /v1/b2b/passwords/email/reset"
	ResetPasswordByExisting Endpoint = "POST /v1/b2b/passwords/existing_password/reset"
	ResetPasswordBySession  Endpoint = "POST /v1/b2b/passwords/session/reset"

	// SendEmailCode and SendSMS are login_or_create in a consumer project.
	SendEmailCode Endpoint = "POST /v1/b2b/otps/email/login_or_signup"
	SendSMS       Endpoint = "POST /v1/b2b/otps/sms/send"
	// CreateTOTP, AuthenticateTOTP and UseRecoveryCode are below /v1/totps in a consumer project.
	CreateTOTP       Endpoint = "POST /v1/b2b/totp"
	AuthenticateTOTP Endpoint = "POST /v1/b2b/totp/authenticate"
	UseRecoveryCode  Endpoint = "POST /v1/b2b/recovery_codes/recover"
)

// The endpoints of machines and Connected Apps, at the same paths in both kinds of project.
const (
	IssueToken           Endpoint = "POST /v1/public/{project_id}/oauth2/token"
	IntrospectToken      Endpoint = "POST /v1/public/{project_id}/oauth2/introspect"
	CreateM2MClient      Endpoint = "POST /v1/m2m/clients"
	GetM2MClient         Endpoint = "GET /v1/m2m/clients/{client_id}"
	SearchM2MClients     Endpoint = "POST /v1/m2m/clients/search"
	UpdateM2MClient      Endpoint = "PUT /v1/m2m/clients/{client_id}"
	DeleteM2MClient      Endpoint = "DELETE /v1/m2m/clients/{client_id}"
	StartSecretRotation  Endpoint = "POST /v1/m2m/clients/{client_id}/secrets/rotate/start"
	CancelSecretRotation Endpoint = "POST /v1/m2m/clients/{client_id}/secrets/rotate/cancel"
	RotateSecret         Endpoint = "POST /v1/m2m/clients/{client_id}/secrets/rotate"
)

// The endpoints that only B2B projects have.
const (
	Exchange        Endpoint = "POST /v1/b2b/sessions/exchange"
	GetOrganization Endpoint = "GET /v1/b2b/organizations/{organization_id}"
	GetMember       Endpoint = "GET /v1/b2b/organizations/{organization_id}/member"
	CreateMember    Endpoint = "POST /v1/b2b/organizations/{organization_id}/members"
	SearchMembers   Endpoint = "POST /v1/b2b/organizations/members/search"
	UpdateMember    Endpoint = "PUT /v1/b2b/organizations/{organization_id}/members/{member_id}"
	DeleteMember    Endpoint = "DELETE /v1/b2b/organizations/{organization_id}/members/{member_id}"

	DeleteMemberPhone Endpoint = "DELETE /v1/b2b/organizations/{organization_id}/members/mfa_phone_numbers/{member_id}"
	DeleteMemberTOTP  Endpoint = "DELETE /v1/b2b/organizations/{organization_id}/members/{member_id}/totp"

	OrganizationPolicy Endpoint = "GET /v1/b2b/rbac/organizations/{organization_id}"

	LoginOrSignup         Endpoint = "POST /v1/b2b/magic_links/email/login_or_signup"
	Invite                Endpoint = "POST /v1/b2b/magic_links/email/invite"
	SendDiscovery         Endpoint = "POST /v1/b2b/magic_links/email/discovery/send"
	AuthenticateDiscovery Endpoint = "POST /v1/b2b/magic_links/discovery/authenticate"

	StartDiscoveryOAuth        Endpoint = "GET /v1/b2b/public/oauth/{provider}/discovery/start"
	AuthenticateDiscoveryOAuth Endpoint = "POST /v1/b2b/oauth/discovery/authenticate"
	StartSSO                   Endpoint = "GET /v1/public/sso/start"
	AuthenticateSSO            Endpoint = "POST /v1/b2b/sso/authenticate"

	AuthenticateDiscoveryPassword Endpoint = "POST /v1/b2b/passwords/discovery/authenticate"
	StartDiscoveryPasswordReset   Endpoint = "POST /v1/b2b/passwords/discovery/email/reset/start"
	ResetDiscoveryPassword        Endpoint = "POST /v1/b2b/passwords/discovery/email/reset"

	AuthenticateEmailCode          Endpoint = "POST /v1/b2b/otps/email/authenticate"
	SendDiscoveryEmailCode         Endpoint = "POST /v1/b2b/otps/email/discovery/send"
	AuthenticateDiscoveryEmailCode Endpoint = "POST /v1/b2b/otps/email/discovery/authenticate"

	AuthenticateSMS     Endpoint = "POST /v1/b2b/otps/sms/authenticate"
	GetRecoveryCodes    Endpoint = "GET /v1/b2b/recovery_codes/{organization_id}/{member_id}"
	RotateRecoveryCodes Endpoint = "POST /v1/b2b/recovery_codes/rotate"

	ListDiscovered       Endpoint = "POST /v1/b2b/discovery/organizations"
	CreateOrganization   Endpoint = "POST /v1/b2b/discovery/organizations/create"
	ExchangeIntermediate Endpoint = "POST /v1/b2b/discovery/intermediate_sessions/exchange"
)

// The endpoints that only consumer projects have.
const (
	GetUser    Endpoint = "GET /v1/users/{user_id}"
	UpdateUser Endpoint = "PUT /v1/users/{user_id}"
	DeleteUser Endpoint = "DELETE /v1/users/{user_id}"

	LoginOrCreate  Endpoint = "POST /v1/magic_links/email/login_or_create"
	SendMagicLink  Endpoint = "POST /v1/magic_links/email/send"
	CreatePassword Endpoint = "POST /v1/passwords"

	SendWhatsApp      Endpoint = "POST /v1/otps/whatsapp/login_or_create"
	AuthenticateCode  Endpoint = "POST /v1/otps/authenticate"
	ListRecoveryCodes Endpoint = "POST /v1/totps/recovery_codes"

	SendNewSMS      Endpoint = "POST /v1/otps/sms/send" // to who is known already, or their session
	DeleteUserPhone Endpoint = "DELETE /v1/users/phone_numbers/{phone_id}"
	DeleteUserTOTP  Endpoint = "DELETE /v1/users/totps/{totp_id}"

	StartWebAuthnRegistration Endpoint = "POST /v1/webauthn/register/start"
	RegisterWebAuthn          Endpoint = "POST /v1/webauthn/register"
	StartWebAuthn             Endpoint = "POST /v1/webauthn/authenticate/start"
	AuthenticateWebAuthn      Endpoint = "POST /v1/webauthn/authenticate"
	UpdateWebAuthn            Endpoint = "PUT /v1/webauthn/{webauthn_registration_id}"
	DeleteWebAuthn            Endpoint = "DELETE /v1/users/webauthn_registrations/{webauthn_registration_id}"
)
