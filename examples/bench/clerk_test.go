package bench_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/clerk/clerk-sdk-go/v2"
	clerkhttp "github.com/clerk/clerk-sdk-go/v2/http"
	"github.com/clerk/clerk-sdk-go/v2/jwks"
)

// clerkClient is what another provider's SDK makes of the same work, with the same JWT: its
// middleware, set up as its documentation says, with our stand-in's keys for its API's and our
// issuer for its own. It keeps a key for an hour.
func clerkClient(tb testing.TB, x *experiment, c credential, seen *int) client {
	tb.Helper()
	api := httptest.NewServer(http.RedirectHandler(jwksURL(x.Server), http.StatusTemporaryRedirect))
	tb.Cleanup(api.Close)
	keys := jwks.NewClient(&clerk.ClientConfig{BackendConfig: clerk.BackendConfig{
		URL: clerk.String(api.URL), Key: clerk.String("sk_test_of_nobody"), HTTPClient: api.Client(),
	}})
	auth := clerkhttp.RequireHeaderAuthorization(clerkhttp.JWKSClient(keys), clerkhttp.ProxyURL(issuer(x.Server)))
	mux := http.NewServeMux()
	mux.Handle("GET /me", auth(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if claims, ok := clerk.SessionClaimsFromContext(r.Context()); ok {
			x.saw(seen, claims.Subject)
		}
		w.WriteHeader(http.StatusOK)
	})))
	return newClient(mux, c)
}
