package signin_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// courier sends requests to a host that it names, and keeps cookies whatever they are marked with.
type courier struct {
	w      *world
	host   string
	stored map[string]string

	location string // where the last page that is about a token is
}

// sends sends a request; with a form it is a POST. It returns where it was sent on to, and the
// cookies that were set, with what is random replaced by what it is.
func (c *courier) sends(target string, form url.Values) (location string, set []string) {
	c.w.t.Helper()
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	r, err := http.NewRequest(method, c.w.app.URL+target, strings.NewReader(body))
	if err != nil {
		c.w.t.Fatal(err)
	}
	if c.host != "" {
		r.Host = c.host
	}
	r.Header.Set("Accept", "text/html")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, name := range slices.Sorted(maps.Keys(c.stored)) {
		r.AddCookie(&http.Cookie{Name: name, Value: c.stored[name]})
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		c.w.t.Fatal(err)
	}
	defer res.Body.Close()
	for _, cookie := range res.Cookies() {
		c.stored[cookie.Name] = cookie.Value
		if cookie.MaxAge < 0 {
			delete(c.stored, cookie.Name)
		}
	}
	for _, line := range res.Header.Values("Set-Cookie") {
		set = append(set, c.plain(line))
	}
	location = res.Header.Get("Location")
	if page, _, ok := strings.Cut(location, "for="); ok {
		c.location, location = location, page+"for=DIGEST"
	}
	return location, set
}

// plain replaces what is random, and times by what they are counted from.
func (c *courier) plain(line string) string {
	for _, known := range []struct{ pattern, with string }{
		{`flow_[A-Z2-7]{10}=[A-Za-z0-9_-]+`, "flow_ID=FLOW"},
		{`flow_[A-Z2-7]{10}=`, "flow_ID="},
		{`pending=[A-Za-z0-9_-]+`, "pending=PENDING"},
		{`kit_token=[A-Za-z0-9_-]+`, "kit_token=TOKEN"},
		{`kit_reset=[A-Za-z0-9_-]+`, "kit_reset=TOKEN"},
		{`stytch_session=[A-Za-z0-9_-]{44}`, "stytch_session=TOKEN"},
		{`stytch_session_jwt=[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`, "stytch_session_jwt=JWT"},
		{`stytch_intermediate_session_token=[A-Za-z0-9_-]+`, "stytch_intermediate_session_token=IST"},
	} {
		line = regexp.MustCompile(known.pattern).ReplaceAllString(line, known.with)
	}
	now := c.w.clock.Now().UTC()
	line = strings.ReplaceAll(line, now.Add(10*time.Minute).Format(http.TimeFormat), "IN-10-MINUTES")
	return strings.ReplaceAll(line, now.Add(time.Hour).Format(http.TimeFormat), "IN-1-HOUR")
}

// The cookies of each step, byte for byte. {…} is what https changes.
func TestEachStepSetsExactlyTheseCookies(t *testing.T) {
	const (
		flowSet        = "{p}stytchkit_flow_ID=FLOW; Path={/auth}; Max-Age=3600; HttpOnly{s}; SameSite=Lax"
		flowGone       = "{p}stytchkit_flow_ID=; Path={/auth}; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly{s}; SameSite=Lax"
		pendingSet     = "{p}stytchkit_pending=PENDING; Path=/; Max-Age=600; HttpOnly{s}; SameSite=Lax"
		pendingGone    = "{p}stytchkit_pending=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly{s}; SameSite=Lax"
		linkSet        = "{p}stytchkit_token=TOKEN; Path={/auth}; Max-Age=600; HttpOnly{s}; SameSite=Lax"
		resetSet       = "{p}stytchkit_reset=TOKEN; Path=/; Max-Age=600; HttpOnly{s}; SameSite=Lax"
		resetGone      = "{p}stytchkit_reset=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly{s}; SameSite=Lax"
		tokenGone      = "{p}stytchkit_token=; Path={/auth}; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly{s}; SameSite=Lax"
		istSet         = "stytch_intermediate_session_token=IST; Path=/; Expires=IN-10-MINUTES; HttpOnly{s}; SameSite=Lax"
		istGone        = "stytch_intermediate_session_token=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly{s}; SameSite=Lax"
		sessionSet     = "stytch_session=TOKEN; Path=/; Expires=IN-1-HOUR; HttpOnly{s}; SameSite=Lax"
		sessionGone    = "stytch_session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly{s}; SameSite=Lax"
		sessionJWTSet  = "stytch_session_jwt=JWT; Path=/; Expires=IN-1-HOUR; HttpOnly{s}; SameSite=Lax"
		sessionJWTGone = "stytch_session_jwt=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly{s}; SameSite=Lax"
	)
	above := func(host string) (lines []string) {
		for _, domain := range []string{"app.example.com", "example.com"} {
			for _, line := range []string{sessionGone, sessionJWTGone, istGone} {
				if host == "app.example.com" {
					lines = append(lines, strings.Replace(line, "Path=/;", "Path=/; Domain="+domain+";", 1))
				}
			}
		}
		return lines
	}
	for _, site := range []struct {
		name, host, origin string
		https              *strings.Replacer
	}{
		{"a test project on loopback", "", "", strings.NewReplacer("{p}", "", "{/auth}", "/auth", "{s}", "")},
		{"https", "app.example.com", "https://app.example.com", strings.NewReplacer("{p}", "__Host-", "{/auth}", "/", "{s}", "; Secure")},
		{"https behind a proxy that names itself", "127.0.0.1:3000", "https://app.example.com", strings.NewReplacer("{p}", "__Host-", "{/auth}", "/", "stytch_session", "stytch_session", "{s}", "; Secure")},
	} {
		t.Run(site.name, func(t *testing.T) {
			w := newWorld(t, func(c *signin.Config) { c.Origin = site.origin })
			acme := w.member("alice@acme.example")
			globex := w.member("alice@acme.example", "globex")
			strict := w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "strict", MFA: true})
			c := &courier{w: w, host: site.host, stored: map[string]string{}}
			step := func(name, target string, form url.Values, to string, want ...string) {
				t.Helper()
				location, got := c.sends(target, form)
				if i := slices.Index(want, istGone); i >= 0 && target == "/auth/logout" { // for the domains that the host is in, too
					want = slices.Insert(want, i+1, above(site.host)...)
				}
				for i, line := range want {
					want[i] = site.https.Replace(line)
					if site.origin != "" && site.host == "127.0.0.1:3000" && strings.HasPrefix(line, "stytch_") {
						want[i] = strings.ReplaceAll(want[i], "; Secure", "") // the core goes by the request's Host
					}
				}
				if location != to || !slices.Equal(got, want) {
					t.Errorf("%s: sent to %q, want %q; cookies:\n%s\nwant:\n%s", name, location, to, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
			link := func() string {
				u, err := url.Parse(w.link())
				if err != nil {
					t.Fatal(err)
				}
				return u.RequestURI()
			}

			step("asking for a discovery link", "/auth/magic-link", url.Values{"email": {"alice@acme.example"}, "return_to": {"/x"}}, "/auth/magic-link", flowSet)
			step("opening it", link(), nil, "/auth/organizations", flowGone, istSet, pendingSet)
			step("looking at the list", "/auth/organizations", nil, "")
			step("choosing one with MFA", "/auth/organizations", url.Values{"organization_id": {strict.OrganizationID}}, "/mfa", istSet, pendingSet)
			step("choosing another one", "/auth/organizations", url.Values{"organization_id": {acme.OrganizationID}}, "/x", sessionSet, sessionJWTSet, istGone, pendingGone)
			step("switching", "/auth/switch", url.Values{"organization": {globex.OrganizationID}}, "/", sessionSet, sessionJWTSet, istGone)
			step("switching to one with MFA keeps the session", "/auth/switch", url.Values{"organization": {strict.OrganizationID}}, "/mfa", istSet, pendingSet)
			step("logging out", "/auth/logout", url.Values{}, "/login", sessionGone, sessionJWTGone, istGone, pendingGone)
			step("logging out again", "/auth/logout", url.Values{}, "/login", sessionGone, sessionJWTGone, istGone)

			step("asking for a link to one organization", "/auth/magic-link", url.Values{"email": {"alice@acme.example"}, "organization": {"acme"}}, "/auth/magic-link", flowSet)
			asked := c.stored
			c.stored = map[string]string{}
			foreign := w.foreignLink(acme)
			step("opening somebody's link", foreign, nil, "/auth/callback?for=DIGEST", linkSet)
			step("being asked", c.location, nil, "")
			step("confirming", c.location, url.Values{}, "/", sessionSet, sessionJWTSet, istGone, tokenGone)
			for name, value := range asked {
				c.stored[name] = value
			}
			step("opening a password reset link", "/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop", nil, "/new-password?for=DIGEST", resetSet)
			step("logging out with everything under way", "/auth/logout", url.Values{}, "/login", sessionGone, sessionJWTGone, istGone, flowGone, resetGone)
			if len(c.stored) > 0 {
				t.Errorf("logout leaves %v", c.stored)
			}
		})
	}
}
