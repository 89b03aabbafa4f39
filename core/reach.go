package stytchkit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/client"
	"github.com/stytchkit/stytchkit/core/internal/navigation"
	"github.com/stytchkit/stytchkit/core/internal/origin"
)

// completeOrigin reads where browsers reach the application.
func (c *Config) completeOrigin() error {
	if c.Origin == "" {
		return nil
	}
	own, err := origin.ParseOwn(c.Origin)
	if err == nil && own.Path != "" && navigation.ReturnTo(own.Path) == "" {
		err = fmt.Errorf("has the path %q, which servers read in several ways", own.Path)
	}
	if err != nil {
		return fmt.Errorf("stytchkit: Config.Origin %q %w (want where browsers reach the application, such as https://app.example.com, or https://*.example.com where each organization has a host)", redactURL(c.Origin), err)
	}
	c.own = own
	return nil
}

// checkDomain refuses a cookie domain that the application is not in: browsers would drop every cookie.
func (c *Config) checkDomain() error {
	if c.own.HasTenants() && c.Cookies.Domain != "" && !strings.Contains(strings.Trim(c.Cookies.Domain, "."), ".") {
		return fmt.Errorf("stytchkit: Config.Cookies.Domain is %q, and browsers let no host set cookies for a domain of one label (want one of two, with such hosts: app.localhost and Config.Origin http://*.app.localhost:8080)", c.Cookies.Domain)
	}
	if c.own.Origin == "" || c.Cookies.Domain == "" || c.own.IsIn(c.Cookies.Domain) {
		return nil
	}
	return fmt.Errorf("stytchkit: Config.Cookies.Domain is %q, and Config.Origin %q is not in it: browsers would drop the cookies (want a domain that every host of Origin is or ends in, or none)", c.Cookies.Domain, c.own.Origin)
}

// checkPath refuses a cookie path that the application is not at: browsers would never send the cookies.
func (c *Config) checkPath() error {
	path, own := strings.TrimRight(c.Cookies.Path, "/")+"/", c.own.Path+"/"
	if strings.HasPrefix(own, path) || strings.HasPrefix(path, own) {
		return nil
	}
	return fmt.Errorf("stytchkit: Config.Cookies.Path is %q, and browsers see the application below %q, the path of Config.Origin: they would never send the cookies there (want that path, or none)", c.Cookies.Path, c.own.Path)
}

// completeProxies checks whose word about the client is taken.
func (c *Config) completeProxies() error {
	for _, prefix := range c.TrustedProxies {
		if err := client.CheckTrusted(prefix); err != nil {
			return fmt.Errorf("stytchkit: Config.TrustedProxies has %v, which %w (want the addresses of the proxies in front, such as 10.0.0.0/8)", prefix, err)
		}
	}
	c.TrustedProxies = slices.Clone(c.TrustedProxies)
	return nil
}

func (c *Config) completeNavigation() error {
	for _, page := range []struct {
		name string
		url  *string
		want string
	}{
		{"LoginURL", &c.LoginURL, "/login"},
		{"StepUpURL", &c.StepUpURL, "/auth/step-up"},
		{"LogoutURL", &c.LogoutURL, "/auth/logout"},
	} {
		if *page.url != "" && !navigation.IsPageURL(*page.url) {
			return fmt.Errorf("stytchkit: Config.%s %q is neither a path on this origin nor an http(s) URL (want %s or https://app.example.com%s)", page.name, *page.url, page.want, page.want)
		}
		if err := c.own.CheckInside(*page.url); err != nil {
			return fmt.Errorf("stytchkit: Config.%s %q %w (want %s)", page.name, *page.url, err, page.want)
		}
		*page.url = c.own.Outside(*page.url)
	}
	if c.Page == nil {
		c.Page = defaultPage
	}
	origins := make([]string, len(c.TrustedOrigins))
	for i, trusted := range c.TrustedOrigins {
		normal, ok := origin.ParseTrusted(trusted)
		if !ok {
			return fmt.Errorf("stytchkit: Config.TrustedOrigins has %q, which is not an origin (want scheme and host alone, such as https://app.example.com, or https://*.example.com for every host with one label more)", trusted)
		}
		origins[i] = normal
	}
	c.TrustedOrigins = origins
	return nil
}

// CrossOrigin reports whether a page of another origin than Config.Origin, and of none in
// Config.TrustedOrigins, made this unsafe request, by the rules that guards apply to session cookies. It is for what an
// application answers without a guard, such as its own sign-in form.
func (a *Authenticator) CrossOrigin(r Request) bool {
	cross := origin.IsCross(r, a.cfg.own, a.cfg.TrustedOrigins)
	if cross {
		a.hintCross(r)
	}
	return cross
}

// ReturnTo is raw when it is a path, with or without a query, that every browser resolves to the
// same origin, else empty. It refuses more than the URL standard demands: a path that, once or more
// often percent-decoded, holds an empty or a dot segment, a backslash, a control character or a
// look-alike of those is refused as well, as the next redirect might resolve it. So are fragments,
// which no server is asked for, and what is longer than 2048 bytes.
func ReturnTo(raw string) string { return navigation.ReturnTo(raw) }
