package stytch

import (
	"context"
	"errors"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/webauthn"
)

// Passkey is a WebAuthn registration of a user's.
type Passkey struct{ ID, Name, Domain string }

// errNoOptions is why a browser cannot be asked for a passkey.
var errNoOptions = errors.New("the answer holds no options for a browser")

// StartPasskey begins a login, or with a user a proof by one of their passkeys. It returns the browser's
// options as JSON. Every error is a *[Failure].
func (c *ConsumerClient) StartPasskey(ctx context.Context, domain, user string) (options string, err error) {
	res, err := ask(ctx, c.api.WebAuthn.AuthenticateStart, &webauthn.AuthenticateStartParams{
		Domain: domain, UserID: user, ReturnPasskeyCredentialOptions: true,
	})
	switch {
	case err != nil:
		return "", err
	case res.PublicKeyCredentialRequestOptions == "":
		return "", unusable(errNoOptions)
	}
	return res.PublicKeyCredentialRequestOptions, nil
}

// Passkey signs a user in by what their passkey answered, or adds it to a session. Every error is a *[Failure].
func (c *ConsumerClient) Passkey(ctx context.Context, credential string, session Credential, duration time.Duration) (*Login, error) {
	return userLogin(once(ctx), func(ctx context.Context) (any, error) {
		params := &webauthn.AuthenticateParams{PublicKeyCredential: credential, SessionDurationMinutes: minutes(duration)}
		session.into(&params.SessionToken, &params.SessionJWT, new(string))
		return c.api.WebAuthn.Authenticate(ctx, params)
	})
}

// StartRegistration begins with a new passkey of a user. It returns the browser's options as JSON. Every
// error is a *[Failure].
func (c *ConsumerClient) StartRegistration(ctx context.Context, domain, user, agent string) (options string, err error) {
	res, err := ask(ctx, c.api.WebAuthn.RegisterStart, &webauthn.RegisterStartParams{
		UserID: user, Domain: domain, UserAgent: agent, ReturnPasskeyCredentialOptions: true, UseBase64URLEncoding: true,
	})
	switch {
	case err != nil:
		return "", err
	case res.PublicKeyCredentialCreationOptions == "":
		return "", unusable(errNoOptions)
	}
	return res.PublicKeyCredentialCreationOptions, nil
}

// Register keeps a user's new passkey. It proves nothing: no session begins or changes. Every error is a *[Failure].
func (c *ConsumerClient) Register(ctx context.Context, user, credential string) (id string, err error) {
	res, err := ask(once(ctx), c.api.WebAuthn.Register, &webauthn.RegisterParams{UserID: user, PublicKeyCredential: credential})
	switch {
	case err != nil:
		return "", err
	case res.UserID != user || res.WebAuthnRegistrationID == "":
		return "", unusable(errAnother)
	}
	return res.WebAuthnRegistrationID, nil
}

// NamePasskey names one. Every error is a *[Failure].
func (c *ConsumerClient) NamePasskey(ctx context.Context, id, name string) error {
	_, err := ask(ctx, c.api.WebAuthn.Update, &webauthn.UpdateParams{WebAuthnRegistrationID: id, Name: name})
	return err
}

// RemovePasskey removes one. Every error is a *[Failure].
func (c *ConsumerClient) RemovePasskey(ctx context.Context, id string) error {
	_, err := ask(ctx, c.api.Users.DeleteWebAuthnRegistration, &users.DeleteWebAuthnRegistrationParams{WebAuthnRegistrationID: id})
	return err
}
