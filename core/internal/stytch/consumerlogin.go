package stytch

import (
	"context"
	"errors"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/impersonation"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/magiclinks/email"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/oauth"
)

// The values of stytch_token_type in a consumer project, OAuth aside, which is the same in both kinds.
const (
	UserMagicLink     = "magic_links"
	UserLogin         = "login" // of a password reset's mail: log in without a password
	UserPasswordReset = "reset_password"
	UserImpersonation = "impersonation"
)

// Send sends a magic link, which makes a user of whoever has none. Every error is a *[Failure].
func (c *ConsumerClient) Send(ctx context.Context, l Link) error {
	_, err := ask(ctx, c.api.MagicLinks.Email.LoginOrCreate, &email.LoginOrCreateParams{
		Email: l.Email, LoginMagicLinkURL: l.RedirectURL, SignupMagicLinkURL: l.RedirectURL, CodeChallenge: l.Challenge,
	})
	return err
}

// Open finishes a login with the token of this type. A session begins only where a duration is asked for.
// Every error is a *[Failure].
func (c *ConsumerClient) Open(ctx context.Context, tokenType string, p Proof) (*Login, error) {
	return userLogin(ctx, func(ctx context.Context) (any, error) { return c.open(ctx, tokenType, p) })
}

// userLogin is [login] in a consumer project.
func userLogin(ctx context.Context, call func(context.Context) (any, error)) (*Login, error) {
	res, err := asked(ctx, call)
	if err != nil {
		return nil, err
	}
	return userLoginOf(res)
}

func (c *ConsumerClient) open(ctx context.Context, tokenType string, p Proof) (any, error) {
	switch tokenType {
	case UserMagicLink, UserLogin:
		params := &magiclinks.AuthenticateParams{Token: p.Token, CodeVerifier: p.Verifier, SessionDurationMinutes: minutes(p.Duration)}
		p.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.MagicLinks.Authenticate(ctx, params)
	case OAuth:
		return c.api.OAuth.Authenticate(ctx, &oauth.AuthenticateParams{
			Token: p.Token, CodeVerifier: p.Verifier, SessionDurationMinutes: minutes(p.Duration),
		})
	case UserImpersonation: // takes neither a verifier nor a duration
		return c.api.Impersonation.Authenticate(ctx, &impersonation.AuthenticateParams{ImpersonationToken: p.Token})
	}
	return nil, errors.New("no login ends with a token of this type")
}

// userLoginOf reads what the SDK's login responses have in common; that of OAuth has a name of its own
// for the session.
func userLoginOf(res any) (*Login, error) {
	type session struct {
		ID        string    `json:"session_id"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	var body struct {
		UserID       string   `json:"user_id"`
		SessionToken string   `json:"session_token"`
		SessionJWT   string   `json:"session_jwt"`
		Session      *session `json:"session"`
		UserSession  *session `json:"user_session"`
	}
	if err := reread(res, &body); err != nil {
		return nil, err
	}
	s := body.Session
	if s == nil {
		s = body.UserSession
	}
	if s == nil || s.ExpiresAt.IsZero() || body.UserID == "" || body.SessionToken == "" || body.SessionJWT == "" {
		return nil, unusable(errors.New("the answer says that the user is authenticated, and holds no session"))
	}
	return &Login{
		UserID: body.UserID, Authenticated: true, SessionID: s.ID, ExpiresAt: s.ExpiresAt,
		Token: body.SessionToken, JWT: body.SessionJWT,
	}, nil
}
