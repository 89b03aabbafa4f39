package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// heartbeat is how often a stream says something: proxies cut silent ones off, and a client that has gone
// is noticed.
const heartbeat = 15 * time.Second

// Events writes the stream of GET /api/events: who is signed in, and in the end why no longer. live is that of
// [stytchkit.Live]. It returns when that is done, when the client has gone, and when the demo stops.
func (app *App) Events(live context.Context, w io.Writer, flush func() error) {
	send := func(text string) bool {
		_, err := io.WriteString(w, text)
		return err == nil && flush() == nil
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	going := send(event("hello", "subject", stytchkit.SessionFrom(live).Subject()))
	for going {
		select {
		case <-beat.C:
			going = send(": still signed in\n\n")
		case <-app.stopping:
			return
		case <-live.Done():
			var denial *stytchkit.Denial
			if errors.As(context.Cause(live), &denial) {
				send(event("denied", "code", denial.Code))
			}
			return
		}
	}
}

// event is one of a stream, with one fact.
func event(name, fact, value string) string {
	data, err := json.Marshal(map[string]string{fact: value})
	if err != nil {
		return "" // strings can be marshaled
	}
	return fmt.Sprintf("event: %s\ndata: %s\n\n", name, data)
}
