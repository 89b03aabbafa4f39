package repotest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// chi hands over a path's segments as they were sent, http.ServeMux decodes them: both name an
// organization decoded once, and never twice.
func TestAPathParameterIsDecodedOnce(t *testing.T) {
	srv, auth := newAuth(t)
	srv.AddOrganization(stytchtest.Organization{ID: "organization-test-acme-0001", Slug: "acme"})
	token := srv.AddMember(stytchtest.Member{Organization: "organization-test-acme-0001"}).SignIn().JWT()
	guarded := stytchhttp.Require(auth, stytchkit.Organization(stytchkit.PathParam("org")))(http.HandlerFunc(httpOK))

	router := chi.NewRouter()
	router.Method(http.MethodGet, "/orgs/{org}/{page}", guarded)
	router.Mount("/mounted", chi.NewRouter().Group(func(r chi.Router) { r.Method(http.MethodGet, "/orgs/{org}/{page}", guarded) }))
	mux := http.NewServeMux()
	mux.Handle("GET /orgs/{org}/{page}", guarded)
	mux.Handle("GET /mounted/orgs/{org}/{page}", guarded)

	for name, handler := range map[string]http.Handler{"chi": router, "http.ServeMux": mux} {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		for target, want := range map[string]int{
			"/orgs/acme/me":             http.StatusNoContent,
			"/orgs/%61cme/me":           http.StatusNoContent,
			"/orgs/%61%63%6D%65/%6de":   http.StatusNoContent,
			"/mounted/orgs/%61cme/me":   http.StatusNoContent,
			"/orgs/acme/%2561cme":       http.StatusNoContent,
			"/orgs/%2561cme/me":         http.StatusForbidden,
			"/orgs/%2561cme/%61cme":     http.StatusForbidden, // the page is what the organization would be, decoded twice
			"/orgs/%2561cme/%6de":       http.StatusForbidden,
			"/orgs/%252561cme/%2561cme": http.StatusForbidden,
			"/orgs/%67lobex/me":         http.StatusForbidden,
			"/orgs/globex/%61cme":       http.StatusForbidden,
		} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+target, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+token)
			res, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != want {
				t.Errorf("%s: GET %s: got %d, want %d", name, target, res.StatusCode, want)
			}
		}
	}
}
