package stytch

import (
	"context"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/otp/sms"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/totps"
)

// SendText sends a code to a phone that a user has. Every error is a *[Failure].
func (c *ConsumerClient) SendText(ctx context.Context, phone string) error {
	_, err := ask(ctx, c.api.OTPs.Sms.LoginOrCreate, &sms.LoginOrCreateParams{PhoneNumber: phone})
	return err
}

// TOTP adds a code of the user's authenticator app to their session. Every error is a *[Failure].
func (c *ConsumerClient) TOTP(ctx context.Context, s Second, code string) (*Login, error) {
	return userLogin(ctx, func(ctx context.Context) (any, error) {
		params := &totps.AuthenticateParams{UserID: s.User, TOTPCode: code, SessionDurationMinutes: minutes(s.Duration)}
		s.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.TOTPs.Authenticate(ctx, params)
	})
}
