package bench_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// signedIn is a member with a usual session, three custom claims in it, at a stand-in that is asked.
type signedIn struct {
	server  *stytchtest.Server
	session *stytchtest.Session
	id      string // the member's
}

// threeClaims are the custom claims that an application reads.
type threeClaims struct {
	Plan  string `json:"plan"`
	Seats int    `json:"seats"`
	Beta  bool   `json:"beta"`
}

func signIn(tb testing.TB) *signedIn {
	tb.Helper()
	server := stytchtest.Start(tb)
	member := server.AddMember(stytchtest.Member{Roles: []string{"editor"}})
	claims := map[string]any{"plan": "pro", "seats": 25, "beta": true}
	return &signedIn{server: server, session: member.SignIn(stytchtest.WithClaims(claims)), id: member.ID}
}

// kit is the kit with its defaults.
func (s *signedIn) kit(tb testing.TB, owner stytchkit.CookieOwner) *stytchkit.Authenticator {
	tb.Helper()
	return s.kitWith(tb, func(c *stytchkit.Config) { c.Cookies.Owner = owner })
}

// kitWith is the kit with something other than its defaults.
func (s *signedIn) kitWith(tb testing.TB, change func(*stytchkit.Config)) *stytchkit.Authenticator {
	tb.Helper()
	return s.server.Authenticator(tb, change)
}

func newRequest(c credential) stytchkit.Request {
	r := httptest.NewRequest(http.MethodGet, "/me", http.NoBody)
	r.Header.Set(c.header, c.value)
	return stytchkit.HTTPRequest{R: r}
}
