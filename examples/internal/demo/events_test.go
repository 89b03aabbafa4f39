package demo

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

func TestEventsSayThatTheyGoOn(t *testing.T) {
	const hello, beat = "event: hello\ndata: {\"subject\":\"\"}\n\n", ": still signed in\n\n"
	for name, c := range map[string]struct {
		end  func(app *App, live context.CancelCauseFunc)
		says string
	}{
		"until the session is over": {
			func(_ *App, live context.CancelCauseFunc) { live(&stytchkit.Denial{Code: stytchkit.CodeSessionEnded}) },
			hello + beat + beat + "event: denied\ndata: {\"code\":\"session_ended\"}\n\n",
		},
		"until the client has gone": {
			func(_ *App, live context.CancelCauseFunc) { live(context.Canceled) },
			hello + beat + beat,
		},
		"until the demo stops": {
			func(app *App, _ context.CancelCauseFunc) { app.stop() },
			hello + beat + beat,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				app := &App{}
				app.stops()
				live, end := context.WithCancelCause(t.Context())
				time.AfterFunc(31*time.Second, func() { c.end(app, end) })
				var said strings.Builder
				app.Events(live, &said, func() error { return nil })
				if said.String() != c.says {
					t.Errorf("it says\n%s\nwant\n%s", said.String(), c.says)
				}
			})
		})
	}
}

func TestEventsEndWhereNobodyReadsThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flushed := 0
		new(App).Events(t.Context(), new(strings.Builder), func() error {
			if flushed++; flushed > 1 {
				return context.Canceled
			}
			return nil
		})
		if flushed != 2 {
			t.Errorf("flushed %d times, want the hello, and what was not heard any more", flushed)
		}
	})
}
