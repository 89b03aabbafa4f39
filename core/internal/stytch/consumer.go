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
func (c *ConsumerClient) Authenticate(ctx context.Context, cred Credential, extendBy time.Duration) (answer *Answer, err error) {
	defer contain(&err)
	params := &sessions.AuthenticateParams{SessionDurationMinutes: minutes(extendBy)}
	switch cred.Kind {
	case Token:
		params.SessionToken = cred.Value
	case JWT:
		params.SessionJWT = cred.Value
	case SessionID:
		return nil, Unanswered(Canceled, errors.New("a session ID is no proof"))
	}
	ctx, note := withNote(ctx)
	res, err := c.api.Sessions.Authenticate(ctx, params)
	if err != nil {
		return nil, classify(err, note)
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
func (c *ConsumerClient) Revoke(ctx context.Context, cred Credential) (err error) {
	defer contain(&err)
	params := &sessions.RevokeParams{}
	switch cred.Kind {
	case Token:
		params.SessionToken = cred.Value
	case JWT:
		params.SessionJWT = cred.Value
	case SessionID:
		params.SessionID = cred.Value
	}
	ctx, note := withNote(ctx)
	if _, err := c.api.Sessions.Revoke(ctx, params); err != nil {
		return classify(err, note)
	}
	return nil
}

// Policy implements [Project]: the policy has the same shape in both kinds of project.
func (c *ConsumerClient) Policy(ctx context.Context) (policy *rbac.Policy, err error) {
	defer contain(&err)
	ctx, note := withNote(ctx)
	res, err := c.api.RBAC.Policy(ctx, &consumerrbac.PolicyParams{})
	if err != nil {
		return nil, classify(err, note)
	}
	if res.Policy == nil {
		return nil, unusable(errors.New("the answer holds no policy"))
	}
	policy = new(rbac.Policy)
	if err := reread(res.Policy, policy); err != nil {
		return nil, err
	}
	return policy, nil
}

// User fetches a user by their ID. Every error is a *[Failure]; one whose verdict is Refused means that
// there is no such user.
func (c *ConsumerClient) User(ctx context.Context, userID string) (user *users.User, err error) {
	defer contain(&err)
	if userID == "" {
		return nil, unusable(errAnother) // the SDK would ask for the list of users
	}
	ctx, note := withNote(ctx)
	res, err := c.api.Users.Get(ctx, &users.GetParams{UserID: userID})
	if err != nil {
		return nil, classify(err, note)
	}
	if res.UserID != userID {
		return nil, unusable(errAnother)
	}
	user = new(users.User)
	if err := reread(res, user); err != nil { // the answer is the user themselves
		return nil, err
	}
	return user, nil
}
