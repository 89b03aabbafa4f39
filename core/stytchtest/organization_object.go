package stytchtest

import "time"

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
