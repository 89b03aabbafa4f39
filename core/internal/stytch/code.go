package stytch

import (
	"context"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/otp/email"
	discoverycodes "github.com/stytchauth/stytch-go/v16/stytch/b2b/otp/email/discovery"
)

// CodeTo asks for a one-time code.
type CodeTo struct {
	Address      string // an e-mail address, or a phone number
	Organization string // by ID or slug; empty: discovery
}

// Code is a one-time code, and what it was sent to.
type Code struct {
	CodeTo
	Method   string // of a consumer project: the ID of what the code was sent to
	Code     string
	Session  Credential // that the code is added to; for step-up alone
	Duration time.Duration
}

// MailCode mails a code, in the place of an earlier one. Every error is a *[Failure].
func (c *Client) MailCode(ctx context.Context, to CodeTo) error {
	if to.Organization == "" {
		_, err := ask(ctx, c.api.OTPs.Email.Discovery.Send, &discoverycodes.SendParams{EmailAddress: to.Address})
		return err
	}
	_, err := ask(ctx, c.api.OTPs.Email.LoginOrSignup, &email.LoginOrSignupParams{OrganizationID: to.Organization, EmailAddress: to.Address})
	return err
}

// Code signs a member in by a mailed code. Every error is a *[Failure].
func (c *Client) Code(ctx context.Context, code Code) (*Login, error) {
	return login(ctx, func(ctx context.Context) (any, error) {
		params := &email.AuthenticateParams{
			OrganizationID: code.Organization, EmailAddress: code.Address, Code: code.Code,
			SessionDurationMinutes: minutes(code.Duration),
		}
		code.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.OTPs.Email.Authenticate(ctx, params)
	})
}

// DiscoverByCode finds the organizations of whoever was mailed a code. Every error is a *[Failure].
func (c *Client) DiscoverByCode(ctx context.Context, code Code) (*Discovered, error) {
	return discovery(ctx, func(ctx context.Context) (any, error) {
		return c.api.OTPs.Email.Discovery.Authenticate(ctx, &discoverycodes.AuthenticateParams{EmailAddress: code.Address, Code: code.Code})
	})
}
