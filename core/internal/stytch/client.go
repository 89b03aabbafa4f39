// Package stytch asks Stytch. It is the only package that calls the SDK's client, so that a new
// major version of the SDK is met in one place.
package stytch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/b2bstytchapi"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"
)

// maxResponseBytes bounds one answer: a member with all that Stytch lets it carry is far smaller.
const maxResponseBytes = 1 << 20

// Project is a project of either kind, for what both kinds have. Every error is a *[Failure].
type Project interface {
	// Authenticate asks whether the credential's session lives, and extends it when extendBy is not 0.
	Authenticate(ctx context.Context, cred Credential, extendBy time.Duration) (*Answer, error)
	// Revoke ends the credential's session. A failure whose verdict is Over means that there was nothing
	// left to end.
	Revoke(ctx context.Context, cred Credential) error
	// Policy fetches the project's RBAC policy.
	Policy(ctx context.Context) (*rbac.Policy, error)
}

// Client calls the Stytch API of a B2B project. It is safe for concurrent use.
type Client struct {
	api *b2bstytchapi.API
}

var _ Project = (*Client)(nil)

// New returns a client without any network I/O. baseURL has no trailing slash.
func New(projectID, secret, baseURL string, transport http.RoundTripper) (*Client, error) {
	api, err := b2bstytchapi.NewClient(projectID, secret,
		b2bstytchapi.WithBaseURI(baseURL),
		b2bstytchapi.WithHTTPClient(carrying(transport)),
		b2bstytchapi.WithSkipJWKSInitialization(),
	)
	if err != nil {
		return nil, fmt.Errorf("stytchkit: the Stytch client cannot be made: %w", err)
	}
	return &Client{api: api}, nil
}

// carrying is the HTTP client that the SDK's clients use.
func carrying(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: bounded{transport},
		// A redirect would carry tokens elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Kind says what a [Credential] is.
type Kind uint8

// The kinds of credential.
const (
	Token     Kind = iota // an opaque session token
	JWT                   // a session JWT, expired or not
	SessionID             // a session's ID, for Revoke only
)

// Credential is what Stytch is asked about. It must not point into a reused buffer.
type Credential struct {
	Kind  Kind
	Value string
}

// Answer is Stytch's word that a session lives, with the tokens that now stand for it.
type Answer struct {
	Who
	MemberSession *sessions.MemberSession // of a B2B project
	UserSession   *consumer.Session       // of a consumer project
	Token         string
	JWT           string
}

// Who is whose session an answer is about: a member in an organization, or a user.
type Who struct {
	Member       *organizations.Member
	Organization *organizations.Organization
	User         *users.User
}

// errNoProof is why nothing is asked about a session by its ID.
var errNoProof = errors.New("a session ID is no proof")

// into puts the credential where a call's parameters have its kind.
func (c Credential) into(token, jwt, id *string) {
	switch c.Kind {
	case Token:
		*token = c.Value
	case JWT:
		*jwt = c.Value
	case SessionID:
		*id = c.Value
	}
}

// Authenticate implements [Project].
func (c *Client) Authenticate(ctx context.Context, cred Credential, extendBy time.Duration) (*Answer, error) {
	if cred.Kind == SessionID {
		return nil, Unanswered(Canceled, errNoProof)
	}
	params := &sessions.AuthenticateParams{SessionDurationMinutes: minutes(extendBy)}
	cred.into(&params.SessionToken, &params.SessionJWT, nil)
	res, err := ask(ctx, c.api.Sessions.Authenticate, params)
	if err != nil {
		return nil, err
	}
	ms := &res.MemberSession
	if ms.MemberSessionID == "" || ms.MemberID == "" || ms.OrganizationID == "" || ms.ExpiresAt == nil {
		return nil, unusable(errors.New("the answer holds no member session"))
	}
	return &Answer{
		Who:           Who{Member: &res.Member, Organization: &res.Organization},
		MemberSession: ms, Token: res.SessionToken, JWT: res.SessionJWT,
	}, nil
}

// Revoke implements [Project].
func (c *Client) Revoke(ctx context.Context, cred Credential) error {
	params := &sessions.RevokeParams{}
	cred.into(&params.SessionToken, &params.SessionJWT, &params.MemberSessionID)
	_, err := ask(ctx, func(ctx context.Context, params *sessions.RevokeParams) (*sessions.RevokeResponse, error) {
		return c.api.Sessions.Revoke(ctx, params)
	}, params)
	return err
}

// errNoPolicy is why the answer to a question for the policy is none.
var errNoPolicy = errors.New("the answer holds no policy")

// Policy implements [Project].
func (c *Client) Policy(ctx context.Context) (*rbac.Policy, error) {
	res, err := ask(ctx, c.api.RBAC.Policy, &rbac.PolicyParams{})
	switch {
	case err != nil:
		return nil, err
	case res.Policy == nil:
		return nil, unusable(errNoPolicy)
	}
	return res.Policy, nil
}

// ask makes one call of the SDK's, as [asked] does.
func ask[Params, Response any](ctx context.Context, call func(context.Context, Params) (Response, error), params Params) (Response, error) {
	return asked(ctx, func(ctx context.Context) (Response, error) { return call(ctx, params) })
}

// asked is what one call of the SDK's answers. Every error is a *[Failure], and so is a panic.
func asked[Response any](ctx context.Context, call func(context.Context) (Response, error)) (res Response, err error) {
	defer contain(&err)
	ctx, note := withNote(ctx)
	if res, err = call(ctx); err != nil {
		err = classify(err, note)
	}
	return res, err
}

// contain turns a panic of the SDK's into a failure, as a panic in a background goroutine would end
// the process.
func contain(err *error) {
	if p := recover(); p != nil {
		*err = unusable(fmt.Errorf("panic: %v", p))
	}
}

// note is what the SDK drops of a response and we need.
type note struct {
	status     int // of the response; 0: there was none
	retryAfter time.Duration
}

type noteKey struct{}

// onceKey marks the context of a call that must not be made twice.
type onceKey struct{}

func once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

func withNote(ctx context.Context) (context.Context, *note) {
	n := new(note)
	return context.WithValue(ctx, noteKey{}, n), n
}

// bounded reads at most maxResponseBytes of a response, where the SDK would read on for ever.
type bounded struct{ next http.RoundTripper }

var _ http.RoundTripper = bounded{}

func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	// Asking twice does no harm: let net/http try again when a kept-alive connection turns out to
	// be closed. A nil value is not sent (see net/http.Transport).
	if req.Context().Value(onceKey{}) == nil {
		req = req.Clone(req.Context())
		req.Header["Idempotency-Key"] = nil
	}
	exchange := exchangeOf(req)
	res, err := b.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	exchange.Status = res.StatusCode
	if n, ok := req.Context().Value(noteKey{}).(*note); ok {
		n.status, n.retryAfter = res.StatusCode, retryAfter(res.Header.Get("Retry-After"))
	}
	res.Body = &boundedBody{ReadCloser: res.Body, left: maxResponseBytes}
	return res, nil
}

type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("the answer is larger than %d bytes", maxResponseBytes)
	}
	if len(p) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= n
	return n, err
}
