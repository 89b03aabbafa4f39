package stytchkit_test

import (
	"net/http"
	"runtime"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// staleWorld is a world with a guard that serves sessions stale, and a request of a member's browser.
func staleWorld(t *testing.T) (*world, *stytchtest.Session, *stytchkit.Guard, *http.Request) {
	t.Helper()
	w := newWorld(t)
	alice := w.member("alice@example.com")
	guard := w.auth.Require(stytchkit.Fresh(time.Minute), stytchkit.Stale(10*time.Minute))
	return w, alice, guard, request(jwtCookie(alice.JWT()), tokenCookie(alice.Token))
}

// Only Stytch's word that it is over ends a session that is served stale.
func TestARevalidationThatFailsEndsNothing(t *testing.T) {
	for name, fault := range map[string]stytchtest.Fault{
		"500":               {Status: 500},
		"429":               {Status: 429, ErrorType: "too_many_requests"},
		"a refusal":         {Status: 400, ErrorType: "invalid_session_jwt"},
		"a refused project": {Status: 401, ErrorType: "unauthorized_credentials"},
		"a proxy's page":    {NotJSON: true},
		"a reset":           {Reset: true},
	} {
		t.Run(name, func(t *testing.T) {
			w, alice, guard, r := staleWorld(t)
			check(guard, r)
			w.srv.Fail(stytchtest.Authenticate, fault)
			w.clock.Advance(2 * time.Minute)
			for i := range 2 {
				if d := check(guard, r); d.Session.ID() != alice.ID || setCookies(d) != "untouched" {
					t.Errorf("request %d: got %v with cookies %s, want alice with hers untouched", i+1, d.Denial, setCookies(d))
				}
				w.idle() // the call of the first has ended
			}
		})
	}
}

func TestARevalidationThatFailedIsRepeatedAfterASecond(t *testing.T) {
	w, alice, guard, r := staleWorld(t)
	check(guard, r)
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
	for i, step := range []struct {
		advance time.Duration
		calls   int
	}{{2 * time.Minute, 1}, {0, 1}, {time.Second - time.Nanosecond, 1}, {time.Nanosecond, 2}} {
		w.clock.Advance(step.advance)
		if d := check(guard, r); d.Session.ID() != alice.ID {
			t.Errorf("step %d: %v", i+1, d.Denial)
		}
		w.idle()
		if w.asked() != step.calls {
			t.Errorf("step %d: %d calls, want %d", i+1, w.asked(), step.calls)
		}
	}
}

func TestAStaleJWTThatIsSeenFirstIsServedAndRevalidated(t *testing.T) {
	w, alice, guard, r := staleWorld(t)
	w.clock.Advance(2 * time.Minute)
	if d := check(guard, r); d.Session.ID() != alice.ID || d.Source != stytchkit.FromJWT {
		t.Errorf("got %v from %q, want alice from her JWT", d.Denial, d.Source)
	}
	w.idle()
	if w.asked() != 1 {
		t.Errorf("%d calls, want 1", w.asked())
	}
	if d := check(guard, r); !d.Session.VouchedAt().Equal(w.clock.Now()) {
		t.Errorf("the next request sees a session vouched for at %v, want now", d.Session.VouchedAt())
	}
}

// A session that ends while it is asked again in the background does not come back.
func TestAnEndedSessionIsNotRememberedByALateRevalidation(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // the background begins once this goroutine waits
	w, alice, guard, r := staleWorld(t)
	check(guard, r)
	w.clock.Advance(2 * time.Minute)
	w.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500})
	if d := check(guard, r); d.Session.ID() != alice.ID {
		t.Fatalf("served stale: %q", code(d))
	}
	if _, err := endSession(w.auth, r); err == nil {
		t.Error("want an error: Stytch cannot revoke now")
	}
	for range 1000 {
		runtime.Gosched()
	}
	deadline := within(t, 5*time.Second)
	for w.asked() == 0 && deadline.Err() == nil {
		<-time.After(time.Millisecond)
	}
	for range 100 {
		if d := check(guard, r); d.Session != nil {
			t.Fatal("a member who has signed out is let in")
		}
		<-time.After(100 * time.Microsecond)
	}
}
