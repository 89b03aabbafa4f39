package watch_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
	"github.com/stytchkit/stytchkit/core/internal/watch"
)

// subject is nothing but what happens when it is closed.
type subject func(connections []int)

func (subject) Look(context.Context, []int) time.Duration { return time.Hour }
func (s subject) Close(connections []int)                 { s(connections) }

// While all end because the Authenticator is closed, another begins: nobody would look at it any more.
func TestNoConnectionBeginsWhereNobodyLooksAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		group := tasks.New()
		watches := watch.New[int](&clock.System{}, group, 1)
		names := watch.Names{Key: endings.Session("a")}
		closed, late := 0, true
		var s subject
		s = func(connections []int) {
			closed = len(connections)
			late = watches.Add(names, 2, func() watch.Subject[int] { return s })
		}
		if !watches.Add(names, 1, func() watch.Subject[int] { return s }) {
			t.Fatal("there is no room")
		}
		synctest.Wait()
		group.Close()
		if closed != 1 || late || watches.Size() != 0 {
			t.Errorf("%d were ended, the late one is watched: %v, %d subjects; want 1, false, 0", closed, late, watches.Size())
		}
	})
}
