package stytchecho_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v5"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo5"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Echo routes by the path as it was sent where that is not as net/url would write it, unless
// UseEscapedPathForMatching says otherwise, and hands over what UnescapePathParamValues says.
func TestAPathParameterIsDecodedOnce(t *testing.T) {
	const acme = "organization-test-acme-0001"
	srv := stytchtest.Start(t)
	config := srv.Config()
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	srv.AddOrganization(stytchtest.Organization{ID: acme, Slug: "acme"})
	member := srv.AddMember(stytchtest.Member{Organization: acme}).SignIn()
	for name, router := range map[string]echo.RouterConfig{
		"by default":         {},
		"raw, and decoded":   {UnescapePathParamValues: true},
		"decoded":            {UseEscapedPathForMatching: true},
		"decoded, and again": {UseEscapedPathForMatching: true, UnescapePathParamValues: true},
	} {
		e := echo.NewWithConfig(echo.Config{Router: echo.NewRouter(router)})
		inOrg := stytchecho.Require(auth, stytchkit.Organization(stytchkit.PathParam("org")))
		e.GET("/orgs/:org/me", func(c *echo.Context) error { return c.NoContent(http.StatusNoContent) }, inOrg)
		for segment, want := range map[string]int{
			"acme": http.StatusNoContent, "%61cme": http.StatusNoContent, "%61%63%6D%65": http.StatusNoContent,
			"%2561cme": http.StatusForbidden, "%67lobex": http.StatusForbidden,
		} {
			w := httptest.NewRecorder()
			e.ServeHTTP(w, member.Request(http.MethodGet, "/orgs/"+segment+"/me"))
			if w.Code != want {
				t.Errorf("%s: GET /orgs/%s/me: got %d, want %d", name, segment, w.Code, want)
			}
		}
	}
}
