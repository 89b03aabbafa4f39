package stytchkit_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
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

// An answer from before Stytch's refusal, which comes after it, is worth nothing any more.
func TestALateAnswerDoesNotOutliveARefusal(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	hold := w.srv.Hold(stytchtest.Authenticate)
	late := make(chan stytchkit.Decision, 1)
	go func() { late <- check(w.auth.Require(), bearer(alice.Token)) }()
	if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
		t.Fatal(err)
	}
	alice.End()
	w.srv.Hold(stytchtest.Authenticate).Release()
	if d := check(w.auth.Require(stytchkit.Fresh(0)), bearer(alice.Token)); code(d) != "session_ended" {
		t.Fatalf("got %q, want session_ended", code(d))
	}
	hold.Release()
	if d := <-late; code(d) != "session_ended" {
		t.Errorf("the late answer: got %q, want session_ended", code(d))
	}
	if d := check(w.auth.Require(), bearer(alice.Token)); code(d) != "session_ended" {
		t.Errorf("one more request: got %q, want session_ended", code(d))
	}
}
