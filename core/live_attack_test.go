package stytchkit_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// A page that polls beside its connection keeps Stytch from being asked about the connection. What its
// requests find out counts for the connection all the same.
func TestLiveHearsOfARoleThatOtherRequestsFindGone(t *testing.T) {
	w := newLiveWorld(t)
	alice := w.member("alice@example.com", "editor")
	editing, _ := w.connect(w.auth.Require(stytchkit.Role("editor")), bearer(alice.JWT()))
	reading, _ := w.connect(w.auth.Require(), bearer(alice.JWT()))
	w.srv.AddMember(stytchtest.Member{Email: "alice@example.com"}) // an editor no longer
	for range 2 {
		w.clock.Advance(4 * time.Minute)
		if d := check(w.auth.Require(), bearer(alice.JWT())); d.Denial != nil {
			t.Fatal(d.Denial)
		}
	}
	ends(t, editing, stytchkit.CodePermissionDenied, 4403)
	if reading.Err() != nil {
		t.Errorf("no rule asks for the role, and it ended: %v", context.Cause(reading))
	}
	if w.asked() != 0 {
		t.Errorf("%d calls, want none: the JWTs are newer", w.asked())
	}
}

// Nothing but the token's own bytes says at a sign-out whose session it is where that is remembered no more.
func TestLiveEndsAtOnceWithASignOutByATokenThatIsForgotten(t *testing.T) {
	for name, limits := range map[string]stytchkit.Limits{
		"no sessions are remembered":       {Sessions: -1},
		"that it is proven is not, either": {Sessions: -1, ProvenTokens: 1},
	} {
		w := newLiveWorld(t, func(c *stytchkit.Config) { c.Limits = limits })
		alice := w.member("alice@example.com")
		guard := w.auth.Require()
		live, _ := w.connect(guard, request(tokenCookie(alice.Token)))
		for range 8 {
			check(guard, request(tokenCookie(w.member("bob@example.com").Token)))
		}
		if _, err := endSession(w.auth, request(tokenCookie(alice.Token))); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		ends(t, live, stytchkit.CodeSessionEnded, 4401)
	}
}

// A page that has nothing but its connection hears nothing of a session that another process extends.
func TestLiveAsksWhetherASessionThatExpiresWasExtendedElsewhere(t *testing.T) {
	w := newLiveWorld(t)
	alice := w.member("alice@example.com")
	w.clock.Set(alice.ExpiresAt().Add(-2 * time.Minute))
	live, _ := w.connect(w.auth.Require(), bearer(alice.JWT()))
	elsewhere := w.authenticator(func(c *stytchkit.Config) { c.ExtendBy = 10 * time.Minute })
	if d := check(elsewhere.Require(stytchkit.Fresh(0)), bearer(alice.JWT())); d.Denial != nil {
		t.Fatal(d.Denial)
	}
	w.srv.ResetCalls()
	before := w.waits.count()
	w.clock.Advance(2 * time.Minute)
	w.until("it is to be looked at later", func() bool { return live.Err() != nil || w.waits.since(before, time.Minute, 6*time.Minute) })
	if live.Err() != nil || w.asked() != 1 {
		t.Errorf("when the session was to expire: %v, %d calls; want it to live on, by one call", context.Cause(live), w.asked())
	}
	w.clock.Set(alice.ExpiresAt())
	ends(t, live, stytchkit.CodeSessionEnded, 4401)
}

// What a connection begins with may be older than what is known of its session.
func TestLiveJudgesAConnectionByWhatIsKnownOfItsSession(t *testing.T) {
	w := newLiveWorld(t)
	alice := w.member("alice@example.com", "editor")
	older := alice.JWT()
	w.clock.Advance(4 * time.Minute)
	w.srv.AddMember(stytchtest.Member{Email: "alice@example.com"}) // an editor no longer
	reading, _ := w.connect(w.auth.Require(), request(tokenCookie(alice.Token)))
	editing, _ := w.connect(w.auth.Require(stytchkit.Role("editor")), bearer(older))
	ends(t, editing, stytchkit.CodePermissionDenied, 4403)
	if reading.Err() != nil {
		t.Errorf("no rule asks for the role, and it ended: %v", context.Cause(reading))
	}
}

func TestLiveAsksAsSeldomAsItsRouteWants(t *testing.T) {
	w := newLiveWorld(t)
	alice := w.member("alice@example.com")
	for fresh, most := range map[time.Duration]time.Duration{0: 11 * time.Second, time.Minute: 66 * time.Second, 30 * time.Minute: 33 * time.Minute} {
		before := w.waits.count()
		_, stop := w.connect(w.auth.Require(stytchkit.Fresh(fresh)), bearer(alice.JWT()))
		if !w.waits.since(before, fresh-time.Second, most) {
			t.Errorf("Fresh(%v): it is looked at at another time than after %v, or a tenth more", fresh, fresh)
		}
		stop()
		w.until("nothing is watched", func() bool { return w.watched() == 0 })
	}
}

// ahead is a clock of a server that runs before Stytch's.
type ahead struct {
	stytchkit.Clock
	by time.Duration
}

func (a ahead) Now() time.Time { return a.Clock.Now().Add(a.by) }

func TestLiveEndsASessionThatIsOverByThisClockAlone(t *testing.T) {
	const by = 2 * time.Second
	w := newLiveWorld(t, func(c *stytchkit.Config) { c.Clock = ahead{c.Clock, by} })
	alice := w.member("alice@example.com")
	w.clock.Set(alice.ExpiresAt().Add(-time.Minute))
	live, _ := w.connect(w.auth.Require(), bearer(alice.JWT()))
	w.clock.Set(alice.ExpiresAt().Add(-by))
	ends(t, live, stytchkit.CodeSessionEnded, 4401)
	if w.asked() != 1 {
		t.Errorf("%d calls, want one", w.asked())
	}
}

func TestLiveStopsWhateverIsDoneWithIt(t *testing.T) {
	w := newLiveWorld(t)
	d := check(w.auth.Require(), bearer(w.member("alice@example.com").JWT()))
	gone, leave := context.WithCancel(d.Context(t.Context()))
	leave()
	_, stopLate := stytchkit.Live(gone)
	w.until("what has gone is not watched", func() bool { return w.watched() == 0 })
	stopLate()

	outer, stopOuter := stytchkit.Live(d.Context(t.Context()))
	inner, stopInner := stytchkit.Live(outer)
	stopInner()
	stopInner()
	if inner.Err() == nil || outer.Err() != nil || w.watched() != 1 {
		t.Errorf("the inner of two has stopped: %v, %v, %d watched; want it alone to be over", inner.Err(), outer.Err(), w.watched())
	}
	stopOuter()
	w.until("nothing is watched", func() bool { return w.watched() == 0 })
}

// A sign-out may come between a request's decision and its connection.
func TestLiveIsOverFromTheStartAfterASignOut(t *testing.T) {
	w := newLiveWorld(t, func(c *stytchkit.Config) { c.Limits = stytchkit.Limits{Sessions: -1, ProvenTokens: 1} })
	for name, presented := range map[string]func(*stytchtest.Session) *http.Request{
		"by JWT":   func(s *stytchtest.Session) *http.Request { return request(jwtCookie(s.JWT())) },
		"by token": func(s *stytchtest.Session) *http.Request { return request(tokenCookie(s.Token)) },
	} {
		alice := w.member("alice@example.com")
		d := check(w.auth.Require(), presented(alice))
		if _, err := endSession(w.auth, presented(alice)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		live, stop := stytchkit.Live(d.Context(t.Context()))
		ends(t, live, stytchkit.CodeSessionEnded, 4401)
		stop()
	}
}
