package shown

import "github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"

// Organization is shown to every member of it. The directory's bearer token, in part, the domains that
// the organization claims and its age are not.
type Organization struct {
	OrganizationID                       string          `json:"organization_id"`
	OrganizationName                     string          `json:"organization_name"`
	OrganizationLogoURL                  string          `json:"organization_logo_url"`
	OrganizationSlug                     string          `json:"organization_slug"`
	OrganizationExternalID               *string         `json:"organization_external_id"`
	SSOJITProvisioning                   string          `json:"sso_jit_provisioning"`
	SSOJITProvisioningAllowedConnections []string        `json:"sso_jit_provisioning_allowed_connections"`
	SSOActiveConnections                 []ssoConnection `json:"sso_active_connections"`
	SSODefaultConnectionID               *string         `json:"sso_default_connection_id"`
	SCIMActiveConnection                 *directory      `json:"scim_active_connection"`
	EmailAllowedDomains                  []string        `json:"email_allowed_domains"`
	EmailJITProvisioning                 string          `json:"email_jit_provisioning"`
	EmailInvites                         string          `json:"email_invites"`
	OAuthTenantJITProvisioning           string          `json:"oauth_tenant_jit_provisioning"`
	AllowedOAuthTenants                  map[string]any  `json:"allowed_oauth_tenants"`
	AuthMethods                          string          `json:"auth_methods"`
	AllowedAuthMethods                   []string        `json:"allowed_auth_methods"`
	MFAPolicy                            string          `json:"mfa_policy"`
	MFAMethods                           string          `json:"mfa_methods"`
	AllowedMFAMethods                    []string        `json:"allowed_mfa_methods"`
	RBACEmailImplicitRoleAssignments     []implicitRole  `json:"rbac_email_implicit_role_assignments"`
	FirstPartyConnectedAppsAllowedType   string          `json:"first_party_connected_apps_allowed_type"`
	AllowedFirstPartyConnectedApps       []string        `json:"allowed_first_party_connected_apps"`
	ThirdPartyConnectedAppsAllowedType   string          `json:"third_party_connected_apps_allowed_type"`
	AllowedThirdPartyConnectedApps       []string        `json:"allowed_third_party_connected_apps"`
	TrustedMetadata                      map[string]any  `json:"trusted_metadata"`
}

type ssoConnection struct {
	ConnectionID     string `json:"connection_id"`
	DisplayName      string `json:"display_name"`
	IdentityProvider string `json:"identity_provider"`
}

type directory struct {
	ConnectionID string `json:"connection_id"`
	DisplayName  string `json:"display_name"`
}

type implicitRole struct {
	Domain string `json:"domain"`
	RoleID string `json:"role_id"`
}

// OrganizationOf shares what it can with o. It is nil without one.
func OrganizationOf(o *organizations.Organization) *Organization {
	if o == nil {
		return nil
	}
	return &Organization{
		OrganizationID: o.OrganizationID, OrganizationName: o.OrganizationName, OrganizationLogoURL: o.OrganizationLogoURL,
		OrganizationSlug: o.OrganizationSlug, OrganizationExternalID: orNull(o.OrganizationExternalID),
		SSOJITProvisioning:                   o.SSOJITProvisioning,
		SSOJITProvisioningAllowedConnections: orEmpty(o.SSOJITProvisioningAllowedConnections),
		SSOActiveConnections:                 each(o.SSOActiveConnections, func(c organizations.ActiveSSOConnection) ssoConnection { return ssoConnection(c) }),
		SSODefaultConnectionID:               orNull(o.SSODefaultConnectionID),
		SCIMActiveConnection:                 directoryOf(o.SCIMActiveConnection),
		EmailAllowedDomains:                  orEmpty(o.EmailAllowedDomains),
		EmailJITProvisioning:                 o.EmailJITProvisioning, EmailInvites: o.EmailInvites,
		OAuthTenantJITProvisioning: o.OAuthTenantJITProvisioning, AllowedOAuthTenants: fields(o.AllowedOAuthTenants),
		AuthMethods: o.AuthMethods, AllowedAuthMethods: orEmpty(o.AllowedAuthMethods),
		MFAPolicy: o.MFAPolicy, MFAMethods: o.MFAMethods, AllowedMFAMethods: orEmpty(o.AllowedMFAMethods),
		RBACEmailImplicitRoleAssignments:   each(o.RBACEmailImplicitRoleAssignments, func(r organizations.EmailImplicitRoleAssignment) implicitRole { return implicitRole(r) }),
		FirstPartyConnectedAppsAllowedType: o.FirstPartyConnectedAppsAllowedType,
		AllowedFirstPartyConnectedApps:     orEmpty(o.AllowedFirstPartyConnectedApps),
		ThirdPartyConnectedAppsAllowedType: o.ThirdPartyConnectedAppsAllowedType,
		AllowedThirdPartyConnectedApps:     orEmpty(o.AllowedThirdPartyConnectedApps),
		TrustedMetadata:                    fields(o.TrustedMetadata),
	}
}

func directoryOf(c *organizations.ActiveSCIMConnection) *directory {
	if c == nil {
		return nil
	}
	return &directory{c.ConnectionID, c.DisplayName}
}
