package main

import (
	"encoding/base64"
	"errors"
	"net/http"
	"testing"

	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// A judge that lets everything pass would make any demo stand the test.
func TestWhatIsHeldAgainstADemo(t *testing.T) {
	alice := &member{ID: "member-test-alice", Session: "member-session-test-1", Token: "alice's token"}
	claims := func(subject string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"`+subject+`"}`)) + ".c2ln"
	}
	me := []byte(`{"member_id":"member-test-alice","session_id":"member-session-test-1"}`)
	fresh := []*http.Cookie{{Name: visit.TokenCookie, Value: alice.Token}, {Name: visit.JWTCookie, Value: claims(alice.ID)}}
	later := http.Header{"Retry-After": {"1"}}
	away := expectation{outage: true}
	for _, row := range []struct {
		name string
		a    visit.Answer
		may  expectation
		want string // the kind of failure
	}{
		{"she is in", visit.Answer{Status: 200, Body: me}, expectation{}, ""},
		{"she is in, on a page", visit.Answer{Status: 200, Body: []byte(`<h1>member-test-alice: member-session-test-1</h1>`)}, expectation{}, ""},
		{"she is in, by an Optional route", visit.Answer{Status: 200, Body: []byte(`{"session":{"member_id":"member-test-alice","member_session_id":"member-session-test-1"},"isInitialized":true}`)}, expectation{}, ""},
		{"with fresh cookies", visit.Answer{Status: 200, Body: me, Cookies: fresh}, expectation{tokenJWT: true}, ""},
		{"without the fresh cookies that she needs", visit.Answer{Status: 200, Body: me}, expectation{tokenJWT: true}, other},
		{"another member is in", visit.Answer{Status: 200, Body: []byte(`{"member_id":"member-test-bob","session_id":"member-session-test-2"}`)}, away, crossed},
		{"another session of hers", visit.Answer{Status: 200, Body: []byte(`{"member_id":"member-test-alice","session_id":"member-session-test-2"}`)}, away, crossed},
		{"another member's JWT", visit.Answer{Status: 200, Body: me, Cookies: []*http.Cookie{{Name: visit.JWTCookie, Value: claims("member-test-bob")}}}, away, crossed},
		{"another member's token", visit.Answer{Status: 200, Body: me, Cookies: []*http.Cookie{{Name: visit.TokenCookie, Value: "bob's token"}}}, away, crossed},
		{"nobody, where an Optional route knows", visit.Answer{Status: 200, Body: []byte(`{"session":null,"isInitialized":true}`)}, away, crossed},
		{"nobody, where it does not", visit.Answer{Status: 200, Body: []byte(`{"session":null,"isInitialized":false}`)}, away, ""},
		{"nobody, and Stytch is there", visit.Answer{Status: 200, Body: []byte(`{"session":null,"isInitialized":false}`)}, expectation{}, crossed},
		{"401", visit.Answer{Status: 401, Code: "session_ended"}, away, logout},
		{"sent to the login page", visit.Answer{Status: 303}, away, logout},
		{"400", visit.Answer{Status: 400, Code: "invalid_request"}, away, logout},
		{"cookies cleared with a 503", visit.Answer{Status: 503, Code: "stytch_unavailable", Header: later, Cookies: []*http.Cookie{{Name: visit.TokenCookie, MaxAge: -1}}}, away, logout},
		{"cookies cleared with a 200", visit.Answer{Status: 200, Body: me, Cookies: []*http.Cookie{{Name: visit.JWTCookie, MaxAge: -1}}}, away, logout},
		{"503 in an outage", visit.Answer{Status: 503, Code: "stytch_unavailable", Header: later}, away, ""},
		{"503 without Retry-After", visit.Answer{Status: 503, Code: "stytch_unavailable"}, away, other},
		{"503 without an outage", visit.Answer{Status: 503, Code: "stytch_unavailable", Header: later}, expectation{}, other},
		{"503 of another kind", visit.Answer{Status: 503, Header: later}, away, other},
		{"500 when Stytch refuses the project", visit.Answer{Status: 500, Code: "stytch_misconfigured"}, away, ""},
		{"500", visit.Answer{Status: 500}, away, other},
		{"no answer", visit.Answer{Err: errors.New("EOF")}, away, other},
	} {
		j := newJudge()
		j.live(browsers, alice, "/api/me", row.a, row.may)
		if row.want == "" && len(j.wrong) > 0 || row.want != "" && (j.wrong[row.want] != 1 || len(j.wrong) != 1) {
			t.Errorf("%s: got %v, want %q", row.name, j.failures, row.want)
		}
	}

	for _, row := range []struct {
		name string
		a    visit.Answer
		want string
	}{
		{"refused", visit.Answer{Status: 401, Code: "session_invalid"}, ""},
		{"in", visit.Answer{Status: 200, Body: me}, let},
		{"handed cookies", visit.Answer{Status: 401, Code: "session_invalid", Cookies: fresh}, let},
		{"refused otherwise", visit.Answer{Status: 503, Code: "stytch_unavailable"}, other},
		{"no answer", visit.Answer{Err: errors.New("EOF")}, other},
	} {
		j := newJudge()
		j.attack(flooders, row.a, "401 session_invalid")
		if row.want == "" && len(j.wrong) > 0 || row.want != "" && (j.wrong[row.want] != 1 || len(j.wrong) != 1) {
			t.Errorf("an attacker, %s: got %v, want %q", row.name, j.failures, row.want)
		}
	}
}
