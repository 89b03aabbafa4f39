package shown

import (
	"strings"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"
)

// User is shown to the user. When they are locked out is not.
type User struct {
	UserID                 string          `json:"user_id"`
	Status                 string          `json:"status"`
	Name                   name            `json:"name"`
	Emails                 []email         `json:"emails"`
	PhoneNumbers           []phoneNumber   `json:"phone_numbers"`
	Providers              []oauthProvider `json:"providers"`
	TOTPs                  []totp          `json:"totps"`
	WebAuthnRegistrations  []passkey       `json:"webauthn_registrations"`
	BiometricRegistrations []biometric     `json:"biometric_registrations"`
	CryptoWallets          []cryptoWallet  `json:"crypto_wallets"`
	Password               *password       `json:"password"`
	Roles                  []string        `json:"roles"`
	ExternalID             *string         `json:"external_id"`
	TrustedMetadata        map[string]any  `json:"trusted_metadata"`
	UntrustedMetadata      map[string]any  `json:"untrusted_metadata"`
	CreatedAt              *time.Time      `json:"created_at"`
}

type name struct {
	FirstName  string `json:"first_name"`
	MiddleName string `json:"middle_name"`
	LastName   string `json:"last_name"`
}

type email struct {
	EmailID  string `json:"email_id"`
	Email    string `json:"email"`
	Verified bool   `json:"verified"`
}

type phoneNumber struct {
	PhoneID     string `json:"phone_id"`
	PhoneNumber string `json:"phone_number"`
	Verified    bool   `json:"verified"`
}

type oauthProvider struct {
	ProviderType            string `json:"provider_type"`
	ProviderSubject         string `json:"provider_subject"`
	ProfilePictureURL       string `json:"profile_picture_url"`
	Locale                  string `json:"locale"`
	OAuthUserRegistrationID string `json:"oauth_user_registration_id"`
}

type totp struct {
	TOTPID   string `json:"totp_id"`
	Verified bool   `json:"verified"`
}

type passkey struct {
	WebAuthnRegistrationID string `json:"webauthn_registration_id"`
	Domain                 string `json:"domain"`
	UserAgent              string `json:"user_agent"`
	Verified               bool   `json:"verified"`
	AuthenticatorType      string `json:"authenticator_type"`
	Name                   string `json:"name"`
}

type biometric struct {
	BiometricRegistrationID string `json:"biometric_registration_id"`
	Verified                bool   `json:"verified"`
}

type cryptoWallet struct {
	CryptoWalletID      string `json:"crypto_wallet_id"`
	CryptoWalletAddress string `json:"crypto_wallet_address"`
	CryptoWalletType    string `json:"crypto_wallet_type"`
	Verified            bool   `json:"verified"`
}

type password struct {
	PasswordID    string `json:"password_id"`
	RequiresReset bool   `json:"requires_reset"`
}

// UserOf shares what it can with u. It is nil without one.
func UserOf(u *users.User) *User {
	if u == nil {
		return nil
	}
	of := &User{
		UserID: u.UserID, Status: u.Status,
		Emails:                 each(u.Emails, func(e users.Email) email { return email(e) }),
		PhoneNumbers:           each(u.PhoneNumbers, func(p users.PhoneNumber) phoneNumber { return phoneNumber(p) }),
		Providers:              each(u.Providers, func(p users.OAuthProvider) oauthProvider { return oauthProvider(p) }),
		TOTPs:                  each(u.TOTPs, func(t users.TOTP) totp { return totp(t) }),
		WebAuthnRegistrations:  each(u.WebAuthnRegistrations, func(r users.WebAuthnRegistration) passkey { return passkey(r) }),
		BiometricRegistrations: each(u.BiometricRegistrations, func(r users.BiometricRegistration) biometric { return biometric(r) }),
		CryptoWallets:          each(u.CryptoWallets, func(w users.CryptoWallet) cryptoWallet { return cryptoWallet(w) }),
		Roles:                  orEmpty(u.Roles), ExternalID: orNull(u.ExternalID),
		TrustedMetadata: fields(u.TrustedMetadata), UntrustedMetadata: fields(u.UntrustedMetadata),
		CreatedAt: u.CreatedAt,
	}
	if u.Name != nil {
		of.Name = name(*u.Name)
	}
	if u.Password != nil {
		of.Password = &password{u.Password.PasswordID, u.Password.RequiresReset}
	}
	return of
}

// NameOf is what to call a user: their name, else an e-mail address, else a phone number; empty where there is none.
func NameOf(u *users.User) string {
	if u.Name != nil {
		if full := strings.Join(strings.Fields(u.Name.FirstName+" "+u.Name.MiddleName+" "+u.Name.LastName), " "); full != "" {
			return full
		}
	}
	switch {
	case len(u.Emails) > 0:
		return u.Emails[0].Email
	case len(u.PhoneNumbers) > 0:
		return u.PhoneNumbers[0].PhoneNumber
	}
	return ""
}
