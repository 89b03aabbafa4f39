package stytch

import (
	"context"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// Person is whose session a credential is of, and what they can prove it with once more.
type Person struct {
	SessionID string
	Session   Credential // the session's own token
	ExpiresAt time.Time  // of the session

	Member, Organization string // of a B2B project, by ID
	User                 string // of a consumer project

	Email    string // that a password goes with
	Mailbox  string // an address that is known to be theirs; empty: none
	MailID   string // of it, in a consumer project
	Password bool   // they have one
	TOTP     bool   // they have an authenticator app
	TOTPID   string // of it, in a consumer project
	Phone    string // one that is known to be theirs; empty: none
	PhoneID  string // of it, in a consumer project
	Passkeys []Passkey
	Unproved []Phone // those that wait for their first code

	ProvedAt     time.Time // when they last showed a factor
	SecondAt     time.Time // when they last showed one of a phone or a device
	Impersonated bool      // it is somebody else who acts as them
}

// Phone is a number, with its ID in a consumer project.
type Phone struct{ ID, Number string }

// showed notes what the factors of the session say.
func (p *Person) showed(factors []sessions.AuthenticationFactor) {
	for _, f := range factors {
		p.Impersonated = p.Impersonated || f.Type == sessions.AuthenticationFactorTypeImpersonated
		at := f.LastAuthenticatedAt
		if at != nil && at.After(p.ProvedAt) {
			p.ProvedAt = *at
		}
		if at != nil && at.After(p.SecondAt) && isOfPhoneOrDevice(f) {
			p.SecondAt = *at
		}
	}
}

func isOfPhoneOrDevice(f sessions.AuthenticationFactor) bool {
	switch f.Type {
	case sessions.AuthenticationFactorTypeTOTP, sessions.AuthenticationFactorTypeWebAuthn, sessions.AuthenticationFactorTypeRecoveryCodes:
		return true
	case sessions.AuthenticationFactorTypeOTP:
		return f.DeliveryMethod != sessions.AuthenticationFactorDeliveryMethodEmail
	}
	return false
}

// Has reports whether a login went on with the person's own session, and with no other.
func (p *Person) Has(l *Login) bool {
	return l.Authenticated && l.SessionID == p.SessionID &&
		l.MemberID == p.Member && l.Organization.ID == p.Organization && l.UserID == p.User
}

// Person asks whose session a credential is of. Every error is a *[Failure].
func (c *Client) Person(ctx context.Context, cred Credential) (*Person, error) {
	a, err := c.Authenticate(ctx, cred, 0)
	if err != nil {
		return nil, err
	}
	m := a.Member
	p := &Person{
		SessionID: a.MemberSession.MemberSessionID, Session: Credential{Token, a.Token}, ExpiresAt: *a.MemberSession.ExpiresAt,
		Member: a.MemberSession.MemberID, Organization: a.MemberSession.OrganizationID,
		Email: m.EmailAddress, Mailbox: m.EmailAddress, Password: m.MemberPasswordID != "", TOTP: m.TOTPRegistrationID != "",
	}
	switch {
	case m.MFAPhoneNumberVerified:
		p.Phone = m.MFAPhoneNumber
	case m.MFAPhoneNumber != "":
		p.Unproved = []Phone{{Number: m.MFAPhoneNumber}}
	}
	p.showed(a.MemberSession.AuthenticationFactors)
	return p, nil
}

// Person asks whose session a credential is of. Every error is a *[Failure].
func (c *ConsumerClient) Person(ctx context.Context, cred Credential) (*Person, error) {
	a, err := c.Authenticate(ctx, cred, 0)
	if err != nil {
		return nil, err
	}
	p := &Person{
		SessionID: a.UserSession.SessionID, Session: Credential{Token, a.Token}, ExpiresAt: *a.UserSession.ExpiresAt,
		User: a.UserSession.UserID, Password: a.User.Password != nil,
	}
	p.showed(a.UserSession.AuthenticationFactors)
	for _, key := range a.User.WebAuthnRegistrations {
		if key.Verified {
			p.Passkeys = append(p.Passkeys, Passkey{key.WebAuthnRegistrationID, key.Name, key.Domain})
		}
	}
	for _, e := range a.User.Emails {
		if e.Verified && p.Mailbox == "" {
			p.Email, p.Mailbox, p.MailID = e.Email, e.Email, e.EmailID
		}
		if p.Email == "" {
			p.Email = e.Email
		}
	}
	for _, phone := range a.User.PhoneNumbers {
		switch {
		case !phone.Verified:
			p.Unproved = append(p.Unproved, Phone{phone.PhoneID, phone.PhoneNumber})
		case p.Phone == "":
			p.Phone, p.PhoneID = phone.PhoneNumber, phone.PhoneID
		}
	}
	for _, app := range a.User.TOTPs {
		if app.Verified && !p.TOTP {
			p.TOTP, p.TOTPID = true, app.TOTPID
		}
	}
	return p, nil
}
