package stytchtest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// behind answers 200 to whom a guard lets through, and as an adapter does to all others.
func behind(guard *stytchkit.Guard) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if d := guard.Check(r.Context(), stytchkit.HTTPRequest{R: r}); d.Denial != nil {
			d.Denial.SetHeader(w.Header())
			w.WriteHeader(d.Denial.Status)
		}
	}
}

func TestMatrixSaysWhoMayDoWhat(t *testing.T) {
	srv := stytchtest.Start(t)
	auth := srv.Authenticator(t)
	inOrg := stytchkit.Organization(stytchkit.PathParam("org"))
	member := behind(auth.Require(stytchkit.AuthenticatedWithin(time.Minute)))
	mux, routes := appOf(map[string]http.HandlerFunc{
		"GET /{$}":               behind(auth.Optional()),
		"GET /me":                member,
		"HEAD /me":               member,
		"GET /orgs/{org}":        behind(auth.Require(inOrg)),
		"DELETE /orgs/{org}":     behind(auth.Require(inOrg, stytchkit.Role("stytch_admin"))),
		"GET /machine":           behind(auth.RequireToken(stytchkit.Scopes("read:documents"))),
		"/any":                   behind(auth.Require()),
		"GET /signin/{path...}":  answer(404, "text/plain", ""),
		"POST /signin/{path...}": answer(404, "text/plain", ""),
	})
	acme := stytchtest.Member{Organization: "acme"}
	admin := srv.AddMember(stytchtest.Member{Organization: "acme", Roles: []string{"stytch_admin"}})
	deletes := admin.SignIn().Persona("admin").With("org", "acme")
	deletes.Unsafe = true
	access, err := stytchtest.Matrix(stytchtest.InProcess(mux), routes,
		stytchtest.Persona{Name: "anonymous"},
		srv.AddMember(acme).SignIn().Persona("member").With("org", "other").With("org", "acme"),
		srv.AddMember(stytchtest.Member{Organization: "globex"}).SignIn().Persona("another organization").With("org", "acme"),
		srv.AddMember(acme).SignIn(stytchtest.AuthenticatedAgo(time.Hour)).Persona("old sign-in").With("org", "acme"),
		stytchtest.Bearer("machine", srv.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read:documents"}}).Token()),
		deletes,
	)
	want := `GET /
    200 everybody
GET /any
    401 anonymous: session_missing
    200 member
    200 another organization
    200 old sign-in
    401 machine: session_invalid
    200 admin
GET /machine
    401 anonymous: token_missing
    401 member: token_missing
    401 another organization: token_missing
    401 old sign-in: token_missing
    200 machine
    401 admin: token_missing
GET /me
    401 anonymous: session_missing
    200 member
    200 another organization
    401 old sign-in: reauthentication_required
    401 machine: session_invalid
    200 admin
DELETE /orgs/{org}
    200 admin
GET /orgs/{org}
    401 anonymous: session_missing
    200 member
    403 another organization: organization_mismatch
    200 old sign-in
    401 machine: session_invalid
    200 admin
GET /signin/{path...}
    404 everybody
POST /signin/{path...}
    404 admin
`
	if err != nil || access.String() != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, access, want)
	}
}

func TestMatrixRefusesWhatSaysNothing(t *testing.T) {
	mux, routes := appOf(map[string]http.HandlerFunc{"GET /a": answer(200, "text/plain", "")})
	anonymous := stytchtest.Persona{Name: "anonymous"}
	for name, row := range map[string]struct {
		routes   []stytchkit.Route
		personas []stytchtest.Persona
		says     string
	}{
		"no persona":           {routes, nil, "no personas"},
		"two of the same name": {routes, []stytchtest.Persona{anonymous, anonymous}, `"anonymous"`},
		"one without a name":   {routes, []stytchtest.Persona{{}}, "without a name"},
		"no routes":            {nil, []stytchtest.Persona{anonymous}, "0 routes"},
	} {
		if _, err := stytchtest.Matrix(stytchtest.InProcess(mux), row.routes, row.personas...); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: got %v, want an error with %q", name, err, row.says)
		}
	}
}
