package stytchkit_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// liveWorld is a world whose clock tells when a connection waits for it.
type liveWorld struct {
	*world
	waits *waits
}

func newLiveWorld(t *testing.T, configure ...func(*stytchkit.Config)) *liveWorld {
	t.Helper()
	w := &liveWorld{waits: new(waits)}
	w.world = newWorld(t, append(configure, func(c *stytchkit.Config) { w.waits.Clock, c.Clock = c.Clock, w.waits })...)
	w.idle()
	return w
}

// connect lets a request in, and begins a connection in it that waits for the clock.
func (w *liveWorld) connect(g *stytchkit.Guard, r *http.Request) (context.Context, context.CancelFunc) {
	w.t.Helper()
	d := check(g, r)
	if d.Denial != nil {
		w.t.Fatal(d.Denial)
	}
	before := w.waits.count()
	live, stop := stytchkit.Live(d.Context(w.t.Context()))
	w.t.Cleanup(stop)
	if d.Session != nil || d.Token != nil {
		w.until("it is looked at", func() bool { return live.Err() != nil || w.waits.count() > before })
	}
	return live, stop
}

// ends waits for a connection to end, for this reason.
func ends(t *testing.T, live context.Context, code string, closeCode int) {
	t.Helper()
	select {
	case <-live.Done():
	case <-within(t, 5*time.Second).Done():
		t.Fatalf("the connection lives on, want it ended for %s", code)
	}
	var denial *stytchkit.Denial
	if !errors.As(context.Cause(live), &denial) || denial.Code != code || denial.CloseCode() != closeCode {
		t.Errorf("it ended for %v, want %s, %d", context.Cause(live), code, closeCode)
	}
}

func (w *world) until(what string, is func() bool) {
	w.t.Helper()
	for deadline := within(w.t, 5*time.Second); !is(); runtime.Gosched() {
		if deadline.Err() != nil {
			w.t.Fatalf("%s: not within 5 seconds", what)
		}
	}
}

func (w *world) watched() int { return w.auth.Health().Connections }

func TestLiveEndsAllConnectionsOfASessionByOneCall(t *testing.T) {
	w := newLiveWorld(t)
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	guard := w.auth.Require()
	byCookies, _ := w.connect(guard, request(jwtCookie(alice.JWT()), tokenCookie(alice.Token)))
	byBearer, _ := w.connect(guard, bearer(alice.JWT()))
	bobs, _ := w.connect(guard, bearer(bob.JWT()))
	alice.End()
	w.clock.Advance(4 * time.Minute)
	if err := byCookies.Err(); err != nil {
		t.Errorf("within the freshness: %v", err)
	}
	w.clock.Advance(2 * time.Minute)
	ends(t, byCookies, stytchkit.CodeSessionEnded, 4401)
	ends(t, byBearer, stytchkit.CodeSessionEnded, 4401)
	w.until("bob is asked about", func() bool { return w.asked() >= 2 })
	if w.asked() != 2 {
		t.Errorf("%d calls, want one for each session", w.asked())
	}
	if err := bobs.Err(); err != nil {
		t.Errorf("bob's connection ended: %v", context.Cause(bobs))
	}
	w.until("only bob's is watched", func() bool { return w.watched() == 1 })
}

func TestLiveEndsAtOnceWithASignOutHere(t *testing.T) {
	w := newLiveWorld(t)
	guard := w.auth.Require()
	for name, signOut := range map[string]func(*stytchtest.Session) *http.Request{
		"by JWT":   func(s *stytchtest.Session) *http.Request { return request(jwtCookie(s.JWT())) },
		"by token": func(s *stytchtest.Session) *http.Request { return request(tokenCookie(s.Token)) },
	} {
		alice := w.member("alice@example.com")
		byToken, _ := w.connect(guard, request(tokenCookie(alice.Token)))
		byJWT, _ := w.connect(guard, request(jwtCookie(alice.JWT())))
		w.srv.ResetCalls()
		if _, err := endSession(w.auth, signOut(alice)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		ends(t, byToken, stytchkit.CodeSessionEnded, 4401)
		ends(t, byJWT, stytchkit.CodeSessionEnded, 4401)
		if w.asked() != 0 {
			t.Errorf("%s: %d calls", name, w.asked())
		}
	}
}

func TestLiveIsCutByNoOutageBeforeTheSessionExpires(t *testing.T) {
	w := newLiveWorld(t)
	alice := w.member("alice@example.com")
	live, _ := w.connect(w.auth.Require(), bearer(alice.JWT()))
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 503})
	for _, step := range append([]time.Duration{6 * time.Minute}, slices.Repeat([]time.Duration{time.Minute}, 12)...) {
		before := w.waits.count()
		w.clock.Advance(step)
		w.until("the session is looked at", func() bool { return w.waits.since(before, 0, time.Minute) })
	}
	if live.Err() != nil || w.asked() < 2 {
		t.Fatalf("after 18 minutes of outage and %d calls in vain: %v", w.asked(), context.Cause(live))
	}
	w.clock.Set(alice.ExpiresAt())
	ends(t, live, stytchkit.CodeSessionEnded, 4401)
}

func TestLiveNeverExtendsTheSession(t *testing.T) {
	w := newLiveWorld(t, func(c *stytchkit.Config) { c.ExtendBy = 24 * time.Hour })
	alice := w.member("alice@example.com")
	w.connect(w.auth.Require(), bearer(alice.JWT()))
	expires := alice.ExpiresAt()
	w.clock.Advance(6 * time.Minute)
	w.until("Stytch is asked", func() bool { return w.asked() == 1 })
	if got := alice.ExpiresAt(); !got.Equal(expires) {
		t.Errorf("watching moved the session's end from %v to %v", expires, got)
	}
}

func TestLiveJudgesAgainWhatMayHaveChanged(t *testing.T) {
	w := newLiveWorld(t)
	var closed atomic.Bool
	check := stytchkit.Check("account is open", func(context.Context, *stytchkit.Session) error {
		if closed.Load() {
			return errors.New("closed")
		}
		return nil
	})
	session := w.member("alice@example.com", "editor")
	open, _ := w.connect(w.auth.Require(stytchkit.AuthenticatedWithin(2*time.Minute)), bearer(session.JWT()))
	role, _ := w.connect(w.auth.Require(stytchkit.Role("editor")), bearer(session.JWT()))
	own, _ := w.connect(w.auth.Require(check), bearer(session.JWT()))
	w.srv.AddMember(stytchtest.Member{Email: "alice@example.com"}) // an editor no longer
	before := w.waits.count()
	w.clock.Advance(6 * time.Minute)
	ends(t, role, stytchkit.CodePermissionDenied, 4403)
	if own.Err() != nil {
		t.Errorf("the check is met, and it ended: %v", context.Cause(own))
	}
	closed.Store(true)
	w.until("it is to be looked at later", func() bool { return w.waits.since(before, 5*time.Minute-time.Second, 6*time.Minute) })
	w.clock.Advance(6 * time.Minute)
	ends(t, own, stytchkit.CodePermissionDenied, 4403)
	if open.Err() != nil {
		t.Errorf("a sign-in of the past cannot become older than it was, and it ended: %v", context.Cause(open))
	}
}

func TestLiveIsHeldUpByNoCheckOfTheApplication(t *testing.T) {
	w := newLiveWorld(t)
	var asked atomic.Int32
	heldUp := make(chan error, 1)
	slow := stytchkit.Check("a database that hangs", func(ctx context.Context, _ *stytchkit.Session) error {
		if asked.Add(1) == 1 {
			return nil // of the request
		}
		<-ctx.Done()
		heldUp <- context.Cause(ctx)
		return ctx.Err()
	})
	alice := w.member("alice@example.com", "editor")
	checked, _ := w.connect(w.auth.Require(slow), bearer(alice.JWT()))
	beside, _ := w.connect(w.auth.Require(stytchkit.Role("editor")), bearer(alice.JWT()))
	for vouched := range 3 {
		before := w.waits.count()
		w.clock.Advance(6 * time.Minute)
		w.until("Stytch has vouched for it again", func() bool {
			return w.asked() == vouched+1 && asked.Load() == 2 && w.waits.since(before, 4*time.Minute, 6*time.Minute)
		})
	}
	if checked.Err() != nil || beside.Err() != nil {
		t.Fatalf("while a check is under way: %v, %v", context.Cause(checked), context.Cause(beside))
	}
	if _, err := endSession(w.auth, bearer(alice.JWT())); err != nil {
		t.Fatal(err)
	}
	ends(t, beside, stytchkit.CodeSessionEnded, 4401)
	ends(t, checked, stytchkit.CodeSessionEnded, 4401)
	var denial *stytchkit.Denial
	if err := <-heldUp; !errors.As(err, &denial) || denial.Code != stytchkit.CodeSessionEnded {
		t.Errorf("the check's context ends for %v, want the connection's reason", err)
	}
}

func TestLiveAsksLaterWhereAnotherRequestHasProvedTheSession(t *testing.T) {
	w := newLiveWorld(t)
	alice := w.member("alice@example.com")
	guard := w.auth.Require()
	live, _ := w.connect(guard, bearer(alice.JWT()))
	w.clock.Advance(4 * time.Minute)
	check(guard, bearer(alice.JWT())) // a newer one
	alice.End()
	before := w.waits.count()
	w.clock.Advance(4 * time.Minute)
	w.until("5 minutes after the newer one it is looked at again", func() bool { return w.waits.since(before, time.Minute, 90*time.Second) })
	if live.Err() != nil || w.asked() != 0 {
		t.Errorf("4 minutes after Stytch had vouched for the session: %d calls, %v", w.asked(), context.Cause(live))
	}
}

// waits is a clock that tells how long it was asked to wait.
type waits struct {
	stytchkit.Clock
	mu  sync.Mutex
	all []time.Duration
}

func (w *waits) After(d time.Duration) <-chan time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, d)
	return w.Clock.After(d)
}

func (w *waits) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.all)
}

// since reports whether it was asked to wait so long, after so many other times.
func (w *waits) since(count int, least, most time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.all[count:], func(d time.Duration) bool { return least < d && d <= most })
}

func TestLiveEndsWithAnAccessToken(t *testing.T) {
	w := newLiveWorld(t)
	client := w.srv.AddM2MClient(stytchtest.M2MClient{})
	live, _ := w.connect(w.auth.RequireToken(), bearer(client.Token()))
	w.clock.Advance(59 * time.Minute)
	if err := live.Err(); err != nil {
		t.Errorf("before it expires: %v", err)
	}
	w.clock.Advance(2 * time.Minute)
	ends(t, live, stytchkit.CodeTokenInvalid, 4401)
}

func TestLiveCostsNothingWhereNobodyIsSignedIn(t *testing.T) {
	w := newLiveWorld(t)
	live, stop := w.connect(w.auth.Optional(), request())
	bare, stopBare := stytchkit.Live(t.Context())
	if w.watched() != 0 || live.Err() != nil || bare.Err() != nil {
		t.Errorf("%d are watched, %v, %v", w.watched(), live.Err(), bare.Err())
	}
	stop()
	stopBare()
	if live.Err() == nil || bare.Err() == nil {
		t.Error("a connection that has stopped lives on")
	}
}

func TestLiveRefusesWhatItCannotWatch(t *testing.T) {
	w := newLiveWorld(t, func(c *stytchkit.Config) { c.Limits.Connections = 1 })
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	guard := w.auth.Require()
	w.connect(guard, bearer(alice.JWT()))
	second, _ := w.connect(guard, bearer(alice.JWT()))
	refused, _ := w.connect(guard, bearer(bob.JWT()))
	ends(t, refused, stytchkit.CodeStytchUnavailable, 4503)
	if second.Err() != nil {
		t.Errorf("another of a watched session: %v", context.Cause(second))
	}
	w.auth.Close()
	ends(t, second, stytchkit.CodeStytchUnavailable, 4503)
}

func TestTwoThousandSessionsAreWatchedAndLeaveNothingBehind(t *testing.T) {
	const sessions, most = 2000, 12 << 10
	w := newLiveWorld(t)
	guard := w.auth.Require()
	var inside []context.Context
	for range sessions {
		d := check(guard, bearer(w.member("").JWT()))
		inside = append(inside, d.Context(t.Context()))
	}
	before, goroutines := heap(), runtime.NumGoroutine()
	stops := make([]context.CancelFunc, 0, sessions)
	for _, ctx := range inside {
		_, stop := stytchkit.Live(ctx)
		stops = append(stops, stop)
	}
	w.until("all are watched", func() bool { return w.clock.BlockUntil(t.Context(), sessions) == nil })
	if each := (heap() - before) / sessions; each > most {
		t.Errorf("a watched session holds %d bytes, want at most %d", each, most)
	}
	for _, stop := range stops {
		stop()
	}
	w.until("nothing is watched", func() bool { return w.watched() == 0 })
	w.until("no goroutine is left", func() bool { return runtime.NumGoroutine() <= goroutines })
}

// heap is what is held, stacks too.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
