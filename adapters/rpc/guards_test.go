package stytchrpc_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	stytchrpc "github.com/stytchkit/stytchkit/adapters/rpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// authenticator is one of a stand-in, and the request of a member who has no role.
func authenticator(t *testing.T) (*stytchkit.Authenticator, *http.Request) {
	t.Helper()
	srv := stytchtest.Start(t)
	return srv.Authenticator(t), srv.AddMember(stytchtest.Member{Roles: []string{"reader"}}).SignIn().BearerRequest(http.MethodPost, "/")
}

func TestWhichGuardDecides(t *testing.T) {
	auth, member := authenticator(t)
	nobody, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	guards := stytchrpc.NewGuards(auth.Require(), map[string][]stytchkit.Rule{
		"/acme.Docs/Delete":  {stytchkit.Role("editor")},
		"/acme.Admin/*":      {stytchkit.Role("admin")},
		"/acme.Admin/Read":   {stytchkit.Role("reader")},
		"/acme.Open/Private": nil,
	}, []string{"/acme.Docs/Teaser", "/acme.Admin/Ping", "/acme.Open/*"})
	const anonymous, signedIn, more = "", stytchkit.CodeSessionMissing, stytchkit.CodePermissionDenied
	for path, want := range map[string]string{
		"/acme.Docs/Get":          signedIn,
		"/acme.Docs/Delete":       more,
		"/api/acme.Docs/Delete":   more,
		"//acme.Docs/Delete":      more,
		"/acme.Admin/Grant":       more,
		"/x/acme.Admin/Grant":     more,
		"/acme.Admin/Read":        more, // wants both roles
		"/acme.Admin/Ping":        anonymous,
		"/x/acme.Admin/Ping":      more,
		"/acme.Docs/Teaser":       anonymous,
		"/files/acme.Docs/Teaser": signedIn,
		"/acme.Docs/Teaser/":      signedIn,
		"/acme.Docs/Teaser/More":  signedIn,
		"acme.Docs/Teaser":        signedIn,
		"acme.Docs/Delete":        more,
		"acme.Admin/Grant":        more,
		"/acme.Open/Any":          anonymous,
		"/files/acme.Open/Any":    signedIn,
		"/acme.Open/Private":      signedIn,
		"/acme.Open":              signedIn,
		"/":                       signedIn,
		"":                        signedIn,
		"*":                       signedIn,
	} {
		guard := guards.Of(path)
		got := codeOf(guard.Check(t.Context(), stytchkit.HTTPRequest{R: nobody}))
		if got == signedIn {
			got = signedIn
			if code := codeOf(guard.Check(t.Context(), stytchkit.HTTPRequest{R: member})); code != "" {
				got = code
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}

func codeOf(d stytchkit.Decision) string {
	if d.Denial == nil {
		return ""
	}
	return d.Denial.Code
}

func TestWhatCannotWorkPanics(t *testing.T) {
	auth, _ := authenticator(t)
	rules := func(name string, rules ...stytchkit.Rule) map[string][]stytchkit.Rule {
		return map[string][]stytchkit.Rule{name: rules}
	}
	for says, row := range map[string]struct {
		all    *stytchkit.Guard
		rules  map[string][]stytchkit.Rule
		public []string
	}{
		"the Guard is nil":                           {},
		`"acme.Docs/Delete" names no procedure`:      {all: auth.Require(), rules: rules("acme.Docs/Delete")},
		`"/acme.Docs" names no procedure`:            {all: auth.Require(), public: []string{"/acme.Docs"}},
		`"/acme.Docs/" names no procedure`:           {all: auth.Require(), public: []string{"/acme.Docs/"}},
		`"/api/acme.Docs/Delete" names no procedure`: {all: auth.Require(), rules: rules("/api/acme.Docs/Delete")},
		`"/acme.Docs/*" is public, and has rules`:    {all: auth.Require(), rules: rules("/acme.Docs/*"), public: []string{"/acme.Docs/*"}},
		`RequireToken does not take Role("editor")`:  {all: auth.RequireToken(), rules: rules("/acme.Docs/Delete", stytchkit.Role("editor"))},
		`Optional does not take Role("editor")`:      {all: auth.Optional(), rules: rules("/acme.Docs/Delete", stytchkit.Role("editor"))},
		`Stale and Fresh(0) contradict each other`:   {all: auth.Require(stytchkit.Stale(1)), rules: rules("/acme.Docs/Delete", stytchkit.Fresh(0))},
		`Scopes("write") is about access tokens`:     {all: auth.Require(), rules: rules("/acme.Docs/Delete", stytchkit.Scopes("write"))},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, says) {
					t.Errorf("got %q, want %q", got, says)
				}
			}()
			stytchrpc.NewGuards(row.all, row.rules, row.public)
		}()
	}
}

func TestUnknownNames(t *testing.T) {
	rules := map[string][]stytchkit.Rule{"/acme.Docs/Delete": nil, "/acme.Docs/Delte": nil, "/acme.Docs/*": nil}
	got := stytchrpc.Unknown(rules, []string{"/acme.Open/*", "/acme.Docs/Get"}, []string{"/acme.Docs/Delete", "/acme.Docs/Get"})
	if want := []string{"/acme.Docs/Delte", "/acme.Open/*"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
