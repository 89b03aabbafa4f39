package signin

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/inside"
	"github.com/stytchkit/stytchkit/core/internal/origin"
)

// Config says how signing in works. LoginURL, here or in the Authenticator's Config, and for a live
// project Origin are required; every other zero value means the default given with the field.
type Config struct {
	// Origin is where browsers reach this application, such as https://app.example.com: Stytch sends
	// them back there. It is never read off a request, as anybody can write a Host header, except
	// that a test project may leave it empty: then only requests whose Host is loopback can begin a
	// login, and come back to http:// and that Host.
	Origin string
	// Prefix is the path that the handler is mounted under. It sees whole paths. Default: /auth.
	Prefix string
	// PublicToken is the project's public token, which URLs that begin OAuth and SSO carry.
	// Default: none, oauth/{provider} and sso answer 404.
	PublicToken string
	// Providers are the OAuth providers that may be used.
	// Default: google, microsoft, hubspot, slack and github; in a consumer project google, apple,
	// microsoft, facebook and github.
	Providers []string
	// CreateOrganizations lets whoever has an e-mail address found an organization, and so sign in, when
	// a sign-in names none. Default: only members, the invited, and those whom an organization lets join
	// by their domain sign in. A consumer project has none.
	CreateOrganizations bool

	// LoginURL is the application's page to sign in: a path, or an absolute http(s) URL. It gets
	// reason, for [Message], and return_to. Default: the Authenticator's Config.LoginURL.
	LoginURL string
	// AfterLogin is where a login ends that was not asked to return anywhere. Default: /.
	AfterLogin string
	// AfterLogout is where a logout ends. Default: LoginURL.
	AfterLogout string
	// MFAURL is the application's page for a second factor; see [Handler.Pending].
	// Default: a page of the handler's own, where members who have none set one up.
	MFAURL string
	// PasswordResetURL is the application's page that takes a new password. It is opened with a
	// parameter, for, that binds it to the link's token; see [Handler.PasswordResetToken].
	// Default: a page of the handler's own.
	PasswordResetURL string

	// AccountPage serves account under Prefix: a page where whoever is signed in signs out everywhere, and adds
	// and removes what they sign in with. Default: that path answers 404.
	AccountPage bool

	// SessionDuration is how long a new session lives, in whole minutes between 5 minutes and 366
	// days. Default: 60 minutes. Impersonations are as long as Stytch says.
	SessionDuration time.Duration
	// Pages replaces the pages. Default: small ones.
	Pages Pages

	own origin.Own // where browsers reach the application
}

const (
	defaultPrefix          = "/auth"
	defaultSessionDuration = time.Hour

	// The bounds of session_duration_minutes, from Stytch's API reference.
	minSessionDuration = 5 * time.Minute
	maxSessionDuration = 527040 * time.Minute
)

// withDefaults returns a copy of c in which nothing is left to default, or what is wrong with c.
func (c Config) withDefaults(in *inside.Parts, p *project) (Config, error) {
	c.Providers = slices.Clone(c.Providers)
	if len(c.Providers) == 0 {
		c.Providers = p.providers
	}
	err := errors.Join(c.completeOrigin(in), c.completePrefix(), c.completeProviders(), c.completeDuration())
	if err == nil { // the URLs rest on the prefix
		err = c.completeURLs(in)
	}
	return c, err
}

func (c *Config) completeOrigin(in *inside.Parts) error {
	switch {
	case c.Origin == "" && in.Own.Origin == "" && in.Live:
		return errors.New("signin: Config.Origin is empty (a live project wants the origin that browsers see, such as https://app.example.com)")
	case c.Origin == "":
		c.own = in.Own
		return nil
	case in.Own.HasTenants() || in.Own.Path != "":
		return fmt.Errorf("signin: Config.Origin is %q, and the Authenticator's Config.Origin says more than one origin can (want it empty: the Authenticator's counts)", c.Origin)
	}
	u, err := url.Parse(c.Origin)
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Host == "", u.User != nil,
		strings.Trim(u.Path, "/") != "", strings.Contains(u.Host, "*"), u.RawQuery != "", u.ForceQuery, strings.Contains(c.Origin, "#"):
		return fmt.Errorf("signin: Config.Origin %q is not an origin (want scheme and host alone, such as https://app.example.com; a path, or a host for each organization, says the Authenticator's Config.Origin)", c.Origin)
	case u.Scheme == "http" && in.Secure(u.Host):
		return fmt.Errorf("signin: Config.Origin %q is not https (want https; plain http is only for a test project on a loopback host)", c.Origin)
	}
	c.own.Origin, _ = origin.Normal(strings.ToLower(u.Scheme + "://" + u.Host))
	if in.CookieDomain != "" && !origin.IsIn(u.Host, in.CookieDomain) {
		return fmt.Errorf("signin: Config.Origin %q is not in the Authenticator's Config.Cookies.Domain %q: browsers would drop the cookies (want a domain that the origin's host is or ends in, or none)", c.Origin, in.CookieDomain)
	}
	return nil
}

func (c *Config) completePrefix() error {
	if c.Prefix == "" {
		c.Prefix = defaultPrefix
	}
	if c.Prefix == "/" || strings.HasSuffix(c.Prefix, "/") || stytchkit.ReturnTo(c.Prefix) == "" || strings.ContainsAny(c.Prefix, "?%;,:*{}()+") {
		return fmt.Errorf("signin: Config.Prefix %q is not a plain path (want a path such as /auth, without a slash at its end)", c.Prefix)
	}
	return nil
}

func (c *Config) completeProviders() error {
	if c.PublicToken != "" && !strings.HasPrefix(c.PublicToken, "public-token-") {
		return errors.New("signin: Config.PublicToken is no public token, and browsers would see it (want the one of Stytch's dashboard, public-token-…; never the secret)")
	}
	for _, provider := range c.Providers {
		if !isName(provider) {
			return fmt.Errorf("signin: Config.Providers has %q (want the name that Stytch's start URL has, such as google)", provider)
		}
	}
	return nil
}

func (c *Config) completeURLs(in *inside.Parts) error {
	for _, page := range []struct {
		name string
		url  *string
	}{
		{"LoginURL", &c.LoginURL},
		{"AfterLogin", &c.AfterLogin},
		{"AfterLogout", &c.AfterLogout},
		{"MFAURL", &c.MFAURL},
		{"PasswordResetURL", &c.PasswordResetURL},
	} {
		if *page.url != "" && !in.IsPageURL(*page.url) {
			return fmt.Errorf("signin: Config.%s %q is neither a path on this origin nor an http(s) URL (want a path such as /login, or https://app.example.com/login)", page.name, *page.url)
		}
		if err := c.own.CheckInside(*page.url); err != nil {
			return fmt.Errorf("signin: Config.%s %q %w (want a path such as /login)", page.name, *page.url, err)
		}
		*page.url = c.own.Outside(*page.url)
	}
	fill(&c.LoginURL, in.LoginURL)
	if c.LoginURL == "" {
		return errors.New("signin: Config.LoginURL and the Authenticator's Config.LoginURL are empty (want the application's login page in one of them, such as /login)")
	}
	if path, _, _ := strings.Cut(c.LoginURL, "?"); strings.HasPrefix(path, c.own.Outside(c.Prefix+"/")) {
		return fmt.Errorf("signin: Config.LoginURL %q is under Config.Prefix %q, where this handler serves its own paths (want a page of the application outside of it, such as /login)", c.LoginURL, c.Prefix)
	}
	fill(&c.AfterLogin, c.own.Outside("/"))
	fill(&c.AfterLogout, c.LoginURL)
	fill(&c.MFAURL, c.own.Outside(c.Prefix+"/"+pathMFA))
	return nil
}

func fill(field *string, fallback string) {
	if *field == "" {
		*field = fallback
	}
}

func (c *Config) completeDuration() error {
	if c.SessionDuration == 0 {
		c.SessionDuration = defaultSessionDuration
	}
	if d := c.SessionDuration; d < minSessionDuration || d > maxSessionDuration || d%time.Minute != 0 {
		return fmt.Errorf("signin: Config.SessionDuration is %v (want whole minutes between %v and %v, or 0 for the default of %v)", d, minSessionDuration, maxSessionDuration, defaultSessionDuration)
	}
	return nil
}

// otherOrigins are the origins of absolute URLs among the pages: where a form may lead.
func (c *Config) otherOrigins() []string {
	var origins []string
	if c.own.HasTenants() { // who switches goes to another host
		origins = append(origins, c.own.Origin)
	}
	for _, raw := range []string{c.LoginURL, c.AfterLogin, c.AfterLogout, c.MFAURL, c.PasswordResetURL} {
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" {
			continue
		}
		if origin := u.Scheme + "://" + u.Host; !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	return origins
}
