package adaptertest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// RunPathParam wants a rule to read a path parameter decoded once, in each of the ways that a router can be
// configured. In the applications that build makes, by the ways' names, the page /orgs/:org/:page stands behind a
// Require with the rule, and answers 204.
func RunPathParam(t *testing.T, build func(auth *stytchkit.Authenticator, rule stytchkit.Rule) map[string]Server) {
	t.Helper()
	srv := stytchtest.Start(t)
	srv.AddOrganization(stytchtest.Organization{ID: acmeID, Slug: "acme"})
	alice := srv.AddMember(stytchtest.Member{Organization: acmeID}).SignIn()
	for way, server := range build(srv.Authenticator(t), stytchkit.Organization(stytchkit.PathParam("org"))) {
		address := Serve(t, server)
		for path, want := range map[string]int{
			"acme/me":             http.StatusNoContent,
			"%61cme/me":           http.StatusNoContent,
			"%61%63%6D%65/%6de":   http.StatusNoContent,
			"acme/%2561cme":       http.StatusNoContent,
			"%2561cme/me":         http.StatusForbidden,
			"%2561cme/%61cme":     http.StatusForbidden, // the page is what the organization would be, decoded twice
			"%2561cme/%6de":       http.StatusForbidden,
			"%252561cme/%2561cme": http.StatusForbidden,
			"%67lobex/me":         http.StatusForbidden,
			"globex/%61cme":       http.StatusForbidden,
		} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/orgs/"+path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+alice.JWT())
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close() // only the status counts
			if res.StatusCode != want {
				t.Errorf("%s: GET /orgs/%s: got %d, want %d", way, path, res.StatusCode, want)
			}
		}
	}
}

// MountsWhole wants a Mount to panic in a group that has a path, and to say what to write instead. mount calls
// it in the group of a new router.
func MountsWhole(t *testing.T, mount func(group string, h stytchkit.Mountable)) {
	t.Helper()
	defer func() {
		if said, _ := recover().(string); !strings.Contains(said, "/v1") || !strings.Contains(said, "Config.Prefix") {
			t.Errorf("in the group /v1 it says %q", said)
		}
	}()
	mount("", mountable{http.NotFoundHandler()})
	mount("/v1", mountable{http.NotFoundHandler()})
}

type mountable struct{ http.Handler }

func (mountable) Prefix() string { return "/auth" }

// Lists wants a Routes to have listed these, such as "GET /orgs/{org}", in any order.
func Lists(t *testing.T, routes []stytchkit.Route, want ...string) {
	t.Helper()
	if got := sorted(routes); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("routes are\n%q, want\n%q", got, want)
	}
}

// Opens wants these of the routes, in any order, to be open to anybody; do is as for [stytchtest.Unprotected].
func Opens(t *testing.T, do func(*http.Request) (*http.Response, error), routes []stytchkit.Route, want ...string) {
	t.Helper()
	open, err := stytchtest.Unprotected(do, routes)
	if got := sorted(open); err != nil || !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("open to anybody are\n%q (%v), want\n%q", got, err, want)
	}
}

func sorted(routes []stytchkit.Route) []string {
	var all []string
	for _, route := range routes {
		all = append(all, route.String())
	}
	slices.Sort(all)
	return all
}
