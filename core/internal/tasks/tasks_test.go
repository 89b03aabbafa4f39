package tasks_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

func TestCloseEndsEveryGoroutineAndWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := tasks.New()
		ended := 0
		if !g.Run(func(ctx context.Context) { <-ctx.Done(); ended++ }) || !g.Enter() {
			t.Fatal("an open group takes no goroutine")
		}
		if got := g.Running(); got != 2 {
			t.Errorf("%d are running, want 2", got)
		}
		closed := make(chan struct{})
		go func() {
			g.Close()
			close(closed)
		}()
		synctest.Wait()
		select {
		case <-closed:
			t.Error("Close did not wait for who has entered")
		default:
		}
		g.Leave()
		<-closed
		if ended != 1 || g.Running() != 0 || !g.Closed() || g.Context().Err() == nil {
			t.Errorf("after Close %d have ended, %d are running, closed: %v", ended, g.Running(), g.Closed())
		}
		g.Close()
		if g.Enter() || g.Run(func(context.Context) { t.Error("it ran after Close") }) {
			t.Error("a closed group took a goroutine")
		}
	})
}

func TestAPauseDoublesLessAtMostAFifth(t *testing.T) {
	const first, most = time.Second, 10 * time.Second
	for failures, want := range map[int]time.Duration{
		1: first, 2: 2 * first, 3: 4 * first, 4: 8 * first, 5: most, 16: most, 17: most, 64: most, 1 << 30: most,
	} {
		least, longest := time.Hour, time.Duration(0)
		for range 1000 {
			d := tasks.Backoff(failures, first, most)
			least, longest = min(least, d), max(longest, d)
		}
		if least < want*4/5 || longest > want || least > want*85/100 || longest < want*95/100 {
			t.Errorf("after %d failures: from %v to %v, want from %v to %v, spread", failures, least, longest, want*4/5, want)
		}
	}
}

func TestATurnIsTakenByOneAndComesAgain(t *testing.T) {
	const long = 3 * time.Second
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name  string
		pass  bool
		after time.Duration // that Stytch asked for
		again time.Duration
	}{
		{"whoever takes it has this long, and a second", false, 0, long + time.Second},
		{"in vain: after a second", true, 0, time.Second},
		{"in vain: after as long as was asked", true, 20 * time.Second, 20 * time.Second},
		{"in vain: no sooner than after a second", true, time.Millisecond, time.Second},
	} {
		var turn tasks.Turn
		if !turn.Take(now, long) || turn.Take(now, long) {
			t.Fatalf("%s: want it to be taken once", row.name)
		}
		if row.pass {
			turn.Pass(now, row.after)
		}
		if turn.Take(now.Add(row.again-time.Nanosecond), long) {
			t.Errorf("%s: it came before %v", row.name, row.again)
		}
		if !turn.Take(now.Add(row.again), long) {
			t.Errorf("%s: it did not come after %v", row.name, row.again)
		}
	}
}
