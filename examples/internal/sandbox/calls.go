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
