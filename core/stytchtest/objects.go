package stytchtest

import "time"

// The objects of the API as they go over the wire. The SDK's own types leave out what is empty;
// Stytch writes it, so these do.

type organizationObject struct {
	OrganizationID         string             `json:"organization_id"`
	Name                   string             `json:"organization_name"`
	LogoURL                string             `json:"organization_logo_url"`
	Slug                   string             `json:"organization_slug"`
	ExternalID             *string            `json:"organization_external_id"`
	SSOJIT                 string             `json:"sso_jit_provisioning"`
	SSOJITAllowed          []string           `json:"sso_jit_provisioning_allowed_connections"`
	SSOActiveConnections   []connectionObject `json:"sso_active_connections"`
	SSODefaultConnectionID *string            `json:"sso_default_connection_id"`
	SCIMActiveConnection   *string            `json:"scim_active_connection"`
	EmailAllowedDomains    []string           `json:"email_allowed_domains"`
	EmailJIT               string             `json:"email_jit_provisioning"`
	EmailInvites           string             `json:"email_invites"`
	OAuthTenantJIT         string             `json:"oauth_tenant_jit_provisioning"`
	AllowedOAuthTenants    map[string]any     `json:"allowed_oauth_tenants"`
	ClaimedEmailDomains    []string           `json:"claimed_email_domains"`
	AuthMethods            string             `json:"auth_methods"`
	AllowedAuthMethods     []string           `json:"allowed_auth_methods"`
	MFAPolicy              string             `json:"mfa_policy"`
	MFAMethods             string             `json:"mfa_methods"`
	AllowedMFAMethods      []string           `json:"allowed_mfa_methods"`
	ImplicitRoles          []any              `json:"rbac_email_implicit_role_assignments"`
	FirstPartyAppsType     string             `json:"first_party_connected_apps_allowed_type"`
	FirstPartyApps         []string           `json:"allowed_first_party_connected_apps"`
	ThirdPartyAppsType     string             `json:"third_party_connected_apps_allowed_type"`
	ThirdPartyApps         []string           `json:"allowed_third_party_connected_apps"`
	TrustedMetadata        map[string]any     `json:"trusted_metadata"`
	CreatedAt              time.Time          `json:"created_at"`
	UpdatedAt              time.Time          `json:"updated_at"`
}

func organizationOf(o organizationRecord) organizationObject {
	jit := "NOT_ALLOWED"
	if len(o.EmailDomains) > 0 {
		jit = "RESTRICTED"
	}
	authMethods, mfaPolicy := "ALL_ALLOWED", "OPTIONAL"
	if len(o.AuthMethods) > 0 {
		authMethods = "RESTRICTED"
	}
	if o.MFARequired {
		mfaPolicy = "REQUIRED_FOR_ALL"
	}
	ssoJIT, ssoJITAllowed, connections := connectionsOf(o)
	return organizationObject{
		OrganizationID: o.ID, Name: o.Name, Slug: o.Slug,
		SSOJIT: ssoJIT, SSOJITAllowed: ssoJITAllowed, SSOActiveConnections: connections,
		EmailAllowedDomains: orEmpty(o.EmailDomains), EmailJIT: jit, EmailInvites: "ALL_ALLOWED",
		OAuthTenantJIT: "NOT_ALLOWED", AllowedOAuthTenants: map[string]any{}, ClaimedEmailDomains: []string{},
		AuthMethods: authMethods, AllowedAuthMethods: orEmpty(o.AuthMethods),
		MFAPolicy: mfaPolicy, MFAMethods: "ALL_ALLOWED", AllowedMFAMethods: []string{},
		ImplicitRoles:      []any{},
		FirstPartyAppsType: "ALL_ALLOWED", FirstPartyApps: []string{},
		ThirdPartyAppsType: "ALL_ALLOWED", ThirdPartyApps: []string{},
		TrustedMetadata: map[string]any{}, CreatedAt: o.CreatedAt, UpdatedAt: o.CreatedAt,
	}
}

type memberObject struct {
	OrganizationID         string         `json:"organization_id"`
	MemberID               string         `json:"member_id"`
	ExternalID             *string        `json:"external_id"`
	EmailAddress           string         `json:"email_address"`
	EmailAddressVerified   bool           `json:"email_address_verified"`
	RetiredEmailAddresses  []any          `json:"retired_email_addresses"`
	Status                 string         `json:"status"`
	Name                   string         `json:"name"`
	Roles                  []roleObject   `json:"roles"`
	IsAdmin                bool           `json:"is_admin"`
	IsBreakglass           bool           `json:"is_breakglass"`
	SSORegistrations       []any          `json:"sso_registrations"`
	OAuthRegistrations     []any          `json:"oauth_registrations"`
	SCIMRegistration       *string        `json:"scim_registration"`
	MemberPasswordID       string         `json:"member_password_id"`
	MFAEnrolled            bool           `json:"mfa_enrolled"`
	MFAPhoneNumber         string         `json:"mfa_phone_number"`
	MFAPhoneNumberVerified bool           `json:"mfa_phone_number_verified"`
	DefaultMFAMethod       string         `json:"default_mfa_method"`
	TOTPRegistrationID     string         `json:"totp_registration_id"`
	IsLocked               bool           `json:"is_locked"`
	LockCreatedAt          *time.Time     `json:"lock_created_at"`
	LockExpiresAt          *time.Time     `json:"lock_expires_at"`
	TrustedMetadata        map[string]any `json:"trusted_metadata"`
	UntrustedMetadata      map[string]any `json:"untrusted_metadata"`
	CreatedAt              time.Time      `json:"created_at"`
	UpdatedAt              time.Time      `json:"updated_at"`
}

type roleObject struct {
	RoleID  string       `json:"role_id"`
	Sources []roleSource `json:"sources"`
}

type roleSource struct {
	Type    string         `json:"type"`
	Details map[string]any `json:"details"`
}

func memberOf(m memberRecord) memberObject {
	object := memberObject{
		OrganizationID: m.OrganizationID, MemberID: m.ID,
		EmailAddress: m.Email, EmailAddressVerified: m.Status == statusActive,
		RetiredEmailAddresses: []any{}, Status: m.Status, Name: m.Name,
		Roles:            []roleObject{},
		SSORegistrations: []any{}, OAuthRegistrations: []any{},
		MFAEnrolled:     m.MFA,
		TrustedMetadata: map[string]any{}, UntrustedMetadata: map[string]any{},
		CreatedAt: m.CreatedAt, UpdatedAt: m.CreatedAt,
	}
	if m.Password != "" {
		object.MemberPasswordID = "member-password-test-" + m.ID
	}
	object.MFAPhoneNumber, object.MFAPhoneNumberVerified = m.Phone, m.Phone != "" && !m.PhoneUnverified
	object.DefaultMFAMethod, object.TOTPRegistrationID = m.defaultMFAMethod(), m.totpRegistration()
	for _, id := range m.Roles {
		object.IsAdmin = object.IsAdmin || id == roleAdmin
		object.Roles = append(object.Roles, roleObject{id, []roleSource{{"direct_assignment", map[string]any{}}}})
	}
	return object
}

type sessionObject struct {
	MemberSessionID       string         `json:"member_session_id"`
	MemberID              string         `json:"member_id"`
	OrganizationID        string         `json:"organization_id"`
	OrganizationSlug      string         `json:"organization_slug"`
	StartedAt             time.Time      `json:"started_at"`
	LastAccessedAt        time.Time      `json:"last_accessed_at"`
	ExpiresAt             time.Time      `json:"expires_at"`
	AuthenticationFactors []factor       `json:"authentication_factors"`
	Roles                 []string       `json:"roles"`
	CustomClaims          map[string]any `json:"custom_claims"`
}

func sessionOf(g grant) sessionObject {
	s := g.Session
	return sessionObject{
		MemberSessionID: s.ID, MemberID: g.Member.ID,
		OrganizationID: g.Organization.ID, OrganizationSlug: g.Organization.Slug,
		StartedAt: s.StartedAt, LastAccessedAt: s.LastAccessedAt, ExpiresAt: s.ExpiresAt,
		AuthenticationFactors: orEmpty(s.Factors), Roles: orEmpty(g.Member.Roles), CustomClaims: s.Claims,
	}
}

// orEmpty writes an empty list as [], never as null.
func orEmpty[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}
