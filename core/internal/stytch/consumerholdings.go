package stytch

import (
	"context"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/otp/sms"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/totps"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"
)

// EndAll ends the person's sessions one by one, as Stytch has no other way, the one that they ask with last. It
// returns the IDs of those that are over, also with an error. Every error is a *[Failure].
func (c *ConsumerClient) EndAll(ctx context.Context, p *Person) (ended []string, err error) {
	res, err := ask(ctx, c.api.Sessions.Get, &sessions.GetParams{UserID: p.User})
	if err != nil {
		return nil, err
	}
	end := func(id string) error {
		err := c.Revoke(ctx, Credential{SessionID, id})
		if err != nil && FailureOf(err).Verdict != Over {
			return err
		}
		ended = append(ended, id)
		return nil
	}
	for _, s := range res.Sessions {
		if s.SessionID == p.SessionID {
			continue
		}
		if err := end(s.SessionID); err != nil {
			return ended, err
		}
	}
	return ended, end(p.SessionID)
}

// SetUp registers an authenticator app for a user who has none. It counts from its first code on. Every error
// is a *[Failure].
func (c *ConsumerClient) SetUp(ctx context.Context, s Second) (*Authenticator, error) {
	res, err := ask(once(ctx), c.api.TOTPs.Create, &totps.CreateParams{UserID: s.User})
	if err != nil {
		return nil, err
	}
	return &Authenticator{res.TOTPID, res.Secret, res.QrCode, res.RecoveryCodes}, nil
}

// RemoveTOTP removes the person's authenticator app. Every error is a *[Failure].
func (c *ConsumerClient) RemoveTOTP(ctx context.Context, p *Person) error {
	_, err := ask(ctx, c.api.Users.DeleteTOTP, &users.DeleteTOTPParams{TOTPID: p.TOTPID})
	return err
}

// TextNew sends a code to a number that is to become the user's. Every error is a *[Failure].
func (c *ConsumerClient) TextNew(ctx context.Context, s Second, phone string) error {
	params := &sms.SendParams{PhoneNumber: phone}
	s.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
	_, err := ask(ctx, c.api.OTPs.Sms.Send, params)
	return err
}

// RemovePhone removes the person's phone number. Every error is a *[Failure].
func (c *ConsumerClient) RemovePhone(ctx context.Context, p *Person) error {
	_, err := ask(ctx, c.api.Users.DeletePhoneNumber, &users.DeletePhoneNumberParams{PhoneID: p.PhoneID})
	return err
}
