package stytch

import (
	"context"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/otp/sms"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/recoverycodes"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/totps"
)

// Second is who shows a second factor, and what it is added to: an intermediate session, or a session.
type Second struct {
	Organization, Member string // of a B2B project, by ID
	User                 string // of a consumer project
	Intermediate         string
	Session              Credential
	Duration             time.Duration
	Enrols               bool // every later login of the member is to want a second factor
}

// enrollment is Stytch's set_mfa_enrollment.
func (s Second) enrollment() string {
	if s.Enrols {
		return "enroll"
	}
	return ""
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
	params := &sms.SendParams{
		OrganizationID: s.Organization, MemberID: s.Member, IntermediateSessionToken: s.Intermediate, MFAPhoneNumber: phone,
	}
	s.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
	_, err := ask(ctx, c.api.OTPs.Sms.Send, params)
	return err
}

// Text ends a login, or adds to a session, by a code that was sent to the member's phone. Every error is a *[Failure].
func (c *Client) Text(ctx context.Context, s Second, code string) (*Login, error) {
	return login(ctx, func(ctx context.Context) (any, error) {
		params := &sms.AuthenticateParams{
			OrganizationID: s.Organization, MemberID: s.Member, IntermediateSessionToken: s.Intermediate,
			Code: code, SessionDurationMinutes: minutes(s.Duration), SetMFAEnrollment: s.enrollment(),
		}
		s.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.OTPs.Sms.Authenticate(ctx, params)
	})
}

// SetUp registers an authenticator app for a member who has none. It counts from its first code on. Every
// error is a *[Failure].
func (c *Client) SetUp(ctx context.Context, s Second) (*Authenticator, error) {
	params := &totps.CreateParams{OrganizationID: s.Organization, MemberID: s.Member, IntermediateSessionToken: s.Intermediate}
	s.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
	res, err := ask(once(ctx), c.api.TOTPs.Create, params)
	if err != nil {
		return nil, err
	}
	return &Authenticator{res.TOTPRegistrationID, res.Secret, res.QrCode, res.RecoveryCodes}, nil
}

// TOTP ends a login, or adds to a session, by a code of the member's authenticator app. Every error is a *[Failure].
func (c *Client) TOTP(ctx context.Context, s Second, code string) (*Login, error) {
	return login(ctx, func(ctx context.Context) (any, error) {
		params := &totps.AuthenticateParams{
			OrganizationID: s.Organization, MemberID: s.Member, IntermediateSessionToken: s.Intermediate,
			Code: code, SessionDurationMinutes: minutes(s.Duration), SetMFAEnrollment: s.enrollment(),
		}
		s.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.TOTPs.Authenticate(ctx, params)
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
