package stytchtest

import "time"

// The objects of the API as they go over the wire. The SDK's own types leave out what is empty;
// Stytch writes it, so these do.

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
		IsLocked:        m.Locked,
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
