package stytch

import (
	"context"
	"errors"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/otp"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/otp/email"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/otp/sms"
)

// errNoMethod is why a code that was sent cannot be shown.
var errNoMethod = errors.New("the answer does not say what the code was sent to")

// MailCode mails a code, in the place of an earlier one, and makes a user of whoever is none. It returns
// the ID of the address. Every error is a *[Failure].
func (c *ConsumerClient) MailCode(ctx context.Context, to CodeTo) (method string, err error) {
	res, err := ask(ctx, c.api.OTPs.Email.LoginOrCreate, &email.LoginOrCreateParams{Email: to.Address})
	switch {
	case err != nil:
		return "", err
	case res.EmailID == "":
		return "", unusable(errNoMethod)
	}
	return res.EmailID, nil
}

// TextCode is to phones what [ConsumerClient.MailCode] is to addresses.
func (c *ConsumerClient) TextCode(ctx context.Context, to CodeTo) (method string, err error) {
	res, err := ask(ctx, c.api.OTPs.Sms.LoginOrCreate, &sms.LoginOrCreateParams{PhoneNumber: to.Address})
	switch {
	case err != nil:
		return "", err
	case res.PhoneID == "":
		return "", unusable(errNoMethod)
	}
	return res.PhoneID, nil
}

// Code signs a user in by a code. Every error is a *[Failure].
func (c *ConsumerClient) Code(ctx context.Context, code Code) (*Login, error) {
	return userLogin(ctx, func(ctx context.Context) (any, error) {
		params := &otp.AuthenticateParams{MethodID: code.Method, Code: code.Code, SessionDurationMinutes: minutes(code.Duration)}
		code.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.OTPs.Authenticate(ctx, params)
	})
}
