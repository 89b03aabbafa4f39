package shown

import (
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
)

// Member is shown to the member. What the identity provider's directory holds, and when they are locked
// out, is not.
type Member struct {
	OrganizationID         string              `json:"organization_id"`
	MemberID               string              `json:"member_id"`
	ExternalID             *string             `json:"external_id"`
	EmailAddress           string              `json:"email_address"`
	EmailAddressVerified   bool                `json:"email_address_verified"`
	RetiredEmailAddresses  []retiredEmail      `json:"retired_email_addresses"`
	Status                 string              `json:"status"`
	Name                   string              `json:"name"`
	Roles                  []memberRole        `json:"roles"`
	IsAdmin                bool                `json:"is_admin"`
	IsBreakglass           bool                `json:"is_breakglass"`
	SSORegistrations       []ssoRegistration   `json:"sso_registrations"`
	OAuthRegistrations     []oauthRegistration `json:"oauth_registrations"`
	MemberPasswordID       string              `json:"member_password_id"`
	MFAEnrolled            bool                `json:"mfa_enrolled"`
	MFAPhoneNumber         string              `json:"mfa_phone_number"`
	MFAPhoneNumberVerified bool                `json:"mfa_phone_number_verified"`
	DefaultMFAMethod       string              `json:"default_mfa_method"`
	TOTPRegistrationID     string              `json:"totp_registration_id"`
	TrustedMetadata        map[string]any      `json:"trusted_metadata"`
	UntrustedMetadata      map[string]any      `json:"untrusted_metadata"`
	CreatedAt              *time.Time          `json:"created_at"`
	UpdatedAt              *time.Time          `json:"updated_at"`
}

type retiredEmail struct {
	EmailID      string `json:"email_id"`
	EmailAddress string `json:"email_address"`
}

type memberRole struct {
	RoleID  string       `json:"role_id"`
	Sources []roleSource `json:"sources"`
}

type roleSource struct {
	Type    string         `json:"type"`
	Details map[string]any `json:"details"`
}

type ssoRegistration struct {
	ConnectionID   string         `json:"connection_id"`
	ExternalID     string         `json:"external_id"`
	RegistrationID string         `json:"registration_id"`
	SSOAttributes  map[string]any `json:"sso_attributes"`
}

type oauthRegistration struct {
	ProviderType              string `json:"provider_type"`
	ProviderSubject           string `json:"provider_subject"`
	MemberOAuthRegistrationID string `json:"member_oauth_registration_id"`
	ProfilePictureURL         string `json:"profile_picture_url"`
	Locale                    string `json:"locale"`
}

// MemberOf shares what it can with m. It is nil without one.
func MemberOf(m *organizations.Member) *Member {
	if m == nil {
		return nil
	}
	return &Member{
		OrganizationID: m.OrganizationID, MemberID: m.MemberID, ExternalID: orNull(m.ExternalID),
		EmailAddress: m.EmailAddress, EmailAddressVerified: m.EmailAddressVerified,
		RetiredEmailAddresses: each(m.RetiredEmailAddresses, func(e organizations.RetiredEmail) retiredEmail { return retiredEmail(e) }),
		Status:                m.Status, Name: m.Name,
		Roles: each(m.Roles, roleOf), IsAdmin: m.IsAdmin, IsBreakglass: m.IsBreakglass,
		SSORegistrations:   each(m.SSORegistrations, registrationOf),
		OAuthRegistrations: each(m.OAuthRegistrations, func(r organizations.OAuthRegistration) oauthRegistration { return oauthRegistration(r) }),
		MemberPasswordID:   m.MemberPasswordID,
		MFAEnrolled:        m.MFAEnrolled, MFAPhoneNumber: m.MFAPhoneNumber, MFAPhoneNumberVerified: m.MFAPhoneNumberVerified,
		DefaultMFAMethod: m.DefaultMFAMethod, TOTPRegistrationID: m.TOTPRegistrationID,
		TrustedMetadata: fields(m.TrustedMetadata), UntrustedMetadata: fields(m.UntrustedMetadata),
		CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
	}
}

func roleOf(r organizations.MemberRole) memberRole {
	return memberRole{r.RoleID, each(r.Sources, func(s organizations.MemberRoleSource) roleSource {
		return roleSource{s.Type, fields(s.Details)}
	})}
}

func registrationOf(r organizations.SSORegistration) ssoRegistration {
	r.SSOAttributes = fields(r.SSOAttributes)
	return ssoRegistration(r)
}
