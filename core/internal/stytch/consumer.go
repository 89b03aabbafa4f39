package stytch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	consumerrbac "github.com/stytchauth/stytch-go/v16/stytch/consumer/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/stytchapi"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"
)

// ConsumerClient calls the Stytch API of a consumer project. It is safe for concurrent use.
type ConsumerClient struct {
	api *stytchapi.API
}

var _ Project = (*ConsumerClient)(nil)

// NewConsumer is to consumer projects what [New] is to B2B ones.
func NewConsumer(projectID, secret, baseURL string, transport http.RoundTripper) (*ConsumerClient, error) {
	api, err := stytchapi.NewClient(projectID, secret,
		stytchapi.WithBaseURI(baseURL),
		stytchapi.WithHTTPClient(carrying(transport)),
		stytchapi.WithSkipJWKSInitialization(),
	)
	if err != nil {
		return nil, fmt.Errorf("stytchkit: the Stytch client cannot be made: %w", err)
	}
	return &ConsumerClient{api: api}, nil
}

// Authenticate implements [Project].
func (c *ConsumerClient) Authenticate(ctx context.Context, cred Credential, extendBy time.Duration) (*Answer, error) {
	if cred.Kind == SessionID {
		return nil, Unanswered(Canceled, errNoProof)
	}
	params := &sessions.AuthenticateParams{SessionDurationMinutes: minutes(extendBy)}
	cred.into(&params.SessionToken, &params.SessionJWT, nil)
	res, err := ask(ctx, c.api.Sessions.Authenticate, params)
	if err != nil {
		return nil, err
	}
	s := &res.Session
	if s.SessionID == "" || s.UserID == "" || s.ExpiresAt == nil {
		return nil, unusable(errors.New("the answer holds no user's session"))
	}
	return &Answer{
		Who:         Who{User: &res.User},
		UserSession: s, Token: res.SessionToken, JWT: res.SessionJWT,
	}, nil
}

// Revoke implements [Project].
func (c *ConsumerClient) Revoke(ctx context.Context, cred Credential) error {
	params := &sessions.RevokeParams{}
	cred.into(&params.SessionToken, &params.SessionJWT, &params.SessionID)
	_, err := ask(ctx, c.api.Sessions.Revoke, params)
	return err
}

// Policy implements [Project]: the policy has the same shape in both kinds of project.
func (c *ConsumerClient) Policy(ctx context.Context) (*rbac.Policy, error) {
	res, err := ask(ctx, c.api.RBAC.Policy, &consumerrbac.PolicyParams{})
	switch {
	case err != nil:
		return nil, err
	case res.Policy == nil:
		return nil, unusable(errNoPolicy)
	}
	policy := new(rbac.Policy)
	return policy, reread(res.Policy, policy)
}

// User fetches a user by their ID. Every error is a *[Failure]; one whose verdict is Refused means that
// there is no such user.
func (c *ConsumerClient) User(ctx context.Context, userID string) (*users.User, error) {
	if userID == "" {
		return nil, unusable(errAnother) // the SDK would ask for the list of users
	}
	res, err := ask(ctx, c.api.Users.Get, &users.GetParams{UserID: userID})
	switch {
	case err != nil:
		return nil, err
	case res.UserID != userID:
		return nil, unusable(errAnother)
	}
	user := new(users.User)
	return user, reread(res, user) // the answer is the user themselves
}
