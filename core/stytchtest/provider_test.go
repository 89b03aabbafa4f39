package stytchtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const (
	oauthStart          = "/v1/b2b/public/oauth/google/start"
	discoveryOAuthStart = "/v1/b2b/public/oauth/google/discovery/start"
	ssoStart            = "/v1/public/sso/start"
)

// params are those of a start URL: the public token, and pairs of names and values, which replace it.
func params(srv *stytchtest.Server, pairs ...string) url.Values {
	query := url.Values{"public_token": {srv.PublicToken()}}
	for pair := range slices.Chunk(pairs, 2) {
		query.Set(pair[0], pair[1])
	}
	return query
}

// browse gets a page of the server without following redirects.
func browse(t *testing.T, srv *stytchtest.Server, target string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL()+target, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// arrive follows a start URL to the application, and returns the token it gets there.
func arrive(t *testing.T, srv *stytchtest.Server, path string, query url.Values, tokenType string) string {
	t.Helper()
	response, body := browse(t, srv, path+"?"+query.Encode())
	location, err := response.Location()
	if err != nil {
		t.Fatalf("%d without a redirect: %s", response.StatusCode, body)
	}
	return arrivedAt(t, location.String(), tokenType)
}

// arrivedAt checks where a browser arrives, and returns the token it brings.
func arrivedAt(t *testing.T, target, tokenType string) string {
	t.Helper()
	got, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	query := got.Query()
	if got.Host != "app.example.com" || got.Path != "/auth/callback" || query.Get("from") != "mail" ||
		query.Get("stytch_token_type") != tokenType || query.Get("token") == "" {
		t.Fatalf("the browser arrives at %s, want the callback with %s", target, tokenType)
	}
	return query.Get("token")
}

// wantPageRefusal checks what a browser that is refused is shown.
func wantPageRefusal(t *testing.T, response *http.Response, body, want string) {
	t.Helper()
	var refused struct {
		ErrorType string `json:"error_type"`
	}
	if err := json.Unmarshal([]byte(body), &refused); err != nil {
		t.Fatalf("%d, not JSON: %s", response.StatusCode, body)
	}
	if got := fmt.Sprintf("%d %s", response.StatusCode, refused.ErrorType); got != want {
		t.Errorf("refused with %q, want %q", got, want)
	}
}

func TestStartURLsRefuse(t *testing.T) {
	srv := start(t)
	srv.SetProviderUser("ada@example.com")
	srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
	srv.AddConnection(stytchtest.Connection{ID: "saml-1"})
	srv.AddConnection(stytchtest.Connection{Organization: "two", ID: "saml-2"})
	srv.AddConnection(stytchtest.Connection{Organization: "two", ID: "saml-3"})
	srv.AddOrganization(stytchtest.Organization{Slug: "none"})
	for _, row := range []struct {
		name, path string
		query      url.Values
		want       string
	}{
		{"no public token", oauthStart, url.Values{"slug": {"acme"}}, "400 public_token_required"},
		{"another project's public token", oauthStart, params(srv, "public_token", "public-token-test-x"), "404 public_token_not_found"},
		{"another project's public token, for SSO", ssoStart, params(srv, "public_token", "public-token-test-x"), "404 public_token_not_found"},
		{"a provider that is none", "/v1/b2b/public/oauth/myspace/start", params(srv, "slug", "acme", "login_redirect_url", callback), "400 invalid_oauth_provider"},
		{"a provider that is none, in discovery", "/v1/b2b/public/oauth/myspace/discovery/start", params(srv, "discovery_redirect_url", callback), "400 invalid_oauth_provider"},
		{"no organization", oauthStart, params(srv, "login_redirect_url", callback), "400 missing_oauth_organization_locator"},
		{"two organizations", oauthStart, params(srv, "slug", "acme", "organization_id", "acme"), "400 too_many_oauth_organization_locators"},
		{"an organization that is none", oauthStart, params(srv, "slug", "nowhere", "login_redirect_url", callback), "404 organization_not_found"},
		{"no redirect", oauthStart, params(srv, "slug", "acme"), "400 no_login_redirect_url"},
		{"a redirect to a path", oauthStart, params(srv, "slug", "acme", "login_redirect_url", "/callback"), "400 invalid_url"},
		{"a redirect to a script", oauthStart, params(srv, "slug", "acme", "login_redirect_url", "javascript:alert(1)"), "400 invalid_url"},
		{"a redirect for newcomers alone, to a member", oauthStart, params(srv, "slug", "acme", "signup_redirect_url", callback), "400 no_login_redirect_url"},
		{"no redirect in discovery", discoveryOAuthStart, params(srv), "400 no_discovery_redirect_url"},
		{"an address that is none", discoveryOAuthStart, params(srv, "discovery_redirect_url", callback, "stytchtest_user", "ada"), "400 invalid_email"},
		{"no connection", ssoStart, params(srv, "login_redirect_url", callback), "400 missing_sso_connection_locator"},
		{"a connection and an organization", ssoStart, params(srv, "connection_id", "saml-1", "slug", "acme"), "400 too_many_sso_connection_locators"},
		{"a connection that is none", ssoStart, params(srv, "connection_id", "saml-9", "login_redirect_url", callback), "404 sso_connection_not_found"},
		{"SSO of an organization that is none", ssoStart, params(srv, "slug", "nowhere", "login_redirect_url", callback), "404 organization_not_found"},
		{"SSO of an organization without", ssoStart, params(srv, "slug", "none", "login_redirect_url", callback), "404 no_sso_connection_exists_for_organization"},
		{"SSO of an organization with several", ssoStart, params(srv, "organization_id", "two", "login_redirect_url", callback), "400 indeterminate_sso_connection_for_organization"},
	} {
		t.Run(row.name, func(t *testing.T) {
			response, body := browse(t, srv, row.path+"?"+row.query.Encode())
			wantPageRefusal(t, response, body, row.want)
		})
	}
}

func TestAStartURLAsksWhoSitsBeforeIt(t *testing.T) {
	srv := start(t)
	srv.AddMember(stytchtest.Member{Email: "ada@example.com", Name: "<b>Ada</b>"})
	srv.AddMember(stytchtest.Member{Email: "bob@example.com"})
	srv.AddMember(stytchtest.Member{Organization: "globex", Email: "ada@example.com"})
	srv.AddMember(stytchtest.Member{Organization: "globex", Email: "eve@example.com"})
	srv.AddConnection(stytchtest.Connection{Name: "Okta"})
	for _, row := range []struct {
		name, path, tokenType string
		query                 url.Values
		heading               string
		people                []string
	}{
		{"for an organization, among its members", oauthStart, "oauth", params(srv, "slug", "acme", "login_redirect_url", callback), "Google", []string{"ada", "bob"}},
		{"for discovery, among all", discoveryOAuthStart, "discovery_oauth", params(srv, "discovery_redirect_url", callback), "Google", []string{"ada", "bob", "eve"}},
		{"for SSO, among the organization's members", ssoStart, "sso", params(srv, "slug", "acme", "login_redirect_url", callback), "Okta", []string{"ada", "bob"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			response, page := browse(t, srv, row.path+"?"+row.query.Encode())
			if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/html; charset=utf-8" ||
				!strings.Contains(page, "Sign in with "+row.heading) || strings.Contains(page, "<b>Ada") {
				t.Fatalf("%d %v: %s", response.StatusCode, response.Header, page)
			}
			for name := range row.query { // for whoever types an address
				if input := `<input type="hidden" name="` + name + `" value="` + row.query.Get(name) + `">`; !strings.Contains(page, input) {
					t.Errorf("the form does not take %s along: %s", name, page)
				}
			}
			links := linksOf(page)
			if len(links) != len(row.people) {
				t.Fatalf("%d people can be chosen: %s", len(links), page)
			}
			for i, link := range links {
				target, err := url.Parse(link)
				if err != nil || target.Query().Get("stytchtest_user") != row.people[i]+"@example.com" {
					t.Fatalf("link %d is %q: %v", i, link, err)
				}
				arrive(t, srv, target.Path, target.Query(), row.tokenType)
			}
		})
	}
	t.Run("nobody twice, and not without end", func(t *testing.T) {
		for i := range 120 {
			srv.AddMember(stytchtest.Member{Organization: "crowd", Email: fmt.Sprintf("member-%d@crowd.example", i)})
		}
		_, page := browse(t, srv, discoveryOAuthStart+"?"+params(srv, "discovery_redirect_url", callback).Encode())
		if n := len(linksOf(page)); n != 100 {
			t.Errorf("%d people can be chosen, want 100", n)
		}
	})
	t.Run("unless the test has said who", func(t *testing.T) {
		srv.SetProviderUser("bob@example.com")
		arrive(t, srv, oauthStart, params(srv, "slug", "acme", "login_redirect_url", callback), "oauth")
		srv.SetProviderUser("")
		if response, _ := browse(t, srv, oauthStart+"?"+params(srv, "slug", "acme", "login_redirect_url", callback).Encode()); response.StatusCode != http.StatusOK {
			t.Errorf("answered %d, want the page again", response.StatusCode)
		}
	})
}

// linksOf are the targets of a page's links, as a browser reads them.
func linksOf(page string) []string {
	var links []string
	for _, part := range strings.Split(page, `<a href="`)[1:] {
		target, _, _ := strings.Cut(part, `"`)
		links = append(links, strings.ReplaceAll(target, "&amp;", "&"))
	}
	return links
}

func TestANewcomerIsSentToSignUp(t *testing.T) {
	srv := start(t)
	srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
	srv.AddMember(stytchtest.Member{Email: "invited@example.com", Status: "invited"})
	const signup = "https://app.example.com/welcome"
	for email, want := range map[string]string{
		"ada@example.com": "/auth/callback", "invited@example.com": "/welcome", "new@example.com": "/welcome",
	} {
		srv.SetProviderUser(email)
		response, _ := browse(t, srv, oauthStart+"?"+params(srv, "slug", "acme", "login_redirect_url", callback, "signup_redirect_url", signup).Encode())
		if location, err := response.Location(); err != nil || location.Path != want {
			t.Errorf("%s arrives at %v (%v), want %s", email, location, err, want)
		}
	}
}

func TestStartURLsMeetFaultsAndAreCounted(t *testing.T) {
	srv := start(t)
	target := oauthStart + "?" + params(srv, "slug", "acme").Encode()
	srv.Fail(stytchtest.StartOAuth, stytchtest.Fault{Status: 503, Times: 1})
	response, body := browse(t, srv, target)
	wantPageRefusal(t, response, body, "503 server_unavailable")
	response, body = browse(t, srv, target)
	wantPageRefusal(t, response, body, "404 organization_not_found")
	if n := srv.Calls(stytchtest.StartOAuth); n != 2 {
		t.Errorf("%d calls are counted", n)
	}
}
