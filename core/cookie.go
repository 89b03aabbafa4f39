package stytchkit

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/cookie"
	"github.com/stytchkit/stytchkit/core/internal/presented"
)

// CookieOwner says who sets the session cookies. There is no default: a wrong one fails silently,
// months later.
type CookieOwner uint8

// The three owners.
const (
	// Backend: this application signs members in. The cookies are HttpOnly, set and refreshed here.
	Backend CookieOwner = iota + 1
	// BrowserSDK: Stytch's JavaScript SDK owns the cookies. They are refreshed here with exactly its
	// attributes, never HttpOnly: it could neither read nor replace such a cookie.
	BrowserSDK
	// StytchDomain: Stytch sets the cookies itself, in its HttpOnly mode on a custom domain. The kit
	// reads them and never writes or clears one.
	StytchDomain
)

// String names the owner as it is written in Go.
func (o CookieOwner) String() string {
	switch o {
	case Backend:
		return "Backend"
	case BrowserSDK:
		return "BrowserSDK"
	case StytchDomain:
		return "StytchDomain"
	}
	return fmt.Sprintf("CookieOwner(%d)", uint8(o))
}

// Cookies says whose the session cookies are and what they are called. With [BrowserSDK] every
// field must say what the browser SDK is configured with.
type Cookies struct {
	// Owner sets the cookies. Required.
	Owner CookieOwner
	// Session names the cookie with the opaque session token. Default: stytch_session.
	Session string
	// JWT names the cookie with the session JWT. Default: stytch_session_jwt.
	JWT string
	// Intermediate names the cookie with the intermediate session token between the steps of a
	// login. Default: stytch_intermediate_session_token.
	Intermediate string
	// Domain makes the cookies visible to subdomains. Default: none, host-only cookies.
	Domain string
	// Path the cookies are for, as browsers see it. Default: /, also below a path of Config.Origin's.
	Path string
	// LegacyDomains are Domain values of an earlier setting, "" for host-only cookies. Cookies left
	// there are cleared whenever cookies are set or cleared, as browsers would go on sending them
	// beside the new ones. Default: none.
	LegacyDomains []string
}

// The cookie names of Stytch's browser SDK.
const (
	defaultTokenCookie        = "stytch_session"
	defaultJWTCookie          = "stytch_session_jwt"
	defaultIntermediateCookie = "stytch_intermediate_session_token"
)

func (c *Cookies) complete() error {
	switch c.Owner {
	case Backend, BrowserSDK, StytchDomain:
	default:
		return fmt.Errorf("stytchkit: Config.Cookies.Owner is %v (want stytchkit.Backend when this application signs members in, stytchkit.BrowserSDK when Stytch's JavaScript SDK does, or stytchkit.StytchDomain when Stytch sets HttpOnly cookies on a custom domain)", c.Owner)
	}
	fill(&c.Session, defaultTokenCookie)
	fill(&c.JWT, defaultJWTCookie)
	fill(&c.Intermediate, defaultIntermediateCookie)
	fill(&c.Path, "/")
	names := []string{c.Session, c.JWT, c.Intermediate}
	for i, name := range names {
		if err := c.checkName(name); err != nil {
			return err
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("stytchkit: Config.Cookies uses the name %q twice (want three different names)", name)
		}
	}
	for _, domain := range append([]string{c.Domain}, c.LegacyDomains...) {
		if domain == "" {
			continue
		}
		if (&http.Cookie{Name: "n", Value: "v", Domain: domain}).Valid() != nil {
			return fmt.Errorf("stytchkit: Config.Cookies has the domain %q (want a domain name such as example.com)", domain)
		}
	}
	if slices.Contains(c.LegacyDomains, c.Domain) {
		return fmt.Errorf("stytchkit: Config.Cookies.LegacyDomains lists the current domain %q (want only domains no longer in use)", c.Domain)
	}
	c.LegacyDomains = slices.Clone(c.LegacyDomains)
	return nil
}

func fill(field *string, fallback string) {
	if *field == "" {
		*field = fallback
	}
}

// checkName holds a name and the settings around it against RFC 6265bis §4.1.3.
func (c *Cookies) checkName(name string) error {
	if err := (&http.Cookie{Name: name, Value: "v", Path: c.Path}).Valid(); err != nil {
		return fmt.Errorf("stytchkit: Config.Cookies with name %q and path %q cannot make a cookie: %w", name, c.Path, err)
	}
	if c.Path[0] != '/' {
		return fmt.Errorf("stytchkit: Config.Cookies.Path is %q (want a path that starts with /)", c.Path)
	}
	if cookie.IsHostOnly(name) && (c.Domain != "" || c.Path != "/") {
		return fmt.Errorf("stytchkit: Config.Cookies has the name %q with domain %q and path %q (a __Host- cookie has no Domain and Path /)", name, c.Domain, c.Path)
	}
	return nil
}

// errStytchOwnsCookies answers an attempt to save a session that is not ours to save.
var errStytchOwnsCookies = errors.New("stytchkit: Config.Cookies.Owner is StytchDomain: Stytch sets the session cookies, this application cannot (use Backend to sign members in here)")

// jar makes the cookies of responses.
func (c *Config) jar() cookie.Jar {
	return cookie.Jar{
		Session: c.Cookies.Session, JWT: c.Cookies.JWT, Intermediate: c.Cookies.Intermediate,
		Domain: c.Cookies.Domain, Path: c.Cookies.Path, LegacyDomains: c.Cookies.LegacyDomains,
		HTTPOnly: c.Cookies.Owner == Backend,
		Secure:   c.live() || c.own.IsHTTPS(),
		ReadOnly: c.Cookies.Owner == StytchDomain,
	}
}

// intermediateLife is how long Stytch keeps an intermediate session.
const intermediateLife = 10 * time.Minute

// IntermediateCookies are the cookies that store an intermediate session between two steps of a
// login, for as long as Stytch keeps one: 10 minutes. core/signin stores those that it is given; an
// application's own page needs this for a step that ends with another one. [Authenticator.SessionCookies]
// and [Authenticator.ClearCookies] remove it.
func (a *Authenticator) IntermediateCookies(r Request, token string) ([]*http.Cookie, error) {
	switch {
	case a.cfg.Cookies.Owner == StytchDomain:
		return nil, errStytchOwnsCookies
	case token == "":
		return nil, errors.New("stytchkit: there is no intermediate session to save: intermediate_session_token is empty")
	case !presented.IsCookieValue(token) || len(token) > presented.MaxTokenLength:
		return nil, errors.New("stytchkit: intermediate_session_token holds bytes that no cookie can carry, or too many")
	}
	return a.jar.StoreIntermediate(r.Host(), token, a.clock.Now().Add(intermediateLife)), nil
}

// ClearIntermediateCookies are the cookies that remove an unfinished login from the browser, and leave
// a session alone.
func (a *Authenticator) ClearIntermediateCookies(r Request) []*http.Cookie {
	return a.jar.ClearIntermediate(r.Host())
}

// ErrIntermediateAmbiguous is the error of [Authenticator.IntermediateSession] for a request with
// several different intermediate sessions.
var ErrIntermediateAmbiguous = errors.New("stytchkit: the request presents several different intermediate sessions (want one; a page of a sibling domain may have set another, so the login has to begin again)")

// IntermediateSession is the intermediate session token that the request's cookie holds; empty when
// there is none. Nothing is known of it: only Stytch can say whether it is good. Of several different
// ones nobody can tell which is the person's, so none is taken: [ErrIntermediateAmbiguous].
func (a *Authenticator) IntermediateSession(r Request) (string, error) {
	token, several := presented.Sole(r, a.cfg.Cookies.Intermediate)
	if several {
		return "", ErrIntermediateAmbiguous
	}
	return strings.Clone(token), nil
}
