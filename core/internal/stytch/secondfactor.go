package stytch

import (
	"context"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/otp/sms"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/recoverycodes"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/totps"
)

// Second is who shows a second factor, and the intermediate session that it rests on.
type Second struct {
	Organization, Member string // by ID
	Intermediate         string
	Duration             time.Duration
}

// Authenticator is an authenticator app that is being set up. Stytch tells it once.
type Authenticator struct {
	RegistrationID string
	Secret         string
	QRCode         string // a data URL of a PNG
	RecoveryCodes  []string
}

// SendText sends a code to the member's phone, or to a new one of a member who has none. Every error is
// a *[Failure].
func (c *Client) SendText(ctx context.Context, s Second, phone string) error {
	_, err := ask(ctx, c.api.OTPs.Sms.Send, &sms.SendParams{
		OrganizationID: s.Organization, MemberID: s.Member, IntermediateSessionToken: s.Intermediate, MFAPhoneNumber: phone,
	})
	return err
}

// Text ends a login by a code that was sent to the member's phone. Every error is a *[Failure].
func (c *Client) Text(ctx context.Context, s Second, code string) (*Login, error) {
	return login(ctx, func(ctx context.Context) (any, error) {
		return c.api.OTPs.Sms.Authenticate(ctx, &sms.AuthenticateParams{
			OrganizationID: s.Organization, MemberID: s.Member, IntermediateSessionToken: s.Intermediate,
			Code: code, SessionDurationMinutes: minutes(s.Duration),
		})
	})
}

// SetUp registers an authenticator app for a member who has none. It counts from its first code on. Every
// error is a *[Failure].
func (c *Client) SetUp(ctx context.Context, s Second) (*Authenticator, error) {
	res, err := ask(once(ctx), c.api.TOTPs.Create, &totps.CreateParams{
		OrganizationID: s.Organization, MemberID: s.Member, IntermediateSessionToken: s.Intermediate,
	})
	if err != nil {
		return nil, err
	}
	return &Authenticator{res.TOTPRegistrationID, res.Secret, res.QrCode, res.RecoveryCodes}, nil
}

// TOTP ends a login by a code of the member's authenticator app. Every error is a *[Failure].
func (c *Client) TOTP(ctx context.Context, s Second, code string) (*Login, error) {
	return login(ctx, func(ctx context.Context) (any, error) {
		return c.api.TOTPs.Authenticate(ctx, &totps.AuthenticateParams{
			OrganizationID: s.Organization, MemberID: s.Member, IntermediateSessionToken: s.Intermediate,
			Code: code, SessionDurationMinutes: minutes(s.Duration),
		})
	})
}

// Recover ends a login by one of the member's recovery codes, which is used up. Every error is a
// *[Failure].
func (c *Client) Recover(ctx context.Context, s Second, code string) (*Login, error) {
	return login(once(ctx), func(ctx context.Context) (any, error) {
		return c.api.RecoveryCodes.Recover(ctx, &recoverycodes.RecoverParams{
			OrganizationID: s.Organization, MemberID: s.Member, IntermediateSessionToken: s.Intermediate,
			RecoveryCode: code, SessionDurationMinutes: minutes(s.Duration),
		})
	})
}
