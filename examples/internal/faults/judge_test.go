package main

import (
	"encoding/base64"
	"errors"
	"net/http"
	"testing"
)

// A judge that lets everything pass would make any demo stand the test.
func TestWhatIsHeldAgainstADemo(t *testing.T) {
	alice := &member{ID: "member-test-alice", Session: "member-session-test-1", Token: "alice's token"}
	claims := func(subject string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"`+subject+`"}`)) + ".c2ln"
	}
	me := []byte(`{"member_id":"member-test-alice","session_id":"member-session-test-1"}`)
	fresh := []*http.Cookie{{Name: tokenCookie, Value: alice.Token}, {Name: jwtCookie, Value: claims(alice.ID)}}
	later := http.Header{"Retry-After": {"1"}}
	away := expectation{outage: true}
	for _, row := range []struct {
		name string
		a    answer
		may  expectation
		want string // the kind of failure
	}{
		{"she is in", answer{status: 200, body: me}, expectation{}, ""},
		{"she is in, on a page", answer{status: 200, body: []byte(`<h1>member-test-alice: member-session-test-1</h1>`)}, expectation{}, ""},
		{"she is in, by an Optional route", answer{status: 200, body: []byte(`{"session":{"member_id":"member-test-alice","member_session_id":"member-session-test-1"},"isInitialized":true}`)}, expectation{}, ""},
		{"with fresh cookies", answer{status: 200, body: me, cookies: fresh}, expectation{tokenJWT: true}, ""},
		{"without the fresh cookies that she needs", answer{status: 200, body: me}, expectation{tokenJWT: true}, other},
		{"another member is in", answer{status: 200, body: []byte(`{"member_id":"member-test-bob","session_id":"member-session-test-2"}`)}, away, crossed},
		{"another session of hers", answer{status: 200, body: []byte(`{"member_id":"member-test-alice","session_id":"member-session-test-2"}`)}, away, crossed},
		{"another member's JWT", answer{status: 200, body: me, cookies: []*http.Cookie{{Name: jwtCookie, Value: claims("member-test-bob")}}}, away, crossed},
		{"another member's token", answer{status: 200, body: me, cookies: []*http.Cookie{{Name: tokenCookie, Value: "bob's token"}}}, away, crossed},
		{"nobody, where an Optional route knows", answer{status: 200, body: []byte(`{"session":null,"isInitialized":true}`)}, away, crossed},
		{"nobody, where it does not", answer{status: 200, body: []byte(`{"session":null,"isInitialized":false}`)}, away, ""},
		{"nobody, and Stytch is there", answer{status: 200, body: []byte(`{"session":null,"isInitialized":false}`)}, expectation{}, crossed},
		{"401", answer{status: 401, code: "session_ended"}, away, logout},
		{"sent to the login page", answer{status: 303}, away, logout},
		{"400", answer{status: 400, code: "invalid_request"}, away, logout},
		{"cookies cleared with a 503", answer{status: 503, code: "stytch_unavailable", header: later, cookies: []*http.Cookie{{Name: tokenCookie, MaxAge: -1}}}, away, logout},
		{"cookies cleared with a 200", answer{status: 200, body: me, cookies: []*http.Cookie{{Name: jwtCookie, MaxAge: -1}}}, away, logout},
		{"503 in an outage", answer{status: 503, code: "stytch_unavailable", header: later}, away, ""},
		{"503 without Retry-After", answer{status: 503, code: "stytch_unavailable"}, away, other},
		{"503 without an outage", answer{status: 503, code: "stytch_unavailable", header: later}, expectation{}, other},
		{"503 of another kind", answer{status: 503, header: later}, away, other},
		{"500 when Stytch refuses the project", answer{status: 500, code: "stytch_misconfigured"}, away, ""},
		{"500", answer{status: 500}, away, other},
		{"no answer", answer{err: errors.New("EOF")}, away, other},
	} {
		j := newJudge()
		j.live(browsers, alice, "/api/me", row.a, row.may)
		if row.want == "" && len(j.wrong) > 0 || row.want != "" && (j.wrong[row.want] != 1 || len(j.wrong) != 1) {
			t.Errorf("%s: got %v, want %q", row.name, j.failures, row.want)
		}
	}

	for _, row := range []struct {
		name string
		a    answer
		want string
	}{
		{"refused", answer{status: 401, code: "session_invalid"}, ""},
		{"in", answer{status: 200, body: me}, let},
		{"handed cookies", answer{status: 401, code: "session_invalid", cookies: fresh}, let},
		{"refused otherwise", answer{status: 503, code: "stytch_unavailable"}, other},
		{"no answer", answer{err: errors.New("EOF")}, other},
	} {
		j := newJudge()
		j.attack(flooders, row.a, "401 session_invalid")
		if row.want == "" && len(j.wrong) > 0 || row.want != "" && (j.wrong[row.want] != 1 || len(j.wrong) != 1) {
			t.Errorf("an attacker, %s: got %v, want %q", row.name, j.failures, row.want)
		}
	}
}
