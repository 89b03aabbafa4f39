package stytch

import (
	"context"
	"errors"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords"
	discoverypasswords "github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/discovery"
	discoveryresets "github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/discovery/email"
	resets "github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/email"
	existing "github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/existingpassword"
	sessionresets "github.com/stytchauth/stytch-go/v16/stytch/b2b/passwords/session"
)

// Password is an address with its password.
type Password struct {
	Email        string
	Organization string // by ID or slug
	Password     string
	Session      Credential // that the password is added to; for step-up alone
	Duration     time.Duration
}

// ResetMail asks for an e-mail with a link to choose a new password.
type ResetMail struct {
	Email        string
	Organization string // by ID or slug; empty: discovery
	ResetURL     string // where the link to a new password leads
	LoginURL     string // where the one to go on without leads
	Challenge    string // of PKCE, for both
}

// NewPassword sets a password by the token of a link.
type NewPassword struct {
	Proof
	Password string
}

// Change sets a password by the present one.
type Change struct {
	Password
	Wanted string
}

// Strength is what Stytch says of a password that somebody wants.
type Strength struct {
	Valid    bool
	Breached bool     // it is known from a leak
	Advice   []string // in sentences for the person
}

// errorCredentials is what a wrong password is answered with, and a wrong secret of the project's too.
const errorCredentials = "unauthorized_credentials"

// ofPerson is the failure of a call in which somebody's own credentials are wrong rather than the project's.
func ofPerson(err error) error {
	if err == nil {
		return nil
	}
	f := FailureOf(err)
	if f.ErrorType != errorCredentials {
		return f
	}
	theirs := *f
	theirs.Verdict = Refused
	return &theirs
}

// Password signs a member in to one organization. Every error is a *[Failure].
func (c *Client) Password(ctx context.Context, p Password) (*Login, error) {
	l, err := login(ctx, func(ctx context.Context) (any, error) {
		params := &passwords.AuthenticateParams{
			OrganizationID: p.Organization, EmailAddress: p.Email, Password: p.Password, SessionDurationMinutes: minutes(p.Duration),
		}
		p.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.Passwords.Authenticate(ctx, params)
	})
	return l, ofPerson(err)
}

// DiscoverByPassword finds the organizations of an address, where passwords count in all of them. Every
// error is a *[Failure].
func (c *Client) DiscoverByPassword(ctx context.Context, email, password string) (*Discovered, error) {
	found, err := discovery(ctx, func(ctx context.Context) (any, error) {
		return c.api.Passwords.Discovery.Authenticate(ctx, &discoverypasswords.AuthenticateParams{EmailAddress: email, Password: password})
	})
	return found, ofPerson(err)
}

// SendReset mails a link to choose a new password. Every error is a *[Failure].
func (c *Client) SendReset(ctx context.Context, m ResetMail) error {
	if m.Organization == "" {
		_, err := ask(ctx, c.api.Passwords.Discovery.Email.ResetStart, &discoveryresets.ResetStartParams{
			EmailAddress: m.Email, ResetPasswordRedirectURL: m.ResetURL, DiscoveryRedirectURL: m.LoginURL, PkceCodeChallenge: m.Challenge,
		})
		return err
	}
	_, err := ask(ctx, c.api.Passwords.Email.ResetStart, &resets.ResetStartParams{
		OrganizationID: m.Organization, EmailAddress: m.Email,
		ResetPasswordRedirectURL: m.ResetURL, LoginRedirectURL: m.LoginURL, CodeChallenge: m.Challenge,
	})
	return err
}

// Reset sets a member's password by a link's token, and signs them in. Every error is a *[Failure].
func (c *Client) Reset(ctx context.Context, p NewPassword) (*Login, error) {
	return login(ctx, func(ctx context.Context) (any, error) {
		return c.api.Passwords.Email.Reset(ctx, &resets.ResetParams{
			PasswordResetToken: p.Token, Password: p.Password, CodeVerifier: p.Verifier,
			IntermediateSessionToken: p.Intermediate, SessionDurationMinutes: minutes(p.Duration),
		})
	})
}

// Change sets a member's password by the present one, and signs them in; all their sessions before end. Every
// error is a *[Failure].
func (c *Client) Change(ctx context.Context, p Change) (*Login, error) {
	l, err := login(ctx, func(ctx context.Context) (any, error) {
		return c.api.Passwords.ExistingPassword.Reset(ctx, &existing.ResetParams{
			OrganizationID: p.Organization, EmailAddress: p.Email, ExistingPassword: p.Password.Password, NewPassword: p.Wanted,
			SessionDurationMinutes: minutes(p.Duration),
		})
	})
	return l, ofPerson(err)
}

// ResetByLink sets a member's first password by a magic link's token, and signs them in. The password is
// judged first, as the link works once. Where a second step is needed, or the password is refused all the same,
// it is unset. Every error is a *[Failure].
func (c *Client) ResetByLink(ctx context.Context, p NewPassword) (l *Login, unset bool, err error) {
	judged, err := c.Strength(ctx, "", p.Password)
	if err != nil {
		return nil, false, err
	}
	if !judged.Valid {
		return nil, false, &Failure{Verdict: Refused, ErrorType: "weak_password", Answered: true, err: errors.New("the password is too weak")}
	}
	l, err = c.Open(ctx, MagicLink, p.Proof)
	if err != nil || !l.Authenticated {
		return l, err == nil, err
	}
	if goesOn, err := c.ResetBySession(ctx, Credential{Kind: Token, Value: l.Token}, l.Organization.ID, p.Password, p.Duration); err == nil {
		return goesOn, false, nil
	}
	return l, true, nil
}

// ResetDiscovered sets the password of an address. Every error is a *[Failure].
func (c *Client) ResetDiscovered(ctx context.Context, p NewPassword) (*Discovered, error) {
	return discovery(ctx, func(ctx context.Context) (any, error) {
		return c.api.Passwords.Discovery.Email.Reset(ctx, &discoveryresets.ResetParams{
			PasswordResetToken: p.Token, Password: p.Password, PkceCodeVerifier: p.Verifier,
		})
	})
}

// ResetBySession sets the password of the session's member, and goes on with the session: all others of
// theirs end. Stytch wants a factor of the last five minutes. Every error is a *[Failure].
func (c *Client) ResetBySession(ctx context.Context, cred Credential, organization, password string, duration time.Duration) (*Login, error) {
	return login(ctx, func(ctx context.Context) (any, error) {
		params := &sessionresets.ResetParams{OrganizationID: organization, Password: password, SessionDurationMinutes: minutes(duration)}
		cred.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.Passwords.Sessions.Reset(ctx, params)
	})
}

// Strength judges a password that somebody wants. Every error is a *[Failure].
func (c *Client) Strength(ctx context.Context, email, password string) (*Strength, error) {
	res, err := ask(ctx, c.api.Passwords.StrengthCheck, &passwords.StrengthCheckParams{Password: password, EmailAddress: email})
	if err != nil {
		return nil, err
	}
	found := &Strength{Valid: res.ValidPassword, Breached: res.BreachedPassword}
	if z := res.ZxcvbnFeedback; z != nil {
		found.advise(z.Warning, z.Suggestions)
	}
	if l := res.LudsFeedback; l != nil && res.StrengthPolicy == luds {
		found.adviseLUDS(int(l.MissingCharacters), int(l.MissingComplexity))
	}
	return found, nil
}
