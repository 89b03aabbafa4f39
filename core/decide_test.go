package stytchkit_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// One row is one request, and all that may come of it.
func TestDecide(t *testing.T) {
	const (
		fresh   = 0
		expired = 6 * time.Minute
	)
	type expect struct {
		code    string // of a Require guard; empty: let through
		who     string // whose session
		source  stytchkit.Source
		calls   int
		cookies string
	}
	type people struct {
		w          *world
		alice, bob *stytchtest.Session
	}
	missing := expect{code: "session_missing", cookies: "untouched"}
	invalid := expect{code: "session_invalid", cookies: "untouched"}
	unavailable := func(calls int) expect {
		return expect{code: "stytch_unavailable", calls: calls, cookies: "untouched"}
	}
	for _, row := range []struct {
		name    string
		request func(p people) *http.Request
		want    expect
	}{
		{"nothing presented is missing", func(people) *http.Request { return request() }, missing},
		{"other cookies are nothing", func(people) *http.Request { return request("theme=dark", "SID=x") }, missing},
		{"empty cookies are nothing", func(people) *http.Request { return request(jwtCookie(""), tokenCookie(`""`)) }, missing},
		{"a fresh JWT cookie needs no call", func(p people) *http.Request { return request(jwtCookie(p.alice.JWT())) },
			expect{who: "alice", source: "jwt", cookies: "untouched"}},
		{"a fresh JWT decides although a dead token stands beside it", func(p people) *http.Request {
			p.bob.End()
			return request(tokenCookie(p.bob.Token), jwtCookie(p.alice.JWT()))
		}, expect{who: "alice", source: "jwt", cookies: "untouched"}},
		{"a fresh bearer needs no call", func(p people) *http.Request { return bearer(p.alice.JWT()) },
			expect{who: "alice", source: "jwt", cookies: "untouched"}},
		{"an opaque bearer is asked about and sets no cookies", func(p people) *http.Request { return bearer(p.alice.Token) },
			expect{who: "alice", source: "stytch", calls: 1, cookies: "untouched"}},
		{"an expired bearer is asked about and sets no cookies", func(p people) *http.Request { return bearer(p.alice.JWT(stytchtest.Age(expired))) },
			expect{who: "alice", source: "stytch", calls: 1, cookies: "untouched"}},
		{"a bearer never falls back to cookies", func(p people) *http.Request {
			r := bearer("forged.forged.forged")
			r.Header.Set("Cookie", jwtCookie(p.alice.JWT()))
			return r
		}, invalid},
		{"an empty bearer was presented and is invalid", func(people) *http.Request { return bearer("") }, invalid},
		{"another scheme is ignored", func(p people) *http.Request {
			r := request(jwtCookie(p.alice.JWT()))
			r.Header.Set("Authorization", "Basic dXNlcjpwYXNz")
			return r
		}, expect{who: "alice", source: "jwt", cookies: "untouched"}},
		{"two Authorization headers contradict each other", func(p people) *http.Request {
			r := bearer(p.alice.JWT())
			r.Header.Add("Authorization", "Bearer "+p.bob.JWT())
			return r
		}, expect{code: "invalid_request", cookies: "untouched"}},

		{"an expired JWT is asked about and refreshed", func(p people) *http.Request {
			return request(jwtCookie(p.alice.JWT(stytchtest.Age(expired))), tokenCookie(p.alice.Token))
		}, expect{who: "alice", source: "stytch", calls: 1, cookies: "set"}},
		{"a token alone is asked about and refreshed", func(p people) *http.Request { return request(tokenCookie(p.alice.Token)) },
			expect{who: "alice", source: "stytch", calls: 1, cookies: "set"}},
		{"a forged JWT gives way to a living token", func(p people) *http.Request {
			return request(jwtCookie(forge(p.alice.JWT())), tokenCookie(p.alice.Token))
		}, expect{who: "alice", source: "stytch", calls: 1, cookies: "set"}},
		{"a forged JWT alone is invalid without a call", func(p people) *http.Request { return request(jwtCookie(forge(p.alice.JWT()))) }, invalid},
		{"a token of the wrong shape is invalid without a call", func(people) *http.Request { return request(tokenCookie("short")) }, invalid},
		{"a token with a dot is invalid without a call", func(people) *http.Request { return request(tokenCookie(strings.Repeat("a.", 20))) }, invalid},
		{"a token that Stytch never handed out has ended", func(people) *http.Request { return request(tokenCookie(randomToken())) },
			expect{code: "session_ended", calls: 1, cookies: "cleared"}},
		{"a JWT from a slow clock's future is asked about", func(p people) *http.Request {
			return request(jwtCookie(p.alice.JWT(stytchtest.Age(-time.Minute))))
		}, expect{who: "alice", source: "stytch", calls: 1, cookies: "set"}},
		{"a JWT within the leeway is not", func(p people) *http.Request {
			return request(jwtCookie(p.alice.JWT(stytchtest.Age(-4 * time.Second))))
		}, expect{who: "alice", source: "jwt", cookies: "untouched"}},

		{"an ended session is told so, and its cookies cleared", func(p people) *http.Request {
			p.alice.End()
			return request(jwtCookie(p.alice.JWT(stytchtest.Age(expired))), tokenCookie(p.alice.Token))
		}, expect{code: "session_ended", calls: 2, cookies: "cleared"}},
		{"an ended bearer clears no cookies", func(p people) *http.Request {
			p.alice.End()
			r := bearer(p.alice.Token)
			r.Header.Set("Cookie", tokenCookie(p.bob.Token))
			return r
		}, expect{code: "session_ended", calls: 1, cookies: "untouched"}},
		{"a dead duplicate before a living token does not matter", func(p people) *http.Request {
			p.bob.End()
			return request(tokenCookie(p.bob.Token), tokenCookie(p.alice.Token))
		}, expect{who: "alice", source: "stytch", calls: 2, cookies: "set"}},
		{"a dead duplicate before a living JWT does not matter", func(p people) *http.Request {
			p.bob.End()
			return request(jwtCookie(p.bob.JWT(stytchtest.Age(expired))), jwtCookie(p.alice.JWT()))
		}, expect{who: "alice", source: "jwt", calls: 1, cookies: "untouched"}},
		{"one's expired JWT that lives at Stytch contradicts another's live one", func(p people) *http.Request {
			return request(jwtCookie(p.bob.JWT(stytchtest.Age(expired))), jwtCookie(p.alice.JWT()))
		}, expect{code: "invalid_request", calls: 2, cookies: "untouched"}},
		{"one's expired JWT that lives at Stytch contradicts another's, expired later", func(p people) *http.Request {
			return request(jwtCookie(p.bob.JWT(stytchtest.Age(2*expired))), jwtCookie(p.alice.JWT(stytchtest.Age(expired))))
		}, expect{code: "invalid_request", calls: 2, cookies: "untouched"}},
		{"Stytch down: one's expired JWT beside another's live one is undecided", func(p people) *http.Request {
			p.w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
			return request(jwtCookie(p.bob.JWT(stytchtest.Age(expired))), jwtCookie(p.alice.JWT()))
		}, unavailable(2)},
		{"Stytch down: two living JWTs of different members contradict each other all the same", func(p people) *http.Request {
			p.w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
			return request(jwtCookie(p.bob.JWT()), jwtCookie(p.alice.JWT()))
		}, expect{code: "invalid_request", calls: 2, cookies: "untouched"}},
		{"of two living JWTs of different members, Stytch says that one is over", func(p people) *http.Request {
			p.bob.End()
			return request(jwtCookie(p.bob.JWT()), jwtCookie(p.alice.JWT()))
		}, expect{who: "alice", source: "stytch", calls: 2, cookies: "set"}},
		{"of two living tokens the first wins", func(p people) *http.Request {
			return request(tokenCookie(p.alice.Token), tokenCookie(p.bob.Token))
		}, expect{who: "alice", source: "stytch", calls: 2, cookies: "set"}},
		{"two living JWTs of different members contradict each other", func(p people) *http.Request {
			return request(jwtCookie(p.alice.JWT()), jwtCookie(p.bob.JWT()))
		}, expect{code: "invalid_request", calls: 2, cookies: "untouched"}},
		{"two JWTs of one member do not", func(p people) *http.Request {
			return request(jwtCookie(p.alice.JWT(stytchtest.Age(time.Minute))), jwtCookie(p.alice.JWT()))
		}, expect{who: "alice", source: "jwt", cookies: "untouched"}},
		{"four dead tokens are asked about", func(people) *http.Request {
			return request(tokenCookie(randomToken()), tokenCookie(randomToken()), tokenCookie(randomToken()), tokenCookie(randomToken()))
		}, expect{code: "session_ended", calls: 4, cookies: "cleared"}},
		{"three dead tokens in front of a living one do not matter", func(p people) *http.Request {
			return request(tokenCookie(randomToken()), tokenCookie(randomToken()), tokenCookie(randomToken()), tokenCookie(p.alice.Token))
		}, expect{who: "alice", source: "stytch", calls: 4, cookies: "set"}},
		{"five tokens are more than can be told apart", func(p people) *http.Request {
			return request(tokenCookie(randomToken()), tokenCookie(randomToken()), tokenCookie(randomToken()), tokenCookie(randomToken()), tokenCookie(p.alice.Token))
		}, expect{code: "invalid_request", cookies: "untouched"}},
		{"forged ones do not count among them", func(p people) *http.Request {
			return request(tokenCookie("a"), tokenCookie("b"), tokenCookie("c"), tokenCookie("d"), tokenCookie("e"), tokenCookie(p.alice.Token))
		}, expect{who: "alice", source: "stytch", calls: 1, cookies: "set"}},
		{"five forged JWTs in front of a good one do not matter", func(p people) *http.Request {
			r := request()
			for range 5 {
				r.Header.Add("Cookie", jwtCookie(forge(p.w.member("x@example.com").JWT())))
			}
			r.Header.Add("Cookie", jwtCookie(p.alice.JWT()))
			return r
		}, expect{who: "alice", source: "jwt", cookies: "untouched"}},
		{"seventeen candidates, forged or not, are never cut silently", func(p people) *http.Request {
			r := request()
			for i := range 16 {
				r.Header.Add("Cookie", tokenCookie(fmt.Sprint("short", i)))
			}
			r.Header.Add("Cookie", tokenCookie(p.alice.Token))
			return r
		}, expect{code: "invalid_request", cookies: "untouched"}},

		{"one's expired JWT and another's token, both alive: the JWT's session", func(p people) *http.Request {
			return request(jwtCookie(p.alice.JWT(stytchtest.Age(expired))), tokenCookie(p.bob.Token))
		}, expect{who: "alice", source: "stytch", calls: 1, cookies: "set"}},
		{"only the token alive: the token's session", func(p people) *http.Request {
			p.alice.End()
			return request(jwtCookie(p.alice.JWT(stytchtest.Age(expired))), tokenCookie(p.bob.Token))
		}, expect{who: "bob", source: "stytch", calls: 2, cookies: "set"}},
		{"only the JWT alive: the JWT's session", func(p people) *http.Request {
			p.bob.End()
			return request(jwtCookie(p.alice.JWT(stytchtest.Age(expired))), tokenCookie(p.bob.Token))
		}, expect{who: "alice", source: "stytch", calls: 1, cookies: "set"}},
		{"both dead: ended", func(p people) *http.Request {
			p.alice.End()
			p.bob.End()
			return request(jwtCookie(p.alice.JWT(stytchtest.Age(expired))), tokenCookie(p.bob.Token))
		}, expect{code: "session_ended", calls: 2, cookies: "cleared"}},

		{"Stytch down: a fresh JWT is served", func(p people) *http.Request {
			p.w.srv.Stop()
			return request(jwtCookie(p.alice.JWT()), tokenCookie(p.alice.Token))
		}, expect{who: "alice", source: "jwt", cookies: "untouched"}},
		{"Stytch down: a token is undecided", func(p people) *http.Request {
			p.w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
			return request(tokenCookie(p.alice.Token))
		}, unavailable(1)},
		{"an expired JWT that cannot be asked about is undecided, and its token is not asked about", func(p people) *http.Request {
			p.w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
			return request(jwtCookie(p.alice.JWT(stytchtest.Age(expired))), tokenCookie(p.alice.Token))
		}, unavailable(1)},
		{"a dead JWT beside a token that cannot be asked about is undecided", func(p people) *http.Request {
			p.alice.End()
			dead := p.alice.JWT(stytchtest.Age(expired))
			check(p.w.auth.Require(), bearer(dead)) // Stytch says that it is over
			p.w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
			return request(jwtCookie(dead), tokenCookie(p.bob.Token))
		}, unavailable(1)},
		{"another refusal is invalid, not ended", func(p people) *http.Request {
			p.w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 400, ErrorType: "invalid_session_token"})
			return request(tokenCookie(p.alice.Token))
		}, expect{code: "session_invalid", calls: 1, cookies: "untouched"}},
		{"the project's own credentials refused is our fault", func(p people) *http.Request {
			p.w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 401, ErrorType: "unauthorized_credentials"})
			return request(tokenCookie(p.alice.Token))
		}, expect{code: "stytch_misconfigured", calls: 1, cookies: "untouched"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			p := people{w, w.member("alice@example.com"), w.member("bob@example.com")}
			r := row.request(p)
			w.srv.ResetCalls()

			d := check(w.auth.Require(), r)

			got := expect{code: code(d), source: d.Source, calls: w.asked(), cookies: setCookies(d)}
			switch d.Session.ID() {
			case p.alice.ID:
				got.who = "alice"
			case p.bob.ID:
				got.who = "bob"
			}
			if got != row.want {
				t.Errorf("%s\nCookie: %.120q\ngot  %+v\nwant %+v\n%v", row.name, r.Header["Cookie"], got, row.want, d.Denial)
			}
			if (d.Denial == nil) != (d.Session != nil) {
				t.Errorf("a required guard let %v through with denial %v", d.Session, d.Denial)
			}
		})
	}
}

// Nothing that Stytch can be made to answer signs anybody out.
func TestAnOutageLogsNobodyOut(t *testing.T) {
	for name, fault := range map[string]stytchtest.Fault{
		"500":                       {Status: 500},
		"503 of Stytch's own":       {Status: 503, ErrorType: "internal_server_error"},
		"429 with Retry-After":      {Status: 429, ErrorType: "too_many_requests", RetryAfter: 7 * time.Second},
		"429 for the whole project": {Status: 429, ErrorType: "too_few_tokens_authenticated"},
		"a proxy's page":            {NotJSON: true},
		"a proxy's 404":             {NotJSON: true, Status: 404},
		"a proxy's JSON 404":        {Body: `{"message":"no route"}`, Status: 404},
		"200 and an empty object":   {Body: `{}`},
		"200 and an empty session":  {Body: `{"member_session":{},"session_token":"x","session_jwt":"y"}`},
		"200 and null":              {Body: `null`},
		"200 and nothing":           {Body: ` `},
		"a redirect":                {Body: `{}`, Status: 307},
		"a reset":                   {Reset: true},
		"half an answer":            {Truncate: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			alice := w.member("alice@example.com")
			w.srv.Fail(stytchtest.Authenticate, fault)
			for kind, r := range map[string]*http.Request{
				"token":       request(tokenCookie(alice.Token)),
				"expired JWT": request(jwtCookie(alice.JWT(stytchtest.Age(10*time.Minute))), tokenCookie(alice.Token)),
			} {
				d := check(w.auth.Require(), r)
				if code(d) != "stytch_unavailable" || len(d.Cookies) != 0 || d.Initialized || d.Denial.Header.Get("Retry-After") == "" {
					t.Errorf("%s: got %q, cookies %v, initialized %v, header %v; want stytch_unavailable with Retry-After and no cookies",
						kind, code(d), d.Cookies, d.Initialized, d.Denial.Header)
				}
				if d := check(w.auth.Optional(), r); d.Denial != nil || d.Session != nil || d.Initialized || len(d.Cookies) != 0 {
					t.Errorf("%s, optional: got %+v; want an uninitialized decision and no cookies", kind, d)
				}
			}
			w.srv.Recover()
			if d := check(w.auth.Require(), request(tokenCookie(alice.Token))); d.Session.ID() != alice.ID {
				t.Errorf("after the outage: got %v, want alice", d.Denial)
			}
		})
	}
}

func TestRetryAfterIsStytchsOwnWhenItSendsOne(t *testing.T) {
	w := newWorld(t)
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 429, RetryAfter: 30 * time.Second})
	d := check(w.auth.Require(), request(tokenCookie(randomToken())))
	if got := d.Denial.Header.Get("Retry-After"); len(got) != 2 || got < "30" || got > "34" {
		t.Errorf("Retry-After is %q, want 30 seconds and at most 4 more", got)
	}
}

func TestAForgedTokenNeverCostsACall(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	guard := w.auth.Require()
	for i := range 1000 {
		token := forge(alice.JWT())
		switch i % 4 {
		case 1:
			token = token[:len(token)-1-i%200]
		case 2:
			token = w.srv.Sign(map[string]any{"alg": "RS256", "kid": randomToken()}, alice.Claims())
			token = forge(token)
		case 3:
			token = randomToken() + "." + randomToken() + "." + randomToken()
		}
		if d := check(guard, request(jwtCookie(token))); d.Denial == nil {
			t.Fatalf("forged token %d was let through", i)
		}
	}
	if calls, fetches := w.asked(), w.srv.Calls(stytchtest.JWKS); calls != 0 || fetches > 3 {
		t.Errorf("1,000 forged JWTs made %d calls and %d key fetches, want 0 and at most 3", calls, fetches)
	}
}

func TestOneCallIsInFlightPerCredential(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	expired := alice.JWT(stytchtest.Age(10 * time.Minute))
	hold := w.srv.Hold(stytchtest.Authenticate)

	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if d := check(w.auth.Require(), bearer(expired)); d.Session.ID() != alice.ID {
				t.Errorf("got %v, want alice", d.Denial)
			}
		})
	}
	wg.Go(func() {
		if d := check(w.auth.Require(), bearer(bob.Token)); d.Session.ID() != bob.ID {
			t.Errorf("got %v, want bob", d.Denial)
		}
	})
	if err := hold.Waiting(within(t, 5*time.Second), 2); err != nil {
		t.Fatal(err)
	}
	for deadline := within(t, 5*time.Second); w.auth.Waiting() < 101; runtime.Gosched() {
		if deadline.Err() != nil {
			t.Fatalf("%d requests wait, want 101", w.auth.Waiting())
		}
	}
	hold.Release()
	wg.Wait()
	if calls := w.asked(); calls != 2 {
		t.Errorf("100 requests of one expired JWT and one of another's token made %d calls, want 2", calls)
	}
}

func TestAWaiterLeavesOnItsOwnContext(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	hold := w.srv.Hold(stytchtest.Authenticate)
	ctx, cancel := context.WithCancel(t.Context())
	left, stayed := make(chan stytchkit.Decision, 1), make(chan stytchkit.Decision, 1)
	go func() { left <- check(w.auth.Require(), bearer(alice.Token).WithContext(ctx)) }()
	go func() { stayed <- check(w.auth.Require(), bearer(alice.Token)) }()
	if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	if d := <-left; code(d) != "stytch_unavailable" {
		t.Errorf("the one that left got %q, want stytch_unavailable", code(d))
	}
	hold.Release()
	if d := <-stayed; d.Session.ID() != alice.ID {
		t.Errorf("the one that stayed got %v, want alice", d.Denial)
	}
}

func TestFresh(t *testing.T) {
	for _, row := range []struct {
		name  string
		rules []stytchkit.Rule
		age   time.Duration
		calls int
	}{
		{"at the default freshness a JWT answers for five minutes", nil, 5*time.Minute - time.Second, 0},
		{"Fresh(1m) with a JWT of a minute and the leeway", []stytchkit.Rule{stytchkit.Fresh(time.Minute)}, time.Minute + 5*time.Second, 0},
		{"Fresh(1m) with an older JWT asks", []stytchkit.Rule{stytchkit.Fresh(time.Minute)}, time.Minute + 6*time.Second, 1},
		{"Fresh(0) always asks", []stytchkit.Rule{stytchkit.Fresh(0)}, 0, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			alice := w.member("alice@example.com")
			d := check(w.auth.Require(row.rules...), bearer(alice.JWT(stytchtest.Age(row.age))))
			if d.Session.ID() != alice.ID || w.asked() != row.calls {
				t.Errorf("got %v after %d calls, want alice after %d", d.Denial, w.asked(), row.calls)
			}
			if want := row.calls == 0; d.FromCache != want {
				t.Errorf("FromCache is %v after %d calls", d.FromCache, row.calls)
			}
		})
	}
}

func TestFreshZeroJoinsNoCallUnderWay(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	hold := w.srv.Hold(stytchtest.Authenticate)
	var wg sync.WaitGroup
	for _, guard := range []*stytchkit.Guard{w.auth.Require(), w.auth.Require(stytchkit.Fresh(0)), w.auth.Require(stytchkit.Fresh(0))} {
		wg.Go(func() { check(guard, bearer(alice.Token)) })
	}
	if err := hold.Waiting(within(t, 5*time.Second), 3); err != nil {
		t.Errorf("want three calls under way: %v", err)
	}
	hold.Release()
	wg.Wait()
}

func TestStytchMustAnswerAboutTheJWTsOwnSession(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	var bobs string
	capture := check(w.auth.Require(), bearer(bob.Token))
	session, err := capture.Session.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	bobs = `{"member_session":` + string(session) + `,"session_token":"` + bob.Token + `","session_jwt":"` + bob.JWT() + `"}`
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Body: bobs})
	d := check(w.auth.Require(), request(jwtCookie(alice.JWT(stytchtest.Age(10*time.Minute))), tokenCookie(alice.Token)))
	if code(d) != "stytch_unavailable" || len(d.Cookies) != 0 {
		t.Errorf("an answer about bob for alice's JWT: got %q, session %v, cookies %v; want stytch_unavailable", code(d), d.Session, d.Cookies)
	}
}

func TestAVerdictOnAJWTBarsItsSessionsOtherJWTs(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	other := alice.JWT()
	alice.End()
	if d := check(w.auth.Require(), bearer(other)); d.Session == nil {
		t.Fatalf("before anybody asked: %v; a JWT is a snapshot", d.Denial)
	}
	if d := check(w.auth.Require(stytchkit.Fresh(0)), bearer(alice.JWT(stytchtest.Age(time.Minute)))); code(d) != "session_ended" {
		t.Fatalf("Fresh(0): got %q, want session_ended", code(d))
	}
	w.srv.ResetCalls()
	if d := check(w.auth.Require(), bearer(other)); code(d) != "session_ended" || w.asked() != 0 {
		t.Errorf("afterwards: got %q after %d calls, want session_ended without a call", code(d), w.asked())
	}
}

func TestATokensVerdictCondemnsOnlyThatToken(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 404, ErrorType: "session_not_found", Times: 1})
	if d := check(w.auth.Require(), bearer(alice.Token)); code(d) != "session_ended" {
		t.Fatalf("got %q, want session_ended", code(d))
	}
	if d := check(w.auth.Require(), bearer(alice.JWT())); d.Session == nil {
		t.Errorf("her JWT: %v, want alice", d.Denial)
	}
}

func TestNoTokenIsLoggedOrPutIntoErrors(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	expired := alice.JWT(stytchtest.Age(10 * time.Minute))
	var said strings.Builder
	for _, fault := range []stytchtest.Fault{
		{}, {Status: 500}, {Status: 400, ErrorType: "bad", Message: alice.Token}, {NotJSON: true}, {Reset: true},
		{Status: 401, ErrorType: "unauthorized_credentials", Message: expired}, {Status: 404, ErrorType: "session_not_found"},
	} {
		w.srv.Recover()
		w.srv.Fail(stytchtest.Authenticate, fault)
		for _, token := range []string{alice.Token, expired, forge(expired), alice.JWT()} {
			d := check(w.auth.Require(stytchkit.Fresh(0)), bearer(token))
			if d.Denial != nil {
				said.WriteString(d.Denial.Error() + string(d.Denial.Body))
			}
		}
	}
	said.WriteString(w.log.String())
	for name, secret := range map[string]string{
		"the token": alice.Token, "the JWT's signature": expired[strings.LastIndexByte(expired, '.')+1:], "the project's secret": w.srv.Secret(),
	} {
		if strings.Contains(said.String(), secret) {
			t.Errorf("%s was said:\n%s", name, said.String())
		}
	}
}

// forge changes one character in the middle of a JWT's signature.
func forge(token string) string {
	i := strings.LastIndexByte(token, '.') + 20
	c := byte('A')
	if token[i] == c {
		c = 'B'
	}
	return token[:i] + string(c) + token[i+1:]
}

func randomToken() string {
	var b [22]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
