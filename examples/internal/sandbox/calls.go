package sandbox

import "github.com/stytchkit/stytchkit/core/stytchtest"

// Endpoint is one of the API's endpoints with a short name.
type Endpoint struct {
	Name     string
	Endpoint stytchtest.Endpoint
}

// Endpoints are those that the sandbox counts and can make fail.
func Endpoints() []Endpoint {
	return []Endpoint{
		{"authenticate", stytchtest.Authenticate},
		{"revoke", stytchtest.Revoke},
		{"exchange", stytchtest.Exchange},
		{"list_sessions", stytchtest.ListSessions},
		{"jwks", stytchtest.JWKS},
		{"rbac_policy", stytchtest.RBACPolicy},
		{"organization", stytchtest.GetOrganization},
		{"member", stytchtest.GetMember},
		{"create_member", stytchtest.CreateMember},
		{"search_members", stytchtest.SearchMembers},
		{"update_member", stytchtest.UpdateMember},
		{"delete_member", stytchtest.DeleteMember},
		{"organization_policy", stytchtest.OrganizationPolicy},
		{"login_or_signup", stytchtest.LoginOrSignup},
		{"magic_link", stytchtest.AuthenticateMagicLink},
		{"send_discovery", stytchtest.SendDiscovery},
		{"discovery", stytchtest.AuthenticateDiscovery},
		{"invite", stytchtest.Invite},
		{"start_oauth", stytchtest.StartOAuth},
		{"start_discovery_oauth", stytchtest.StartDiscoveryOAuth},
		{"oauth", stytchtest.AuthenticateOAuth},
		{"discovery_oauth", stytchtest.AuthenticateDiscoveryOAuth},
		{"start_sso", stytchtest.StartSSO},
		{"sso", stytchtest.AuthenticateSSO},
		{"impersonation", stytchtest.AuthenticateImpersonation},
		{"password", stytchtest.AuthenticatePassword},
		{"start_password_reset", stytchtest.StartPasswordReset},
		{"reset_password", stytchtest.ResetPassword},
		{"totp", stytchtest.AuthenticateTOTP},
		{"send_sms", stytchtest.SendSMS},
		{"sms", stytchtest.AuthenticateSMS},
		{"recover", stytchtest.UseRecoveryCode},
		{"list_discovered", stytchtest.ListDiscovered},
		{"create_organization", stytchtest.CreateOrganization},
		{"exchange_intermediate", stytchtest.ExchangeIntermediate},
		{"strength", stytchtest.CheckPasswordStrength},
		{"reset_by_existing", stytchtest.ResetPasswordByExisting},
		{"reset_by_session", stytchtest.ResetPasswordBySession},
		{"discovery_password", stytchtest.AuthenticateDiscoveryPassword},
		{"start_discovery_reset", stytchtest.StartDiscoveryPasswordReset},
		{"discovery_reset", stytchtest.ResetDiscoveryPassword},
		{"send_email_code", stytchtest.SendEmailCode},
		{"email_code", stytchtest.AuthenticateEmailCode},
		{"send_discovery_code", stytchtest.SendDiscoveryEmailCode},
		{"discovery_code", stytchtest.AuthenticateDiscoveryEmailCode},
		{"create_totp", stytchtest.CreateTOTP},
		{"recovery_codes", stytchtest.GetRecoveryCodes},
		{"rotate_recovery_codes", stytchtest.RotateRecoveryCodes},

		{"user", stytchtest.GetUser},
		{"update_user", stytchtest.UpdateUser},
		{"delete_user", stytchtest.DeleteUser},
		{"login_or_create", stytchtest.LoginOrCreate},
		{"send_magic_link", stytchtest.SendMagicLink},
		{"create_password", stytchtest.CreatePassword},
		{"send_whatsapp", stytchtest.SendWhatsApp},
		{"code", stytchtest.AuthenticateCode},
		{"list_recovery_codes", stytchtest.ListRecoveryCodes},

		{"start_passkey_registration", stytchtest.StartWebAuthnRegistration},
		{"register_passkey", stytchtest.RegisterWebAuthn},
		{"start_passkey", stytchtest.StartWebAuthn},
		{"passkey", stytchtest.AuthenticateWebAuthn},
		{"update_passkey", stytchtest.UpdateWebAuthn},
		{"delete_passkey", stytchtest.DeleteWebAuthn},

		{"token", stytchtest.IssueToken},
		{"introspect", stytchtest.IntrospectToken},
		{"create_client", stytchtest.CreateM2MClient},
		{"client", stytchtest.GetM2MClient},
		{"search_clients", stytchtest.SearchM2MClients},
		{"update_client", stytchtest.UpdateM2MClient},
		{"delete_client", stytchtest.DeleteM2MClient},
		{"rotate_secret", stytchtest.RotateSecret},
		{"other", stytchtest.Other},
	}
}

// Calls are the API calls counted since the start or the last reset.
type Calls struct {
	Total     int            `json:"total"`
	Endpoints map[string]int `json:"endpoints"` // by short name; those that were called
}

// CountCalls reads the counts.
func (s *Sandbox) CountCalls() Calls {
	calls := Calls{Total: s.TotalCalls(), Endpoints: map[string]int{}}
	for _, e := range Endpoints() {
		if n := s.Server.Calls(e.Endpoint); n > 0 {
			calls.Endpoints[e.Name] = n
		}
	}
	return calls
}
