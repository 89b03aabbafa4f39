package stytchtest

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"slices"
	"time"
)

// The values of stytch_token_type in a link.
const (
	tokenTypeLogin          = "multi_tenant_magic_links"
	tokenTypeDiscovery      = "discovery"
	tokenTypeOAuth          = "oauth"
	tokenTypeDiscoveryOAuth = "discovery_oauth"
	tokenTypeSSO            = "sso"
	tokenTypeImpersonation  = "multi_tenant_impersonation"
	tokenTypePasswordReset  = "multi_tenant_passwords"
	tokenTypeDiscoveryReset = "discovery_reset" // ours alone: see linkRecord.wireType

	tokenTypeUserLogin         = "magic_links"
	tokenTypeUserResetLogin    = "login" // in the mail of a password reset
	tokenTypeUserImpersonation = "impersonation"
	tokenTypeUserReset         = "reset_password"
)

// How long a token waits to be used: Stytch's defaults, and a guess for providers.
const (
	magicLinkLifetime     = time.Hour
	inviteLifetime        = 7 * 24 * time.Hour
	providerLifetime      = 5 * time.Minute
	impersonationLifetime = 5 * time.Minute
	passwordResetLifetime = 30 * time.Minute
)

// linkRecord is a token on its way to the application, in a link that a browser opens.
type linkRecord struct {
	Token          string
	Type           string
	Email          string
	MemberID       string // "" where whoever opens it may not be a member yet
	UserID         string // "" in a B2B project, and where whoever opens it may not be a user yet
	OrganizationID string // "" for discovery
	Source         string // the OAuth provider, the SSO connection's ID, or who impersonates
	Challenge      string // "" without PKCE
	ExpiresAt      time.Time
	Used           bool
}

// wireType is the link's type in a URL: there a discovery password reset looks as a discovery magic
// link does.
func (l linkRecord) wireType() string {
	if l.Type == tokenTypeDiscoveryReset {
		return tokenTypeDiscovery
	}
	return l.Type
}

// issue gives a link a new token, and says where the browser arrives with it.
func (st *state) issue(link linkRecord, redirect *url.URL, lifetime time.Duration, now time.Time) (linkRecord, string) {
	link.Token = newToken()
	link.ExpiresAt = now.Add(lifetime)
	st.links.put(link.Token, link)

	target := *redirect
	query := target.Query()
	query.Set("stytch_token_type", link.wireType())
	query.Set("token", link.Token)
	target.RawQuery = query.Encode()
	return link, target.String()
}

// link finds a link that can be opened: of one of these types, not used, not too old, by that verifier.
func (st *state) link(token, verifier string, now time.Time, types ...string) (linkRecord, error) {
	unknown, spent := refusalsOf(types[0])
	link, ok := st.links.get(token)
	switch {
	case !ok || !slices.Contains(types, link.Type):
		return linkRecord{}, unknown
	case link.Used || !now.Before(link.ExpiresAt):
		return linkRecord{}, spent
	}
	return link, checkPKCE(link.Challenge, verifier)
}

// refusalsOf are the errors about a token that does not exist, and one that is used or too old.
func refusalsOf(tokenType string) (unknown, spent apiError) {
	switch tokenType {
	case tokenTypeOAuth, tokenTypeDiscoveryOAuth:
		return errOAuthTokenNotFound, errOAuthTokenNotFound
	case tokenTypeSSO:
		return errSSOTokenNotFound, errSSOTokenNotFound
	case tokenTypeImpersonation, tokenTypeUserImpersonation:
		return errUnableToAuthImpersonation, errUnableToAuthImpersonation
	case tokenTypePasswordReset, tokenTypeUserReset, tokenTypeDiscoveryReset:
		return errUnableToAuthPasswordReset, errUnableToAuthPasswordReset
	}
	return errMagicLinkNotFound, errUnableToAuthMagicLink
}

func (st *state) use(link linkRecord) {
	link.Used = true
	st.links.put(link.Token, link)
}

// checkPKCE compares by RFC 7636 §4.6, method S256.
func checkPKCE(challenge, verifier string) error {
	switch {
	case challenge == "" && verifier == "":
		return nil
	case challenge == "":
		return errPKCEUnexpected
	case verifier == "":
		return errPKCEExpected
	}
	sum := sha256.Sum256([]byte(verifier))
	if subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) != 1 {
		return errPKCEMismatch
	}
	return nil
}

// redirectURL takes the first URL that is given.
func redirectURL(missing error, candidates ...string) (*url.URL, error) {
	for _, raw := range candidates {
		if raw == "" {
			continue
		}
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, errInvalidRedirectURL
		}
		return u, nil
	}
	return nil, missing
}

// redirectOf is where a person is sent: who is not active yet, to sign up.
func redirectOf(active bool, login, signup string) (*url.URL, error) {
	if active {
		return redirectURL(errNoLoginRedirectURL, login)
	}
	return redirectURL(errNoLoginRedirectURL, signup, login)
}

// mustIssue gives a link that a test asks for; find says which. It panics when the test is wrong.
func (s *Server) mustIssue(method, redirect string, lifetime time.Duration, find func(*state) (linkRecord, error)) string {
	now := s.now()
	target, err := locked(s, func(st *state) (string, error) {
		link, err := find(st)
		if err != nil {
			return "", err
		}
		to, err := redirectURL(errInvalidRedirectURL, redirect)
		if err != nil {
			return "", err
		}
		_, target := st.issue(link, to, lifetime, now)
		return target, nil
	})
	if err != nil {
		panic("stytchtest: " + method + ": " + err.Error())
	}
	return target
}

// linkTo is a link for a member.
func linkTo(m memberRecord, tokenType, challenge string) linkRecord {
	return linkRecord{Type: tokenType, Email: m.Email, MemberID: m.ID, OrganizationID: m.OrganizationID, Challenge: challenge}
}
