package stytchkit_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Stytch refusing one credential says nothing about whether its session is over.
func TestARefusedTokenBesideOneThatIsOverIsInvalid(t *testing.T) {
	for name, refuseFirst := range map[string]bool{"refused and over": true, "over and refused": false} {
		w := newWorld(t)
		refused, over := randomToken(), randomToken()
		w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 400, ErrorType: "invalid_session_token", Times: 1})
		check(w.auth.Require(), bearer(refused)) // remembered
		tokens := []string{tokenCookie(refused), tokenCookie(over)}
		if !refuseFirst {
			slices.Reverse(tokens)
		}
		if d := check(w.auth.Require(), request(tokens...)); code(d) != "session_invalid" || setCookies(d) != "untouched" {
			t.Errorf("%s: got %q and cookies %s, want session_invalid and untouched", name, code(d), setCookies(d))
		}
	}
}

// A cookie without a value would take the place of the one that the browser has.
func TestAnAnswerWithoutTokensSetsNoCookies(t *testing.T) {
	for name, without := range map[string]func(body map[string]any){
		"no session_token": func(body map[string]any) { delete(body, "session_token") },
		"an empty one":     func(body map[string]any) { body["session_token"] = "" },
		"no session_jwt":   func(body map[string]any) { delete(body, "session_jwt") },
		"an empty JWT":     func(body map[string]any) { body["session_jwt"] = "" },
		"neither":          func(body map[string]any) { body["session_token"], body["session_jwt"] = "", "" },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			alice := w.member("alice@example.com")
			session, err := check(w.auth.Require(), bearer(alice.JWT())).Session.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			body := map[string]any{"member_session": json.RawMessage(session), "session_token": alice.Token, "session_jwt": alice.JWT()}
			without(body)
			w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Body: object(t, body)})
			expired := jwtCookie(alice.JWT(stytchtest.Age(10 * time.Minute)))
			for i, r := range []string{tokenCookie(alice.Token), expired, expired} {
				if d := check(w.auth.Require(), request(r)); d.Session.ID() != alice.ID || setCookies(d) != "untouched" {
					t.Errorf("request %d: got %v and cookies %v, want alice and none", i+1, d.Denial, d.Cookies)
				}
			}
		})
	}
}
