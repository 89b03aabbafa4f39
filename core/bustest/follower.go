package bustest

import (
	"context"
	"sync"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// follower is what one Follow has heard.
type follower struct {
	cancel context.CancelFunc
	done   chan struct{}
	err    error // once done

	mu      sync.Mutex
	heard   map[string]int
	caught  int
	changed chan struct{}
}

func follow(t *testing.T, bus stytchkit.Bus) *follower {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	f := &follower{cancel: cancel, done: make(chan struct{}), heard: map[string]int{}, changed: make(chan struct{})}
	go func() {
		defer close(f.done)
		f.err = bus.Follow(ctx, func(r []byte) { f.change(func() { f.heard[string(r)]++ }) }, func() { f.change(func() { f.caught++ }) })
	}()
	t.Cleanup(func() { cancel(); <-f.done })
	return f
}

func (f *follower) change(how func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	how()
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *follower) has(record string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.heard[record] > 0
}

func (f *follower) caughtUpTimes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.caught
}

// missing is how many of these were not heard yet, and when to look again.
func (f *follower) missing(records []string) (missing int, caughtUp bool, changed chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range records {
		if f.heard[r] == 0 {
			missing++
		}
	}
	return missing, f.caught > 0, f.changed
}

// holds waits until the follower has caught up, and has heard all of these.
func (f *follower) holds(t *testing.T, records ...string) {
	t.Helper()
	deadline := time.After(soon)
	for {
		missing, caughtUp, changed := f.missing(records)
		if missing == 0 && caughtUp {
			return
		}
		select {
		case <-changed:
		case <-f.done:
			t.Fatalf("Follow returned %v; %d of %d records are missing", f.err, missing, len(records))
		case <-deadline:
			t.Fatalf("after %v %d of %d records are missing, caught up: %v", soon, missing, len(records), caughtUp)
		}
	}
}

func (f *follower) hasReturned() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// returns waits for Follow to return.
func (f *follower) returns(t *testing.T) error {
	t.Helper()
	select {
	case <-f.done:
		return f.err
	case <-time.After(returnsIn):
		t.Errorf("Follow does not return within %v", returnsIn)
		f.cancel()
		<-f.done
		return f.err
	}
}
