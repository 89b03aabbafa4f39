package stytchgin_test

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Gin routes by the path as it was sent where UseRawPath says so, and hands over what UnescapePathValues says.
func TestAPathParameterIsDecodedOnce(t *testing.T) {
	for name, configure := range map[string]func(*gin.Engine){
		"by default":        func(*gin.Engine) {},
		"raw, and decoded":  func(r *gin.Engine) { r.UseRawPath = true },
		"raw, as it is":     func(r *gin.Engine) { r.UseRawPath, r.UnescapePathValues = true, false },
		"decoded, as it is": func(r *gin.Engine) { r.UnescapePathValues = false },
	} {
		t.Run(name, func(t *testing.T) {
			a := newApp(t)
			configure(a.r)
			a.r.GET("/orgs/:org/me", stytchgin.Require(a.auth, stytchkit.Organization(stytchkit.PathParam("org"))), func(c *gin.Context) { c.Status(http.StatusNoContent) })
			a.srv.AddOrganization(stytchtest.Organization{ID: "organization-test-acme-0001", Slug: "acme"})
			cookies := a.srv.AddMember(stytchtest.Member{Organization: "organization-test-acme-0001"}).SignIn().Cookies()
			for segment, want := range map[string]int{
				"acme": http.StatusNoContent, "%61cme": http.StatusNoContent, "%61%63%6D%65": http.StatusNoContent,
				"%2561cme": http.StatusForbidden, "%67lobex": http.StatusForbidden,
			} {
				if res, _ := a.do(http.MethodGet, "/orgs/"+segment+"/me", cookies...); res.StatusCode != want {
					t.Errorf("GET /orgs/%s/me: got %d, want %d", segment, res.StatusCode, want)
				}
			}
		})
	}
}
