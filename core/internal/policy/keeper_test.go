package policy

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// world is a keeper, and the project whose policy it keeps, in a bubble of time.
type world struct {
	*Keeper
	t   *testing.T
	log strings.Builder

	mu      sync.Mutex
	actions []string // of an editor on documents
	err     error
	gate    chan struct{} // answers are held until it is closed
	fetched int
}

func inWorld(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, actions: []string{"read"}}
		w.Keeper = New(Config{
			Fetch: w.fetchPolicy, Timeout: 3 * time.Second, StaleFor: time.Hour, Clock: &clock.System{},
			Log: slog.New(slog.NewTextHandler(&w.log, nil)), Tasks: tasks.New(),
		})
		defer w.Tasks.Close()
		test(t, w)
	})
}

func (w *world) fetchPolicy(ctx context.Context) (*rbac.Policy, error) {
	w.mu.Lock()
	w.fetched++
	gate, err, actions := w.gate, w.err, w.actions
	w.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return &rbac.Policy{Roles: []rbac.PolicyRole{{RoleID: "editor", Permissions: []rbac.PolicyRolePermission{
		{ResourceID: "documents", Actions: actions},
	}}}}, err
}

// answers from now on with this error, or these actions.
func (w *world) answers(err error, actions ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err, w.actions = err, actions
}

// hold keeps answers back until release.
func (w *world) hold() (release func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	gate := make(chan struct{})
	w.gate = gate
	return func() { close(gate) }
}

func (w *world) fetches(want int) {
	w.t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fetched != want {
		w.t.Errorf("the policy was fetched %d times, want %d", w.fetched, want)
	}
}

// pass lets time go by, and returns once all that it brings has been done.
func (w *world) pass(d time.Duration) {
	<-w.Clock.After(d)
	synctest.Wait()
}

// allows expects what an editor may do to documents; no action: that no policy is known.
func (w *world) allows(action string) {
	w.t.Helper()
	policy, err := w.Get(w.t.Context())
	switch {
	case action == "" && (policy != nil || !errors.Is(err, ErrNone)):
		w.t.Errorf("got %v and %v, want no policy", policy, err)
	case action != "" && (err != nil || !policy.Allows([]string{"editor"}, "documents", action)):
		w.t.Errorf("got %+v and %v, want one that allows to %s", policy, err, action)
	}
}

var errAway = errors.New("nobody answers")

func TestNothingIsFetchedUntilThePolicyIsNeeded(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		w.pass(time.Hour)
		w.fetches(0)
		w.allows("read")
		w.fetches(1)
	})
}

func TestManyFirstChecksFetchThePolicyOnceAndWaitForIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		release := w.hold()
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() { w.allows("read") })
		}
		w.fetches(1)
		gone, leave := context.WithCancel(t.Context())
		leave()
		if policy, err := w.Get(gone); policy != nil || !errors.Is(err, ErrNone) || !errors.Is(err, context.Canceled) {
			t.Errorf("for a request that is over: %v and %v, want none as it is over", policy, err)
		}
		release()
		all.Wait()
		w.fetches(1)
	})
}

func TestACheckThatLookedJustBeforeThePolicyCameDoesNotFetchItAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.allows("read")
		synctest.Wait()
		select {
		case <-w.pending().done: // what Get waits for when it has found no policy
		default:
			t.Error("it waits for another fetch")
		}
		w.fetches(1)
	})
}

func TestThePolicyIsRefreshedEveryFiveMinutes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.allows("read")
		w.answers(nil, "write")
		w.pass(5*time.Minute - time.Nanosecond)
		w.fetches(1)
		w.allows("read")
		w.pass(time.Nanosecond)
		w.fetches(2)
		w.allows("write")
		if got := w.FetchedAt(); !got.Equal(w.Clock.Now()) {
			t.Errorf("it was fetched at %v, want %v", got, w.Clock.Now())
		}
	})
}

func TestThePolicyIsRefreshedOnDemand(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.allows("read")
		w.answers(nil, "write")
		if err := w.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.allows("write")
		w.answers(errAway)
		if err := w.Refresh(t.Context()); !errors.Is(err, errAway) {
			t.Errorf("got %v, want %v", err, errAway)
		}
		w.allows("write")
	})
}

func TestAPolicyIsServedStaleUpToABound(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		w.allows("read")
		w.answers(errAway)
		w.pass(time.Hour)
		w.allows("read")
		w.pass(time.Nanosecond)
		w.allows("")
	})
}

// The first pause is within a fifth below a second, and they double up to a minute.
func TestFetchesThatFailAreRepeatedWithBackoff(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.answers(errAway)
		w.Start()
		failed := w.Clock.Now()
		for failures, pause := 1, time.Second; failures <= 9; failures++ {
			w.fetches(failures)
			w.pass(pause*4/5 - time.Nanosecond - w.Clock.Now().Sub(failed))
			w.fetches(failures)
			w.pass(pause/5 + time.Nanosecond)
			w.fetches(failures + 1)
			failed = w.lastFailed()
			pause = min(2*pause, time.Minute)
		}
		w.answers(nil, "read")
		w.pass(time.Minute)
		w.allows("read")
		if got := w.log.String(); strings.Count(got, "retrying") != 1 || strings.Count(got, "fetched again") != 1 {
			t.Errorf("one outage was logged as\n%s", got)
		}
	})
}

func (w *world) lastFailed() time.Time {
	w.Keeper.mu.Lock()
	defer w.Keeper.mu.Unlock()
	return w.failed
}

func TestAFetchEndsAfterItsTimeout(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.hold()
		began := w.Clock.Now()
		w.allows("")
		if took := w.Clock.Now().Sub(began); took != w.Timeout {
			t.Errorf("it took %v, want %v", took, w.Timeout)
		}
	})
}

// In an outage every check looks for a policy.
func TestChecksInAnOutageCallRarelyAndStartNothingThatStays(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.answers(errAway)
		w.allows("")
		synctest.Wait()
		before := w.Tasks.Running()
		for range 200 {
			w.allows("")
		}
		synctest.Wait()
		w.fetches(1)
		if got := w.Tasks.Running(); got != before || got > 1 {
			t.Errorf("after 200 checks without a policy %d goroutines run, want %d as after the first", got, before)
		}
		w.pass(time.Second) // past the first pause a check asks for itself
		w.allows("")
		w.fetches(2)
	})
}

func TestAfterCloseThereIsNoWaiting(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		w.Tasks.Close()
		w.allows("")
		w.fetches(0)
	})
}

func TestCloseEndsAFetchThatHangsAndLogsNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.hold()
		refreshed := make(chan error, 1)
		go func() { refreshed <- w.Refresh(t.Context()) }()
		w.fetches(1)
		w.Tasks.Close()
		if err := <-refreshed; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that the fetch was cut short", err)
		}
		if w.log.Len() > 0 {
			t.Errorf("logged\n%s", w.log.String())
		}
	})
}
