package stytchtest

import (
	"maps"
	"time"
)

// userObject is a user as the API writes one. Roles are strings, other than a member's.
type userObject struct {
	UserID                 string          `json:"user_id"`
	Status                 string          `json:"status"`
	Name                   userName        `json:"name"`
	Emails                 []userEmail     `json:"emails"`
	PhoneNumbers           []userPhone     `json:"phone_numbers"`
	Providers              []userProvider  `json:"providers"`
	TOTPs                  []userTOTP      `json:"totps"`
	WebAuthnRegistrations  []passkeyObject `json:"webauthn_registrations"`
	BiometricRegistrations []any           `json:"biometric_registrations"`
	CryptoWallets          []any           `json:"crypto_wallets"`
	Password               *userPassword   `json:"password"`
	Roles                  []string        `json:"roles"`
	IsLocked               bool            `json:"is_locked"`
	LockCreatedAt          *time.Time      `json:"lock_created_at"`
	LockExpiresAt          *time.Time      `json:"lock_expires_at"`
	ExternalID             *string         `json:"external_id"`
	TrustedMetadata        map[string]any  `json:"trusted_metadata"`
	UntrustedMetadata      map[string]any  `json:"untrusted_metadata"`
	CreatedAt              time.Time       `json:"created_at"`
}

type userName struct {
	FirstName  string `json:"first_name"`
	MiddleName string `json:"middle_name"`
	LastName   string `json:"last_name"`
}

type userEmail struct {
	EmailID  string `json:"email_id"`
	Email    string `json:"email"`
	Verified bool   `json:"verified"`
}

type userPhone struct {
	PhoneID     string `json:"phone_id"`
	PhoneNumber string `json:"phone_number"`
	Verified    bool   `json:"verified"`
}

type userProvider struct {
	ProviderType            string `json:"provider_type"`
	ProviderSubject         string `json:"provider_subject"`
	ProfilePictureURL       string `json:"profile_picture_url"`
	Locale                  string `json:"locale"`
	OAuthUserRegistrationID string `json:"oauth_user_registration_id"`
}

type userTOTP struct {
	TOTPID   string `json:"totp_id"`
	Verified bool   `json:"verified"`
}

type userPassword struct {
	PasswordID    string `json:"password_id"`
	RequiresReset bool   `json:"requires_reset"`
}

func userOf(u userRecord) userObject {
	object := userObject{
		UserID: u.ID, Status: u.Status, Name: userName{u.FirstName, u.MiddleName, u.LastName},
		Emails: []userEmail{}, PhoneNumbers: []userPhone{}, Providers: []userProvider{}, TOTPs: []userTOTP{},
		WebAuthnRegistrations: []passkeyObject{}, BiometricRegistrations: []any{}, CryptoWallets: []any{},
		Roles:           orEmpty(u.Roles),
		TrustedMetadata: orNone(u.TrustedMetadata), UntrustedMetadata: orNone(u.UntrustedMetadata),
		CreatedAt: u.CreatedAt, IsLocked: u.Locked,
	}
	if u.Email != "" {
		object.Emails = append(object.Emails, userEmail{u.emailID(), u.Email, !u.EmailUnverified})
	}
	if u.Phone != "" {
		object.PhoneNumbers = append(object.PhoneNumbers, userPhone{u.phoneID(), u.Phone, !u.PhoneUnverified})
	}
	for _, provider := range u.Providers {
		object.Providers = append(object.Providers, u.provider(provider))
	}
	if u.App.exists() {
		object.TOTPs = append(object.TOTPs, userTOTP{u.totpID(), u.App.active()})
	}
	for _, key := range u.Passkeys {
		object.WebAuthnRegistrations = append(object.WebAuthnRegistrations, passkeyOf(key))
	}
	if u.Password != "" {
		object.Password = &userPassword{u.passwordID(), u.PasswordStale}
	}
	if u.ExternalID != "" {
		object.ExternalID = &u.ExternalID
	}
	return object
}

func (u userRecord) provider(name string) userProvider {
	return userProvider{
		ProviderType: userProviders()[name], ProviderSubject: subjectOf(name, u.Email),
		OAuthUserRegistrationID: "oauth-user-test-" + u.idSuffix() + "-" + name,
	}
}

// orNone writes no metadata as {}, never as null.
func orNone(metadata map[string]any) map[string]any {
	if metadata == nil {
		return map[string]any{}
	}
	return maps.Clone(metadata)
}

type userSessionObject struct {
	SessionID             string         `json:"session_id"`
	UserID                string         `json:"user_id"`
	StartedAt             time.Time      `json:"started_at"`
	LastAccessedAt        time.Time      `json:"last_accessed_at"`
	ExpiresAt             time.Time      `json:"expires_at"`
	AuthenticationFactors []factor       `json:"authentication_factors"`
	Roles                 []string       `json:"roles"`
	Attributes            map[string]any `json:"attributes"`
	CustomClaims          map[string]any `json:"custom_claims"`
}

func userSessionOf(g grant) userSessionObject {
	s := g.Session
	return userSessionObject{
		SessionID: s.ID, UserID: g.User.ID,
		StartedAt: s.StartedAt, LastAccessedAt: s.LastAccessedAt, ExpiresAt: s.ExpiresAt,
		AuthenticationFactors: orEmpty(s.Factors), Roles: orEmpty(g.User.Roles),
		Attributes: noAttributes(), CustomClaims: s.Claims,
	}
}

// noAttributes are those of a session about whose browser the application told nothing.
func noAttributes() map[string]any { return map[string]any{"ip_address": "", "user_agent": ""} }
