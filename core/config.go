package stytchkit

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/origin"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
)

// Config says how an [Authenticator] works. ProjectID, Secret and Cookies.Owner are all that a
// good production setup needs; every other zero value means the default given with the field.
type Config struct {
	// ProjectID is the Stytch project, project-test-… or project-live-…. Required.
	ProjectID string
	// Secret is that project's secret. Required.
	Secret string
	// Vertical is the kind of that project, [B2B] or [Consumer]: what is decided is of its members, or of
	// its users. A wrong one is logged as an error, and answered 500 stytch_misconfigured. Default: B2B.
	Vertical Vertical
	// Issuers are whose access tokens are taken beside those of Stytch itself and of BaseURL: the project's
	// domain for Connected Apps, such as https://soft-river-1234.customers.stytch.com, as their iss says.
	// Sessions are never taken from them. Default: none.
	Issuers []string
	// BaseURL is the root of the Stytch API: https, or plain http to a loopback address.
	// Default: https://test.stytch.com for test projects, https://api.stytch.com for live ones.
	BaseURL string

	// Origin is where browsers reach this application, such as https://app.example.com, with a path
	// where a proxy strips one: it is put in front of every path of the application's that browsers are
	// sent to. Plain http is only for loopback hosts. What a proxy makes of Host and of the connection is
	// then beside the point: cookies are Secure where it is https, and pages of this origin are the
	// application's own.
	//
	// https://*.example.com is an application with a host for each organization, whose slug is the first
	// label. Then a request's own Host says which, so that a proxy has to hand it on; core/signin refuses
	// every other Host. Default: none, each request's Host alone says so.
	Origin string
	// TrustedProxies are the addresses of the proxies in front of this application, whose
	// X-Forwarded-For is believed, from the right: the client's address decides whose share of a
	// ration a request spends. Default: none, the connection's address is the client's.
	TrustedProxies []netip.Prefix

	// Cookies says who owns the session cookies, and what they are called.
	Cookies Cookies

	// LoginURL is where a browser's navigation without a session is sent: a path of this application
	// such as /login, without that of Origin, or an absolute http(s) URL. It receives reason and, for GET
	// and HEAD, return_to, a path as browsers see it. Default: none, such a navigation gets a page with
	// status 401.
	LoginURL string
	// StepUpURL is where a browser's navigation by cookies is sent whose session does not meet a rule about
	// how, or how long ago, its owner signed in, such as core/signin's /auth/step-up: there they prove it
	// once more. It receives what LoginURL does, and other clients are told it as step_up_url.
	// Default: none, LoginURL.
	StepUpURL string
	// LogoutURL is where a person signs out, such as /auth/logout: a path on this origin, or an absolute
	// http(s) URL. The page about ambiguous credentials leads there, as signing out resolves them, and
	// Optional lets them through there alone, as nobody. Default: core/signin's, or none: no link.
	LogoutURL string
	// Page renders a denied navigation as HTML. It is called concurrently.
	// Default: a small page with the title and what to do.
	Page func(*Denial) []byte
	// TrustedOrigins may send cookie-authenticated unsafe requests to this one, for example
	// https://app.example.com when this is api.example.com; https://*.example.com are all hosts with one
	// label in the place of *. Default: only the request's own origin.
	TrustedOrigins []string

	// Freshness is how long ago Stytch may have vouched for a session on a route that does not
	// say otherwise with [Fresh]. Default: 5 minutes, the life of a session JWT.
	Freshness time.Duration
	// ExtendBy makes sessions slide: each time Stytch is asked about a session it is extended to
	// last this long from then, in whole minutes between 5 minutes and 366 days; an impersonated one is not.
	// Default: 0, sessions are never extended.
	ExtendBy time.Duration
	// Timeout is the deadline of one call to Stytch, and the longest a request waits for keys.
	// Default: 3 seconds.
	Timeout time.Duration
	// KeysStaleFor is how long the last fetched signing keys are trusted while Stytch cannot be
	// reached. Default: 24 hours.
	KeysStaleFor time.Duration

	// PolicyStaleFor is how long the last fetched RBAC policy is trusted while Stytch cannot be
	// reached. Default: 24 hours.
	PolicyStaleFor time.Duration
	// ProfileStaleFor is how long past Freshness a member or organization that [Authenticator.State]
	// has loaded is still shown, with FromCache, while Stytch is asked in the background or cannot be
	// reached. Default: 1 hour.
	ProfileStaleFor time.Duration
	// StaleWhileRevalidate is how long past a route's freshness a session is still served, with
	// FromCache, while Stytch is asked in the background; see [Stale]. Default: 0, never.
	StaleWhileRevalidate time.Duration

	// Replicas is the bus to the other replicas of this application: what ends here ends there within
	// moments, and what [Authenticator.Announce] is told. Default: none, this process is alone, at no cost.
	Replicas Bus
	// ReplicaKeys seal what goes over Replicas: the first seals, all of them open. Each has 32 random bytes or
	// more. Default: one derived from Secret.
	ReplicaKeys [][]byte

	// Limits bound what is held in memory, and how much is asked of Stytch.
	Limits Limits
	// Observer is told of decisions, calls, key fetches and breakers. Default: none, at no cost.
	Observer Observer

	// Logger receives what an operator must know: misconfiguration, keys unreachable or rotated,
	// Stytch unreachable and back. Nothing per request above debug, and never a token.
	// Default: slog.Default().
	Logger *slog.Logger
	// Transport carries every request to Stytch. Default: a clone of http.DefaultTransport.
	Transport http.RoundTripper
	// Clock tells the time. Default: the system's.
	Clock Clock

	own          origin.Own      // Origin, read
	ownTransport *http.Transport // the default, whose connections Close closes
}

const (
	defaultFreshness       = 5 * time.Minute
	defaultTimeout         = 3 * time.Second
	defaultKeysStaleFor    = 24 * time.Hour
	defaultPolicyStaleFor  = 24 * time.Hour
	defaultProfileStaleFor = time.Hour

	// The bounds of session_duration_minutes, from Stytch's API reference.
	minExtendBy = 5 * time.Minute
	maxExtendBy = 527040 * time.Minute
)

// withDefaults returns a copy of c in which nothing is left to default, or what is wrong with c.
func (c Config) withDefaults() (Config, error) {
	checks := []func(*Config) error{
		(*Config).completeProject,
		(*Config).completeVertical,
		(*Config).completeIssuers,
		(*Config).completeBaseURL,
		(*Config).completeOrigin,
		(*Config).completeProxies,
		(*Config).completeDurations,
		(*Config).completeLimits,
		(*Config).completeNavigation,
		func(c *Config) error { return c.Cookies.complete() },
		(*Config).checkDomain,
		(*Config).checkPath,
		(*Config).checkReplicaKeys,
	}
	var wrong []error
	for _, check := range checks {
		wrong = append(wrong, check(&c))
	}
	if err := errors.Join(wrong...); err != nil {
		return Config{}, err
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = &clock.System{}
	}
	if c.Observer != nil {
		c.Observer = contained{to: c.Observer, said: quiet.New(c.Logger, c.Clock.Now)}
	}
	if c.Transport == nil {
		c.ownTransport = defaultTransport()
		c.Transport = c.ownTransport
	}
	return c, nil
}

func (c *Config) completeBaseURL() error {
	if c.BaseURL == "" {
		c.BaseURL = "https://test.stytch.com"
		if c.live() {
			c.BaseURL = "https://api.stytch.com"
		}
		return nil
	}
	wrong := func(why string) error {
		return fmt.Errorf("stytchkit: Config.BaseURL %q %s (want the root of the Stytch API, such as https://login.example.com)", redactURL(c.BaseURL), why)
	}
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil, u.Host == "", u.Scheme != "https" && u.Scheme != "http":
		return wrong("is not an http or https URL")
	case u.User != nil:
		return wrong("holds credentials")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return wrong("has a path, query or fragment")
	case u.Scheme == "http" && !origin.IsLoopback(u.Host):
		return wrong("would send the secret in the clear: plain http is only for loopback addresses")
	}
	// The SDK would ask for //v1/… after a trailing slash.
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return nil
}

// redactURL drops userinfo, so that a mistyped URL does not print a password.
func redactURL(raw string) string {
	if at := strings.LastIndexByte(raw, '@'); at >= 0 {
		return "…" + raw[at:]
	}
	return raw
}

func (c *Config) completeDurations() error {
	for _, d := range []struct {
		name     string
		value    *time.Duration
		fallback time.Duration
	}{
		{"Freshness", &c.Freshness, defaultFreshness},
		{"ExtendBy", &c.ExtendBy, 0},
		{"Timeout", &c.Timeout, defaultTimeout},
		{"KeysStaleFor", &c.KeysStaleFor, defaultKeysStaleFor},
		{"PolicyStaleFor", &c.PolicyStaleFor, defaultPolicyStaleFor},
		{"ProfileStaleFor", &c.ProfileStaleFor, defaultProfileStaleFor},
		{"StaleWhileRevalidate", &c.StaleWhileRevalidate, 0},
	} {
		if *d.value < 0 {
			return fmt.Errorf("stytchkit: Config.%s is %v (want a positive duration, or 0 for the default of %v)", d.name, *d.value, d.fallback)
		}
		if *d.value == 0 {
			*d.value = d.fallback
		}
	}
	if e := c.ExtendBy; e != 0 && (e < minExtendBy || e > maxExtendBy || e%time.Minute != 0) {
		return fmt.Errorf("stytchkit: Config.ExtendBy is %v (want whole minutes between %v and %v, or 0 never to extend)", e, minExtendBy, maxExtendBy)
	}
	return nil
}

func defaultTransport() *http.Transport {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
	if base, ok := http.DefaultTransport.(*http.Transport); ok {
		t = base.Clone()
	}
	t.MaxIdleConnsPerHost = 64 // all calls go to one host; the default of 2 would dial anew under load
	return t
}
