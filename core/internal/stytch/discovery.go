package stytch

import (
	"context"
	"errors"

	discoveredorganizations "github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/organizations"
	discoverylinks "github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks/discovery"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks/email"
	discoveryemails "github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks/email/discovery"
	discoveryoauth "github.com/stytchauth/stytch-go/v16/stytch/b2b/oauth/discovery"
)

// Link asks for an e-mail with a magic link.
type Link struct {
	Email        string
	Organization string // by ID or slug; empty: discovery
	RedirectURL  string
	Challenge    string // of PKCE
}

// Send sends a magic link. Every error is a *[Failure].
func (c *Client) Send(ctx context.Context, l Link) error {
	if l.Organization == "" {
		_, err := ask(ctx, c.api.MagicLinks.Email.Discovery.Send, &discoveryemails.SendParams{
			EmailAddress: l.Email, DiscoveryRedirectURL: l.RedirectURL, PkceCodeChallenge: l.Challenge,
		})
		return err
	}
	_, err := ask(ctx, c.api.MagicLinks.Email.LoginOrSignup, &email.LoginOrSignupParams{
		EmailAddress: l.Email, OrganizationID: l.Organization,
		LoginRedirectURL: l.RedirectURL, SignupRedirectURL: l.RedirectURL, PkceCodeChallenge: l.Challenge,
	})
	return err
}

// Discovered is an address, and the organizations that it belongs to or may join.
type Discovered struct {
	Email         string         `json:"email_address"`
	Intermediate  string         `json:"intermediate_session_token"` // only from Discover
	Organizations []Discoverable `json:"discovered_organizations"`
}

// Discoverable is one of those organizations.
type Discoverable struct {
	Organization        Organization `json:"organization"`
	MemberAuthenticated bool         `json:"member_authenticated"`
	Membership          struct {
		Type string `json:"type"` // active_member, pending_member, invited_member, eligible_to_join_by_email_domain, …
	} `json:"membership"`
}

// Discover finishes a discovery login with the token of this type, [Discovery] or [OAuthDiscovery].
// Every error is a *[Failure].
func (c *Client) Discover(ctx context.Context, tokenType string, p Proof) (*Discovered, error) {
	return discovery(ctx, func(ctx context.Context) (any, error) {
		if tokenType == OAuthDiscovery {
			return c.api.OAuth.Discovery.Authenticate(ctx, &discoveryoauth.AuthenticateParams{
				DiscoveryOAuthToken: p.Token, PkceCodeVerifier: p.Verifier,
			})
		}
		return c.api.MagicLinks.Discovery.Authenticate(ctx, &discoverylinks.AuthenticateParams{
			DiscoveryMagicLinksToken: p.Token, PkceCodeVerifier: p.Verifier,
		})
	})
}

// discovery makes a call that begins an intermediate session.
func discovery(ctx context.Context, call func(context.Context) (any, error)) (*Discovered, error) {
	found, err := discovered(ctx, call)
	if err == nil && found.Intermediate == "" {
		return nil, unusable(errors.New("the answer holds no intermediate session"))
	}
	return found, err
}

// Organizations lists the organizations of an intermediate session, or without one of a session's
// member. Every error is a *[Failure].
func (c *Client) Organizations(ctx context.Context, intermediate string, cred Credential) (*Discovered, error) {
	return discovered(ctx, func(ctx context.Context) (any, error) {
		params := &discoveredorganizations.ListParams{IntermediateSessionToken: intermediate}
		switch {
		case intermediate != "":
		case cred.Kind == JWT:
			params.SessionJWT = cred.Value
		default:
			params.SessionToken = cred.Value
		}
		return c.api.Discovery.Organizations.List(ctx, params)
	})
}

func discovered(ctx context.Context, call func(context.Context) (any, error)) (*Discovered, error) {
	res, err := asked(ctx, call)
	if err != nil {
		return nil, err
	}
	found := new(Discovered)
	if err := reread(res, found); err != nil {
		return nil, err
	}
	return found, nil
}
