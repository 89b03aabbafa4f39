package stytch

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/intermediatesessions"
	discoveredorganizations "github.com/stytchauth/stytch-go/v16/stytch/b2b/discovery/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/impersonation"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/oauth"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sso"
)

// The values of stytch_token_type, in the redirects that end a login at Stytch.
const (
	MagicLink      = "multi_tenant_magic_links"
	Discovery      = "discovery"
	OAuth          = "oauth"
	OAuthDiscovery = "discovery_oauth"
	SSO            = "sso"
	PasswordReset  = "multi_tenant_passwords"
	Impersonation  = "multi_tenant_impersonation"
)

// Login is how a login ended: with a session, or with an intermediate one and what is still needed.
type Login struct {
	MemberID     string // of a B2B project, with the organization
	UserID       string // of a consumer project
	Organization Organization

	Authenticated bool
	SessionID     string
	Token, JWT    string
	ExpiresAt     time.Time // of the session

	Intermediate string    // the intermediate session token
	MFA          *MFA      // a second factor is needed
	Primary      *[]string // another first factor is needed, by one of these methods
}

// Organization is what a login needs to know of one.
type Organization struct {
	ID         string `json:"organization_id"`
	Slug       string `json:"organization_slug"`
	Name       string `json:"organization_name"`
	ExternalID string `json:"organization_external_id"`
	LogoURL    string `json:"organization_logo_url"`
}

// Is reports whether the organization goes by this name in Stytch's API.
func (o Organization) Is(name string) bool {
	return name == o.ID || name == o.Slug || name == o.ExternalID
}

// MFA is Stytch's mfa_required.
type MFA struct {
	PhoneNumber        string
	TOTPRegistrationID string
	Initiated          string // what Stytch has sent already, such as sms_otp
}

// Proof is what a login is finished with.
type Proof struct {
	Token        string
	Verifier     string     // of PKCE; empty when the login began without
	Intermediate string     // an earlier step's intermediate session, or empty
	Session      Credential // that a magic link is added to, in the place of Intermediate; for step-up alone
	Duration     time.Duration
}

// Open finishes a login to one organization with the token of this type. Every error is a
// *[Failure].
func (c *Client) Open(ctx context.Context, tokenType string, p Proof) (*Login, error) {
	return login(ctx, func(ctx context.Context) (any, error) {
		switch tokenType {
		case MagicLink:
			params := &magiclinks.AuthenticateParams{
				MagicLinksToken: p.Token, PkceCodeVerifier: p.Verifier,
				IntermediateSessionToken: p.Intermediate, SessionDurationMinutes: minutes(p.Duration),
			}
			p.Session.into(&params.SessionToken, &params.SessionJWT, new(string))
			return c.api.MagicLinks.Authenticate(ctx, params)
		case OAuth:
			return c.api.OAuth.Authenticate(ctx, &oauth.AuthenticateParams{
				OAuthToken: p.Token, PkceCodeVerifier: p.Verifier,
				IntermediateSessionToken: p.Intermediate, SessionDurationMinutes: minutes(p.Duration),
			})
		case SSO:
			return c.api.SSO.Authenticate(ctx, &sso.AuthenticateParams{
				SSOToken: p.Token, PkceCodeVerifier: p.Verifier,
				IntermediateSessionToken: p.Intermediate, SessionDurationMinutes: minutes(p.Duration),
			})
		case Impersonation: // takes neither a verifier nor a duration
			return c.api.Impersonation.Authenticate(ctx, &impersonation.AuthenticateParams{ImpersonationToken: p.Token})
		}
		return nil, errors.New("no login ends with a token of this type")
	})
}

// Exchange turns a session into one of the member's in another organization. Every error is a
// *[Failure].
func (c *Client) Exchange(ctx context.Context, cred Credential, organization string, duration time.Duration) (*Login, error) {
	return login(ctx, func(ctx context.Context) (any, error) {
		params := &sessions.ExchangeParams{OrganizationID: organization, SessionDurationMinutes: minutes(duration)}
		if cred.Kind == JWT {
			params.SessionJWT = cred.Value
		} else {
			params.SessionToken = cred.Value
		}
		return c.api.Sessions.Exchange(ctx, params)
	})
}

// ExchangeIntermediate logs the one who holds an intermediate session into an organization. Every
// error is a *[Failure].
func (c *Client) ExchangeIntermediate(ctx context.Context, intermediate, organization string, duration time.Duration) (*Login, error) {
	return login(ctx, func(ctx context.Context) (any, error) {
		return c.api.Discovery.IntermediateSessions.Exchange(ctx, &intermediatesessions.ExchangeParams{
			IntermediateSessionToken: intermediate, OrganizationID: organization, SessionDurationMinutes: minutes(duration),
		})
	})
}

// CreateOrganization founds an organization and logs the one who holds an intermediate session in.
// Stytch makes up a name or slug that is empty. Every error is a *[Failure].
func (c *Client) CreateOrganization(ctx context.Context, intermediate, name, slug string, duration time.Duration) (*Login, error) {
	return login(once(ctx), func(ctx context.Context) (any, error) {
		return c.api.Discovery.Organizations.Create(ctx, &discoveredorganizations.CreateParams{
			IntermediateSessionToken: intermediate, OrganizationName: name, OrganizationSlug: slug,
			SessionDurationMinutes: minutes(duration),
		})
	})
}

func minutes(d time.Duration) int32 { return int32(d / time.Minute) } //nolint:gosec // signin.New bounds it to a year

// login makes a call that all of Stytch's login responses answer.
func login(ctx context.Context, call func(context.Context) (any, error)) (*Login, error) {
	res, err := asked(ctx, call)
	if err != nil {
		return nil, err
	}
	return loginOf(res)
}

// loginOf reads what the SDK's login responses, each of a type of its own, have in common.
func loginOf(res any) (*Login, error) {
	var body struct {
		MemberID            string       `json:"member_id"`
		Organization        Organization `json:"organization"`
		MemberAuthenticated bool         `json:"member_authenticated"`
		SessionToken        string       `json:"session_token"`
		SessionJWT          string       `json:"session_jwt"`
		MemberSession       *struct {
			ID        string    `json:"member_session_id"`
			ExpiresAt time.Time `json:"expires_at"`
		} `json:"member_session"`
		Intermediate string `json:"intermediate_session_token"`
		MFARequired  *struct {
			MemberOptions struct {
				PhoneNumber        string `json:"mfa_phone_number"`
				TOTPRegistrationID string `json:"totp_registration_id"`
			} `json:"member_options"`
			Initiated string `json:"secondary_auth_initiated"`
		} `json:"mfa_required"`
		PrimaryRequired *struct {
			AllowedMethods []string `json:"allowed_auth_methods"`
		} `json:"primary_required"`
	}
	if err := reread(res, &body); err != nil {
		return nil, err
	}
	l := &Login{
		MemberID: body.MemberID, Organization: body.Organization, Intermediate: body.Intermediate,
		Authenticated: body.MemberAuthenticated || body.SessionToken != "", // a second factor's answer does not say
	}
	if m := body.MFARequired; m != nil {
		l.MFA = &MFA{m.MemberOptions.PhoneNumber, m.MemberOptions.TOTPRegistrationID, m.Initiated}
	}
	if p := body.PrimaryRequired; p != nil {
		l.Primary = &p.AllowedMethods
	}
	switch {
	case !l.Authenticated && l.Intermediate == "":
		return nil, unusable(errors.New("the answer holds neither a session nor an intermediate one"))
	case !l.Authenticated:
		return l, nil
	case body.MemberSession == nil || body.MemberSession.ExpiresAt.IsZero() || body.SessionToken == "" || body.SessionJWT == "":
		return nil, unusable(errors.New("the answer says that the member is authenticated, and holds no session"))
	}
	l.SessionID, l.ExpiresAt = body.MemberSession.ID, body.MemberSession.ExpiresAt
	l.Token, l.JWT = body.SessionToken, body.SessionJWT
	return l, nil
}

// reread copies one of the SDK's JSON types into another one.
func reread(from, to any) error {
	data, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(data, to)
	}
	if err != nil {
		return unusable(errors.New("the answer cannot be read")) // its text might hold a token
	}
	return nil
}
