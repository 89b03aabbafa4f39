package stytchkit_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Each limit in time is looked at on either side of it.
func TestWhatIsRememberedHoldsForSoLong(t *testing.T) {
	const leeway = 5 * time.Second
	for _, row := range []struct {
		name   string
		rules  []stytchkit.Rule
		before func(w *world, alice *stytchtest.Session)
		after  time.Duration // since the JWT was minted and first seen
		source stytchkit.Source
		code   string
	}{
		{"a session is remembered", nil, nil, time.Second, "cache", ""},
		{"up to the freshness and the leeway", []stytchkit.Rule{stytchkit.Fresh(time.Minute)}, nil, time.Minute + leeway, "cache", ""},
		{"and not beyond", []stytchkit.Rule{stytchkit.Fresh(time.Minute)}, nil, time.Minute + leeway + time.Nanosecond, "stytch", ""},
		{"up to exp and the leeway, however wide the freshness", []stytchkit.Rule{stytchkit.Fresh(time.Hour)}, nil, 5*time.Minute + leeway - time.Nanosecond, "cache", ""},
		{"and not beyond exp", []stytchkit.Rule{stytchkit.Fresh(time.Hour)}, nil, 5*time.Minute + leeway, "stytch", ""},
		{"Fresh(0) asks every time", []stytchkit.Rule{stytchkit.Fresh(0)}, nil, time.Second, "stytch", ""},
		{"an ended session is remembered until somebody hears of it", nil, func(_ *world, alice *stytchtest.Session) { alice.End() }, time.Second, "cache", ""},
		{"a session that was ended here is not", nil, func(w *world, alice *stytchtest.Session) {
			if _, err := endSession(w.auth, bearer(alice.JWT(stytchtest.Age(time.Minute)))); err != nil {
				panic(err)
			}
		}, time.Second, "", "session_ended"},
		{"a session that Stytch called over, about another of its JWTs, is not", nil, func(w *world, alice *stytchtest.Session) {
			alice.End()
			check(w.auth.Require(stytchkit.Fresh(0)), bearer(alice.JWT(stytchtest.Age(time.Minute))))
		}, time.Second, "", "session_ended"},
		{"a session that Stytch called over by its opaque token still is", nil, func(w *world, alice *stytchtest.Session) {
			alice.End()
			check(w.auth.Require(), bearer(alice.Token))
		}, time.Second, "cache", ""},
		{"a session whose key left is undecided until the keys are fetched again", nil, func(w *world, alice *stytchtest.Session) {
			w.srv.RotateKeys()
			w.srv.DropOldKeys()
			check(w.auth.Require(), bearer(alice.Token)) // its answer's JWT tells of the rotation
			w.idle()
		}, time.Second, "", "stytch_unavailable"},
		{"a session whose key stays while another comes is remembered", nil, func(w *world, alice *stytchtest.Session) {
			w.srv.RotateKeys()
			check(w.auth.Require(), bearer(alice.Token))
			w.idle()
		}, time.Second, "cache", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			alice := w.member("alice@example.com")
			r := bearer(alice.JWT())
			guard := w.auth.Require(row.rules...)
			if d := check(w.auth.Require(), r); d.Source != stytchkit.FromJWT {
				t.Fatalf("first seen: got %q (%v), want jwt", d.Source, d.Denial)
			}
			if row.before != nil {
				row.before(w, alice)
			}
			w.clock.Advance(row.after)
			if d := check(guard, r); d.Source != row.source || code(d) != row.code || (row.code == "" && d.Session.ID() != alice.ID) {
				t.Errorf("after %v: got %q of %v with code %q, want %q with code %q", row.after, d.Source, d.Session, code(d), row.source, row.code)
			}
		})
	}
}

func TestASessionIsRememberedNoLongerThanItLives(t *testing.T) {
	for after, want := range map[time.Duration]string{2*time.Minute - time.Nanosecond: "", 2 * time.Minute: "session_ended"} {
		w := newWorld(t)
		alice := w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithLifetime(2 * time.Minute))
		r := bearer(alice.JWT())
		check(w.auth.Require(), r)
		w.clock.Advance(after)
		if d := check(w.auth.Require(), r); code(d) != want {
			t.Errorf("after %v of 2 minutes: got %q, want %q", after, code(d), want)
		}
	}
}

func TestOnlyTheExactCredentialHits(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	good := alice.JWT()
	for range 2 {
		check(w.auth.Require(), bearer(good))
	}
	for name, token := range map[string]string{
		"one character more": good + "A", "one less": good[:len(good)-1], "a forged signature": forge(good), "another's": bob.JWT(),
	} {
		if d := check(w.auth.Require(), bearer(token)); d.Source == stytchkit.FromCache || d.Session.ID() == alice.ID {
			t.Errorf("%s: got %q of %v", name, d.Source, d.Session)
		}
	}
}

func TestAForgedPayloadWithARememberedSignatureIsRefused(t *testing.T) {
	w := newWorld(t)
	guard := w.auth.Require()
	alices, bobs := w.member("alice@example.com").JWT(), w.member("bob@example.com").JWT()
	check(guard, bearer(alices))
	payload := strings.Split(bobs, ".")[1]
	parts := strings.Split(alices, ".")
	if d := check(guard, bearer(parts[0]+"."+payload+"."+parts[2])); code(d) != "session_invalid" {
		t.Errorf("bob's payload with alice's signature: got %q and %v, want session_invalid", code(d), d.Session)
	}
}

func TestTheMemoryOfSessionsCanBeTurnedOffAndIsBounded(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.Sessions = -1 })
	r := bearer(w.member("alice@example.com").JWT())
	for range 2 {
		if d := check(w.auth.Require(), r); d.Source != stytchkit.FromJWT {
			t.Errorf("turned off: got %q, want jwt", d.Source)
		}
	}
	small := w.authenticator(func(c *stytchkit.Config) { c.Limits.Sessions = 10 })
	if err := small.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		check(small.Require(), bearer(w.member(fmt.Sprintf("m%d@example.com", i)).JWT()))
	}
	small.CleanUp()
	if got := small.Health().Sessions; got > 10 {
		t.Errorf("%d sessions are remembered, want at most 10", got)
	}
}

func TestAnAnswerAboutAnExpiredJWTIsRememberedForTheFreshness(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	expired := alice.JWT(stytchtest.Age(10 * time.Minute))
	for i, row := range []struct {
		advance time.Duration
		calls   int
	}{{0, 1}, {time.Second, 1}, {5*time.Minute + 4*time.Second, 1}, {time.Second, 2}, {time.Minute, 2}} {
		w.clock.Advance(row.advance)
		d := check(w.auth.Require(), bearer(expired))
		if d.Session.ID() != alice.ID || w.asked() != row.calls {
			t.Errorf("request %d: got %v after %d calls, want alice after %d", i, d.Denial, w.asked(), row.calls)
		}
	}
	byCookie := check(w.auth.Require(), request(jwtCookie(expired), tokenCookie(alice.Token)))
	if byCookie.Source != stytchkit.FromCache || setCookies(byCookie) != "set" {
		t.Errorf("a browser that still presents it: got %q and cookies %s, want the answer's cookies from memory", byCookie.Source, setCookies(byCookie))
	}
}

func TestARefusalIsRememberedForAMinute(t *testing.T) {
	for name, fault := range map[string]stytchtest.Fault{
		"over":    {Status: 404, ErrorType: "session_not_found"},
		"refused": {Status: 400, ErrorType: "invalid_session_token"},
	} {
		w := newWorld(t)
		alice := w.member("alice@example.com")
		w.srv.Fail(stytchtest.Authenticate, fault)
		for range 50 {
			if d := check(w.auth.Require(), bearer(alice.Token)); d.Denial == nil {
				t.Fatalf("%s: let in", name)
			}
		}
		w.clock.Advance(time.Minute - time.Nanosecond)
		check(w.auth.Require(), bearer(alice.Token))
		if w.asked() != 1 {
			t.Errorf("%s: 51 requests within a minute made %d calls, want 1", name, w.asked())
		}
		w.clock.Advance(time.Nanosecond)
		check(w.auth.Require(), bearer(alice.Token))
		if w.asked() != 2 {
			t.Errorf("%s: after a minute %d calls, want 2", name, w.asked())
		}
	}
}

func TestRefusalsCannotPushSessionsOut(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) {
		c.Limits.Sessions, c.Limits.Refusals, c.Limits.UnprovenPerSecond, c.Limits.UnprovenBurst = 10, 10, 100_000, 100_000
	})
	r := bearer(w.member("alice@example.com").JWT())
	check(w.auth.Require(), r)
	for range 500 {
		check(w.auth.Require(), bearer(randomToken()))
	}
	w.auth.CleanUp()
	if d := check(w.auth.Require(), r); d.Source != stytchkit.FromCache {
		t.Errorf("after 500 dead tokens alice comes from %q, want cache", d.Source)
	}
}

func TestStaleWhileRevalidate(t *testing.T) {
	const leeway = 5 * time.Second
	rules := []stytchkit.Rule{stytchkit.Fresh(time.Minute), stytchkit.Stale(10 * time.Minute)}
	for _, row := range []struct {
		name   string
		after  time.Duration
		source stytchkit.Source
		asked  bool
	}{
		{"within the freshness nobody is asked", time.Minute + leeway, "cache", false},
		{"past it the session is served, and Stytch asked behind", time.Minute + leeway + time.Nanosecond, "cache", true},
		{"past the JWT's own life too", 6 * time.Minute, "cache", true},
		{"to the end of the window", 11*time.Minute + leeway, "cache", true},
		{"beyond it Stytch is asked first", 11*time.Minute + leeway + time.Nanosecond, "stytch", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			alice := w.member("alice@example.com")
			r := request(jwtCookie(alice.JWT()), tokenCookie(alice.Token))
			guard := w.auth.Require(rules...)
			check(guard, r)
			w.clock.Advance(row.after)
			d := check(guard, r)
			if d.Session.ID() != alice.ID || d.Source != row.source || d.FromCache != (row.source == "cache") {
				t.Errorf("got %v from %q, FromCache %v; want alice from %q", d.Denial, d.Source, d.FromCache, row.source)
			}
			w.idle()
			if got := w.asked() > 0; got != row.asked {
				t.Errorf("Stytch was asked %d times", w.asked())
			}
			if row.asked && row.source == "cache" {
				next := check(guard, r)
				if next.Source != "cache" || setCookies(next) != "set" || !next.Session.VouchedAt().Equal(w.clock.Now()) {
					t.Errorf("the next request: got %q, cookies %s, vouched %v; want the fresh answer and its cookies", next.Source, setCookies(next), next.Session.VouchedAt())
				}
			}
		})
	}
}

func TestAStaleSessionThatIsOverIsServedOnceAndNoMore(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	guard := w.auth.Require(stytchkit.Fresh(time.Minute), stytchkit.Stale(10*time.Minute))
	r := request(jwtCookie(alice.JWT()))
	check(guard, r)
	alice.End()
	w.clock.Advance(2 * time.Minute)
	if d := check(guard, r); d.Session.ID() != alice.ID {
		t.Fatalf("the first: %v", d.Denial)
	}
	w.idle()
	if d := check(guard, r); code(d) != "session_ended" || setCookies(d) != "cleared" {
		t.Errorf("the next: got %q, cookies %s, want session_ended and cleared", code(d), setCookies(d))
	}
}

func TestAStaleSessionIsServedThroughAnOutageWithFewCalls(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	guard := w.auth.Require(stytchkit.Fresh(time.Minute), stytchkit.Stale(10*time.Minute))
	r := request(jwtCookie(alice.JWT()))
	check(guard, r)
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
	w.clock.Advance(2 * time.Minute)
	for range 100 {
		if d := check(guard, r); d.Session.ID() != alice.ID || len(d.Cookies) != 0 {
			t.Fatalf("during the outage: %v", d.Denial)
		}
	}
	w.idle()
	if w.asked() != 1 {
		t.Errorf("100 requests asked %d times, want once", w.asked())
	}
}

func TestStaleContradictsFreshZero(t *testing.T) {
	w := newWorld(t)
	defer func() {
		if recover() == nil {
			t.Error("Fresh(0) and Stale went together")
		}
	}()
	w.auth.Require(stytchkit.Stale(time.Minute), stytchkit.Fresh(0))
}

func TestUnknownTokensAreRationedAndMembersAreNot(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.UnprovenPerSecond, c.Limits.UnprovenBurst = 10, 20 })
	guard := w.auth.Require()
	count := func() map[string]int {
		codes := map[string]int{}
		for range 100 {
			codes[code(check(guard, bearer(randomToken())))]++
		}
		return codes
	}
	proven := w.member("proven@example.com")
	check(guard, bearer(proven.Token))
	if got := count(); got["session_ended"] != 19 || got["stytch_unavailable"] != 81 {
		t.Errorf("a burst of 100: %v, want 19 asked and the rest rationed", got)
	}
	w.clock.Advance(time.Second)
	if got := count(); got["session_ended"] != 10 || got["stytch_unavailable"] != 90 {
		t.Errorf("a second later: %v, want 10 more", got)
	}
	if d := check(guard, bearer(proven.Token)); d.Session.ID() != proven.ID {
		t.Errorf("a token that Stytch confirmed: %v", d.Denial)
	}
	for i := range 50 {
		alice := w.member(fmt.Sprintf("m%d@example.com", i))
		if d := check(guard, bearer(alice.JWT(stytchtest.Age(10*time.Minute)))); d.Session.ID() != alice.ID {
			t.Errorf("a member with a signed, expired JWT: %v", d.Denial)
		}
	}
}

func TestTheBreakerOpensOnFailuresAndNotOnRefusals(t *testing.T) {
	for _, row := range []struct {
		name  string
		fault stytchtest.Fault
		state string
	}{
		{"500 opens it", stytchtest.Fault{Status: 500}, "open"},
		{"a proxy's page opens it", stytchtest.Fault{NotJSON: true}, "open"},
		{"404 does not", stytchtest.Fault{Status: 404, ErrorType: "session_not_found"}, "closed"},
		{"429 does not", stytchtest.Fault{Status: 429, ErrorType: "too_many_requests"}, "closed"},
		{"401 does not", stytchtest.Fault{Status: 401, ErrorType: "unauthorized_credentials"}, "closed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.srv.Fail(stytchtest.Authenticate, row.fault)
			for range 30 {
				alice := w.member("a@example.com")
				check(w.auth.Require(), bearer(alice.JWT(stytchtest.Age(10*time.Minute))))
			}
			if got := w.auth.Health(); got.Proven != row.state || got.Unproven != "closed" {
				t.Errorf("the breakers are %+v, want %s for members and closed for unknown tokens", got, row.state)
			}
			if row.state == "open" && w.asked() != 10 {
				t.Errorf("%d calls before it opened, want 10", w.asked())
			}
		})
	}
}

func TestWaitersThroughAnOutageMakeNoStampede(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.Calls = 8 })
	guard := w.auth.Require()
	var tokens []string
	for i := range 200 {
		tokens = append(tokens, w.member(fmt.Sprintf("m%d@example.com", i)).JWT(stytchtest.Age(10*time.Minute)))
	}
	hold := w.srv.Hold(stytchtest.Authenticate)
	var wg sync.WaitGroup
	for _, token := range tokens {
		wg.Go(func() { check(guard, bearer(token)) })
	}
	if err := hold.Waiting(within(t, 5*time.Second), 8); err != nil {
		t.Fatal(err)
	}
	if w.asked() != 8 {
		t.Errorf("%d calls are in flight, want 8", w.asked())
	}
	hold.Release()
	wg.Wait()
}

// told keeps what an observer hears.
type told struct {
	mu    sync.Mutex
	lines []string
}

func (o *told) add(v any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lines = append(o.lines, fmt.Sprintf("%+v", v))
}
func (o *told) Decided(_ context.Context, e stytchkit.DecisionMade) { o.add(e) }
func (o *told) Called(_ context.Context, e stytchkit.CallMade) {
	if e.About == "policy" {
		return // fetched beside the keys, in no order
	}
	if e.RequestID != "" {
		e.RequestID = "one of Stytch's"
	}
	o.add(e)
}
func (o *told) KeysFetched(e stytchkit.KeysFetch)        { o.add(e) }
func (o *told) BreakerChanged(e stytchkit.BreakerChange) { o.add(e) }

func TestTheObserverHearsOfEverything(t *testing.T) {
	o := &told{}
	w := newWorld(t, func(c *stytchkit.Config) { c.Observer = o })
	alice := w.member("alice@example.com")
	check(w.auth.Require(), bearer(alice.JWT()))
	check(w.auth.Require(), bearer(alice.Token))
	check(w.auth.Require(), request())
	check(w.auth.Optional(), request())
	o.mu.Lock()
	defer o.mu.Unlock()
	want := []string{
		"{Keys:1 Err:<nil> Duration:0s}",
		"{Code: Source:jwt Allowed:true Duration:0s}",
		"{Lane:unproven About:session Outcome:alive Cause: Method:POST Server:127.0.0.1 Route:/v1/b2b/sessions/authenticate Status:200 ErrorType: RequestID: Duration:0s}",
		"{Code: Source:stytch Allowed:true Duration:0s}",
		"{Code:session_missing Source: Allowed:false Duration:0s}",
		"{Code:session_missing Source: Allowed:true Duration:0s}",
	}
	if fmt.Sprint(o.lines) != fmt.Sprint(want) {
		t.Errorf("heard\n%v\nwant\n%v", o.lines, want)
	}
}

type panicking struct{}

func (panicking) Decided(context.Context, stytchkit.DecisionMade) { panic("decided") }
func (panicking) Called(context.Context, stytchkit.CallMade)      { panic("called") }
func (panicking) KeysFetched(stytchkit.KeysFetch)                 { panic("keys") }
func (panicking) BreakerChanged(stytchkit.BreakerChange)          { panic("breaker") }
func (panicking) EventHeard(stytchkit.EventHeard)                 { panic("heard") }
func (panicking) Started(*stytchkit.Authenticator)                { panic("started") }
func (panicking) Calling(_, _ context.Context, _ string) context.Context {
	panic("calling")
}

func TestAnObserverThatPanicsHarmsNobody(t *testing.T) {
	c := newCluster(t)
	bus := c.buses[0].Another()
	observed := c.join(bus, func(cfg *stytchkit.Config) { cfg.Observer = panicking{} })
	alice := c.member("alice@example.com")
	if d := check(observed.Require(), bearer(alice.Token)); d.Session.ID() != alice.ID {
		t.Errorf("got %v, want alice", d.Denial)
	}
	c.nodes[0].Announce(stytchkit.SessionEnded(alice.ID))
	c.until("it hears of it", func() bool { return code(check(observed.Require(), bearer(alice.JWT()))) == "session_ended" })
	if !observed.Health().Replicas.Connected {
		t.Error("what the observer does to an event is taken for the bus's fault")
	}
}

func TestStaleNeedsTheMemoryOfSessions(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.Sessions = -1 })
	r := bearer(w.member("alice@example.com").JWT())
	w.clock.Advance(2 * time.Minute)
	for range 3 {
		if d := check(w.auth.Require(stytchkit.Fresh(time.Minute), stytchkit.Stale(time.Hour)), r); d.Source != stytchkit.FromStytch {
			t.Errorf("got %q, want stytch: without memory every request would ask again behind", d.Source)
		}
	}
}
