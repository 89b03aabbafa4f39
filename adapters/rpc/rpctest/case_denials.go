package rpctest

import (
	"net/http"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// denialCases are about what a call is denied with: each code that there is.
func denialCases() []testCase {
	return []testCase{
		{"each denial has its code and its reason", func(s *stage) {
			alice, client := s.member(), s.srv.AddM2MClient(stytchtest.M2MClient{})
			ended := s.member()
			ended.End()
			s.guarded(s.auth.Require())
			s.get(nil).denied(stytchkit.CodeSessionMissing).untouched()
			s.get(bearer("")).denied(stytchkit.CodeSessionInvalid).untouched()
			s.get(bearer("not.a.jwt")).denied(stytchkit.CodeSessionInvalid).untouched()
			s.get(bearer(ended.Token)).denied(stytchkit.CodeSessionEnded).untouched()
			s.get(header("Authorization", "Bearer "+alice.JWT(), "Authorization", "Bearer "+alice.JWT())).denied(stytchkit.CodeInvalidRequest).untouched()
			s.get(alice.byCookies(0, "Origin", "https://evil.example")).denied(stytchkit.CodeCrossOrigin)
			for code, guard := range map[string]*stytchkit.Guard{
				stytchkit.CodePermissionDenied:   s.auth.Require(stytchkit.Role("nobody-has-it")),
				stytchkit.CodeReauthentication:   s.auth.Require(stytchkit.AuthenticatedWithin(time.Minute)),
				stytchkit.CodeOrganization:       s.auth.Require(stytchkit.Organization(stytchkit.Subdomain("0.0.1"))), // of 127.0.0.1, where it is served
				stytchkit.CodeRouteMisconfigured: s.auth.Require(stytchkit.Organization(stytchkit.PathParam("org"))),
			} {
				s.clock.Advance(2 * time.Minute)
				s.guarded(guard)
				s.get(alice.byCookies(0)).denied(code).untouched()
			}
			s.guarded(s.auth.RequireToken())
			s.get(nil).denied(stytchkit.CodeTokenMissing)
			s.get(bearer(alice.JWT())).denied(stytchkit.CodeTokenInvalid)
			s.guarded(s.auth.RequireToken(stytchkit.Scopes("write")))
			s.get(bearer(client.Token())).denied(stytchkit.CodeInsufficientScope)
		}},
		{"an outage signs nobody out, and says when to try again", func(s *stage) {
			s.guarded(s.auth.Require())
			alice := s.member()
			s.srv.Stop()
			s.get(alice.byCookies(expired)).denied(stytchkit.CodeStytchUnavailable).untouched()
			s.get(alice.byCookies(0)).of(alice.id).untouched()
		}},
		{"a project whose own credentials are refused", func(s *stage) {
			s.guarded(s.auth.Require())
			s.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: http.StatusUnauthorized, ErrorType: "unauthorized_credentials"})
			s.get(s.member().byCookies(expired)).denied(stytchkit.CodeStytchMisconfigured).untouched()
		}},
		{"with a login page configured, a call is denied as without", func(s *stage) {
			s.configure(func(c *stytchkit.Config) { c.LoginURL = "/login" })
			s.guarded(s.auth.Require())
			if r := s.get(header("Accept", "text/html")).denied(stytchkit.CodeSessionMissing); r.Header.Get("Location") != "" {
				s.t.Errorf("it is sent to %s", r.Header.Get("Location"))
			}
		}},
	}
}
