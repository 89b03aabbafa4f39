package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	ws "github.com/fasthttp/websocket"
	"github.com/gofiber/contrib/v3/websocket"
	"github.com/gofiber/fiber/v3"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// The two functions below are samples of docs/live.md, as they stand there.

func serveWebSocket(c fiber.Ctx) error {
	live, stop := stytchkit.Live(c.Context()) // before the upgrade: then c is another request's
	err := websocket.New(func(conn *websocket.Conn) {
		defer stop()
		defer context.AfterFunc(live, func() {
			var denial *stytchkit.Denial
			if errors.As(context.Cause(live), &denial) {
				soon := time.Now().Add(5 * time.Second)
				_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(denial.CloseCode(), denial.Code), soon)
				_ = conn.SetReadDeadline(soon)
			}
		})()
		for {
			kind, message, err := conn.ReadMessage()
			if err != nil {
				return
			}
			_ = conn.WriteMessage(kind, message)
		}
	})(c)
	if err != nil {
		stop()
	}
	return err
}

func serveEvents(c fiber.Ctx) error {
	c.Set("Content-Type", "text/event-stream")
	if c.Method() == fiber.MethodHead {
		return nil // as above
	}
	live, stop := stytchkit.Live(c.Context()) // the stream is written when c is another request's
	return c.SendStreamWriter(func(w *bufio.Writer) {
		defer stop()
		_, _ = w.WriteString("event: hello\ndata: {}\n\n")
		if w.Flush() != nil {
			return
		}
		<-live.Done()
		var denial *stytchkit.Denial
		if errors.As(context.Cause(live), &denial) {
			_, _ = fmt.Fprintf(w, "event: denied\ndata: {\"code\":%q}\n\n", denial.Code)
		}
	})
}

// served is an application of one route that lives long.
func served(handler fiber.Handler) func(*stytchkit.Authenticator) adaptertest.Server {
	return func(auth *stytchkit.Authenticator) adaptertest.Server {
		app := fiber.New(fiber.Config{ReadBufferSize: 16 << 10})
		app.Get("/", stytchfiber.Require(auth), handler)
		return server{app}
	}
}

type server struct{ app *fiber.App }

func (s server) Serve(l net.Listener) error { return listener(s.app)(l) }
func (s server) Close() error               { return s.app.Shutdown() }

func dial(ctx context.Context, url string, header http.Header) (adaptertest.Conn, error) {
	conn, res, err := ws.DefaultDialer.DialContext(ctx, url, header)
	if res != nil {
		_ = res.Body.Close()
	}
	return conn, err
}

func TestAWebSocketEndsWithItsSession(t *testing.T) {
	adaptertest.RunWebSocket(t, served(serveWebSocket), dial)
}

func TestAStreamOfEventsEndsWithItsSession(t *testing.T) {
	adaptertest.RunEvents(t, served(serveEvents))
}

// Take the session before the upgrade: a connection outlives its fiber.Ctx.
func TestAWebSocketsUpgradeSetsCookies(t *testing.T) {
	m := adaptertest.Remember(t)
	address := adaptertest.Serve(t, served(func(c fiber.Ctx) error {
		session := stytchfiber.Session(c)
		return websocket.New(func(conn *websocket.Conn) {
			_ = conn.WriteMessage(websocket.TextMessage, []byte(session.ID()))
		})(c)
	})(m.Auth))
	stale := m.Session.Request(http.MethodGet, "/", stytchtest.Age(10*time.Minute))
	conn, res, err := ws.DefaultDialer.DialContext(t.Context(), "ws://"+address+"/", stale.Header)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var tokens []string
	for _, c := range res.Cookies() {
		if c.Name == "stytch_session" {
			tokens = append(tokens, c.Value)
		}
	}
	if res.StatusCode != http.StatusSwitchingProtocols || len(tokens) != 1 || tokens[0] != m.Session.Token || res.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the upgrade is answered %d with %v, want 101 with the member's cookies", res.StatusCode, res.Header)
	}
	if _, text, err := conn.ReadMessage(); err != nil || string(text) != m.Session.ID {
		t.Errorf("read %q, %v, want the session's ID", text, err)
	}
}
