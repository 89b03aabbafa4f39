package signin

import (
	"context"
	"maps"
	"net/url"
	"slices"

	"github.com/stytchkit/stytchkit/core/internal/inside"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// project is what the kind of project decides about signing in.
type project struct {
	routes    map[string]route
	providers []string // of OAuth, by default
	challenge string   // the start URLs' parameter of PKCE

	begun []string // the token types of the logins that begin here
	other []string // of those that begin elsewhere
	reset string   // of password resets

	magicLink func(organization string) (kind string, ok bool)
	oauth     func(provider, organization string) (start oauthStart, ok bool)

	send   func(context.Context, stytch.Link) error
	open   func(context.Context, string, stytch.Proof) (*stytch.Login, error)
	revoke func(context.Context, stytch.Credential) error
}

// oauthStart is where a login with a provider begins at Stytch, and the token type that it ends with.
type oauthStart struct {
	path, kind string
	params     url.Values
}

// isKind knows the token types of Stytch.
func (p *project) isKind(kind string) bool {
	return p.isBegun(kind) || kind == p.reset || slices.Contains(p.other, kind)
}

// isBegun knows the token types of the logins that begin here.
func (p *project) isBegun(kind string) bool { return slices.Contains(p.begun, kind) }

func projectOf(in *inside.Parts) *project {
	var p *project
	if in.Consumer != nil {
		p = consumerProject(in.Consumer)
	} else {
		p = b2bProject(in.Stytch)
	}
	maps.Copy(p.routes, map[string]route{
		pathClient:         {get: (*visit).client},
		pathClientHashed(): {get: (*visit).clientHashed},
		pathClientTypes:    {get: (*visit).clientTypes},
	})
	return p
}

// b2bProject signs members in to organizations.
func b2bProject(client *stytch.Client) *project {
	return &project{
		routes: map[string]route{
			pathCallback:      {get: (*visit).callback, post: (*visit).confirmed},
			pathMagicLink:     {get: (*visit).mailSent, post: (*visit).sendLink},
			pathOAuth:         {get: (*visit).startOAuth},
			pathSSO:           {get: (*visit).startSSO},
			pathOrganizations: {get: (*visit).listOrganizations, post: (*visit).chooseOrganization},
			pathSwitch:        {post: (*visit).switchOrganization},
			pathLogout:        {get: (*visit).askLogout, post: (*visit).logout},
			pathSession:       {get: (*visit).session},
			pathNoMFA:         {get: (*visit).noMFA},
		},
		providers: []string{"google", "microsoft", "hubspot", "slack", "github"},
		challenge: "pkce_code_challenge",
		begun:     []string{stytch.MagicLink, stytch.Discovery, stytch.OAuth, stytch.OAuthDiscovery, stytch.SSO},
		other:     []string{stytch.Impersonation},
		reset:     stytch.PasswordReset,
		magicLink: func(organization string) (string, bool) {
			if organization == "" {
				return stytch.Discovery, true
			}
			return stytch.MagicLink, isName(organization)
		},
		oauth: func(provider, organization string) (oauthStart, bool) {
			path := "/v1/b2b/public/oauth/" + provider
			if organization == "" {
				return oauthStart{path + "/discovery/start", stytch.OAuthDiscovery, url.Values{}}, true
			}
			return oauthStart{path + "/start", stytch.OAuth, url.Values{organizationParam(organization): {organization}}}, true
		},
		send: client.Send, open: client.Open, revoke: client.Revoke,
	}
}

// consumerProject signs users in. There are no organizations to choose, and no login that needs one more
// step.
func consumerProject(client *stytch.ConsumerClient) *project {
	return &project{
		routes: map[string]route{
			pathCallback:  {get: (*visit).callback, post: (*visit).confirmed},
			pathMagicLink: {get: (*visit).mailSent, post: (*visit).sendLink},
			pathOAuth:     {get: (*visit).startOAuth},
			pathLogout:    {get: (*visit).askLogout, post: (*visit).logout},
			pathSession:   {get: (*visit).session},
		},
		providers: []string{"google", "apple", "microsoft", "facebook", "github"},
		challenge: "code_challenge",
		begun:     []string{stytch.UserMagicLink, stytch.OAuth},
		other:     []string{stytch.UserImpersonation, stytch.UserLogin},
		reset:     stytch.UserPasswordReset,
		magicLink: func(organization string) (string, bool) { return stytch.UserMagicLink, organization == "" },
		oauth: func(provider, organization string) (oauthStart, bool) {
			return oauthStart{"/v1/public/oauth/" + provider + "/start", stytch.OAuth, url.Values{}}, organization == ""
		},
		send: client.Send, open: client.Open, revoke: client.Revoke,
	}
}
