package stytch

import (
	"context"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/passwords"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/passwords/email"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/passwords/existingpassword"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/passwords/session"
)

// Password signs a user in. Every error is a *[Failure].
func (c *ConsumerClient) Password(ctx context.Context, p Password) (*Login, error) {
	l, err := userLogin(ctx, func(ctx context.Context) (any, error) {
		params := &passwords.AuthenticateParams{Email: p.Email, Password: p.Password, SessionDurationMinutes: minutes(p.Duration)}
		p.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.Passwords.Authenticate(ctx, params)
	})
	return l, ofPerson(err)
}

// SendReset mails a link to choose a new password. Every error is a *[Failure].
func (c *ConsumerClient) SendReset(ctx context.Context, m ResetMail) error {
	_, err := ask(ctx, c.api.Passwords.Email.ResetStart, &email.ResetStartParams{
		Email: m.Email, ResetPasswordRedirectURL: m.ResetURL, LoginRedirectURL: m.LoginURL, CodeChallenge: m.Challenge,
	})
	return err
}

// Reset sets a user's password by a link's token, and signs them in. Every error is a *[Failure].
func (c *ConsumerClient) Reset(ctx context.Context, p NewPassword) (*Login, error) {
	return userLogin(ctx, func(ctx context.Context) (any, error) {
		return c.api.Passwords.Email.Reset(ctx, &email.ResetParams{
			Token: p.Token, Password: p.Password, CodeVerifier: p.Verifier, SessionDurationMinutes: minutes(p.Duration),
		})
	})
}

// Change sets a user's password by the present one, and signs them in; all their sessions before end. Every
// error is a *[Failure].
func (c *ConsumerClient) Change(ctx context.Context, p Change) (*Login, error) {
	l, err := userLogin(ctx, func(ctx context.Context) (any, error) {
		return c.api.Passwords.ExistingPassword.Reset(ctx, &existingpassword.ResetParams{
			Email: p.Email, ExistingPassword: p.Password.Password, NewPassword: p.Wanted, SessionDurationMinutes: minutes(p.Duration),
		})
	})
	return l, ofPerson(err)
}

// ResetBySession sets the password of the session's user, and goes on with the session: all others of
// theirs end. Stytch wants a factor of the last five minutes. Every error is a *[Failure].
func (c *ConsumerClient) ResetBySession(ctx context.Context, cred Credential, password string, duration time.Duration) (*Login, error) {
	return userLogin(ctx, func(ctx context.Context) (any, error) {
		params := &session.ResetParams{Password: password, SessionDurationMinutes: minutes(duration)}
		cred.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.Passwords.Sessions.Reset(ctx, params)
	})
}

// Strength judges a password that somebody wants. Every error is a *[Failure].
func (c *ConsumerClient) Strength(ctx context.Context, email, password string) (*Strength, error) {
	res, err := ask(ctx, c.api.Passwords.StrengthCheck, &passwords.StrengthCheckParams{Password: password, Email: email})
	if err != nil {
		return nil, err
	}
	found := &Strength{Valid: res.ValidPassword, Breached: res.BreachedPassword}
	if f := res.Feedback; f != nil {
		found.advise(f.Warning, f.Suggestions)
		if l := f.LudsRequirements; l != nil && res.StrengthPolicy == luds {
			found.adviseLUDS(int(l.MissingCharacters), int(l.MissingComplexity))
		}
	}
	return found, nil
}
