package signin

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/inside"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// project is what the kind of project decides about signing in.
type project struct {
	routes    map[string]route // beside those of both kinds
	providers []string         // of OAuth, by default
	challenge string           // the start URLs' parameter of PKCE

	begun  []string // the token types of the logins that begin here
	mailed []string // those of them that begin with a mail
	other  []string // of those that begin elsewhere
	reset  string   // of password resets

	resetKinds []string // of what a reset's mail leads to, at the path of resets
	resetEnds  []string // of its link that goes on without a new password, at the callback

	takesOrganization func(organization string) bool
	changesIn         func(organization string) bool // where a password is changed by the present one

	password       func(context.Context, stytch.Password) (outcome, error)
	sendReset      func(context.Context, stytch.ResetMail) error
	setPassword    func(ctx context.Context, kind string, p stytch.NewPassword) (outcome, error)
	changePassword func(context.Context, stytch.Change) (*stytch.Login, error)
	resetBySession func(ctx context.Context, cred stytch.Credential, organization, password string, duration time.Duration) (*stytch.Login, error)
	strength       func(ctx context.Context, email, password string) (*stytch.Strength, error)

	senders []*sender // of one-time codes
	code    func(context.Context, stytch.Code) (outcome, error)
	proofs
	holdings

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
func (p *project) isBegun(kind string) bool { return kind == p.reset || slices.Contains(p.begun, kind) }

// isMailed knows the token types of the logins that begin here with a mail.
func (p *project) isMailed(kind string) bool {
	return kind == p.reset || slices.Contains(p.mailed, kind)
}

// isResetKind knows the token types that a reset's mail leads to a new password with.
func (p *project) isResetKind(kind string) bool { return slices.Contains(p.resetKinds, kind) }

// ends reports whether a login that began with the expectation of one token type may end with another.
func (p *project) ends(begun, kind string) bool {
	return begun == kind || begun == p.reset && slices.Contains(p.resetEnds, kind)
}

func projectOf(in *inside.Parts) *project {
	var p *project
	if in.Consumer != nil {
		p = consumerProject(in.Consumer)
	} else {
		p = b2bProject(in.Stytch)
	}
	maps.Copy(p.routes, map[string]route{
		pathCallback:    {get: (*visit).callback, post: (*visit).confirmed},
		pathMagicLink:   {get: (*visit).mailSent, post: (*visit).sendLink},
		pathOAuth:       {get: (*visit).startOAuth},
		pathLogout:      {get: (*visit).askLogout, post: (*visit).logout},
		pathSession:     {get: (*visit).session},
		pathPassword:    {get: (*visit).askPassword, post: (*visit).password},
		pathForgot:      {post: (*visit).forgot},
		pathNewPassword: {get: (*visit).newPasswordPage, post: (*visit).newPassword},
		pathChange:      {get: (*visit).askChange, post: (*visit).changePassword},
		pathReset:       {get: (*visit).resetLink, post: (*visit).reset},
		pathStepUp:      {get: (*visit).askStepUp, post: (*visit).stepUp},
		pathAccount:     {get: (*visit).askAccount, post: (*visit).changeAccount},

		pathClient:         {get: (*visit).client},
		pathClientHashed(): {get: (*visit).clientHashed},
		pathClientTypes:    {get: (*visit).clientTypes},
	})
	for _, s := range p.senders {
		maps.Copy(p.routes, s.routes())
	}
	return p
}

// b2bProject signs members in to organizations.
func b2bProject(client *stytch.Client) *project {
	return &project{
		routes: map[string]route{
			pathSSO:           {get: (*visit).startSSO},
			pathOrganizations: {get: (*visit).listOrganizations, post: (*visit).chooseOrganization},
			pathSwitch:        {post: (*visit).switchOrganization},
			pathMFA:           {get: (*visit).askSecond, post: (*visit).second},
		},
		providers: []string{"google", "microsoft", "hubspot", "slack", "github"},
		challenge: "pkce_code_challenge",
		begun:     []string{stytch.MagicLink, stytch.Discovery, stytch.OAuth, stytch.OAuthDiscovery, stytch.SSO},
		mailed:    []string{stytch.MagicLink, stytch.Discovery},
		other:     []string{stytch.Impersonation},
		reset:     stytch.PasswordReset,

		resetKinds:        []string{stytch.PasswordReset, stytch.Discovery, stytch.MagicLink},
		resetEnds:         []string{stytch.MagicLink, stytch.Discovery},
		takesOrganization: func(organization string) bool { return organization == "" || isName(organization) },
		changesIn:         isName,
		password: func(ctx context.Context, p stytch.Password) (out outcome, err error) {
			if p.Organization == "" {
				out.found, err = client.DiscoverByPassword(ctx, p.Email, p.Password)
			} else {
				out.login, err = client.Password(ctx, p)
			}
			return out, err
		},
		sendReset: client.SendReset,
		setPassword: func(ctx context.Context, kind string, p stytch.NewPassword) (out outcome, err error) {
			switch kind {
			case stytch.Discovery:
				out.found, err = client.ResetDiscovered(ctx, p)
			case stytch.MagicLink: // of a member who has no password yet
				out.login, out.unset, err = client.ResetByLink(ctx, p)
			default:
				out.login, err = client.Reset(ctx, p)
			}
			return out, err
		},
		changePassword: client.Change,
		resetBySession: client.ResetBySession,
		strength:       client.Strength,
		proofs:         memberProofs(client),
		holdings:       memberHoldings(client),

		senders: []*sender{mailSender("", func(ctx context.Context, to stytch.CodeTo) (string, error) { return "", client.MailCode(ctx, to) })},
		code: func(ctx context.Context, c stytch.Code) (out outcome, err error) {
			if c.Organization == "" {
				out.found, err = client.DiscoverByCode(ctx, c)
			} else {
				out.login, err = client.Code(ctx, c)
			}
			return out, err
		},

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
		routes:    passkeyRoutes(),
		providers: []string{"google", "apple", "microsoft", "facebook", "github"},
		challenge: "code_challenge",
		begun:     []string{stytch.UserMagicLink, stytch.OAuth},
		mailed:    []string{stytch.UserMagicLink},
		other:     []string{stytch.UserImpersonation, stytch.UserLogin},
		reset:     stytch.UserPasswordReset,

		resetKinds:        []string{stytch.UserPasswordReset},
		resetEnds:         []string{stytch.UserLogin},
		takesOrganization: func(organization string) bool { return organization == "" },
		changesIn:         func(organization string) bool { return organization == "" },
		password: func(ctx context.Context, p stytch.Password) (outcome, error) {
			l, err := client.Password(ctx, p)
			return outcome{login: l}, err
		},
		sendReset: client.SendReset,
		setPassword: func(ctx context.Context, _ string, p stytch.NewPassword) (outcome, error) {
			l, err := client.Reset(ctx, p)
			return outcome{login: l}, err
		},
		changePassword: client.Change,
		resetBySession: func(ctx context.Context, cred stytch.Credential, _, password string, duration time.Duration) (*stytch.Login, error) {
			return client.ResetBySession(ctx, cred, password, duration)
		},
		strength: client.Strength,
		proofs:   userProofs(client),
		holdings: userHoldings(client),

		senders: []*sender{mailSender("email", client.MailCode), textSender(client.TextCode)},
		code: func(ctx context.Context, c stytch.Code) (outcome, error) {
			l, err := client.Code(ctx, c)
			return outcome{login: l}, err
		},

		magicLink: func(organization string) (string, bool) { return stytch.UserMagicLink, organization == "" },
		oauth: func(provider, organization string) (oauthStart, bool) {
			return oauthStart{"/v1/public/oauth/" + provider + "/start", stytch.OAuth, url.Values{}}, organization == ""
		},
		send: client.Send, open: client.Open, revoke: client.Revoke,
	}
}
