package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	ws "github.com/fasthttp/websocket"
	"github.com/gofiber/contrib/v3/websocket"
	"github.com/gofiber/fiber/v3"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
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

// connected is an application of one route that lives long, and a member's session.
type connected struct {
	*testing.T
	auth    *stytchkit.Authenticator
	address string
	session *stytchtest.Session
}

func connect(t *testing.T, serve fiber.Handler) connected {
	stytch := stytchtest.Start(t)
	config := stytch.Config()
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	if err := auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	app := fiber.New(fiber.Config{ReadBufferSize: 16 << 10})
	app.Get("/", stytchfiber.Require(auth), serve)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = listener(app)(l) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	return connected{t, auth, l.Addr().String(), stytch.AddMember(stytchtest.Member{}).SignIn()}
}

// request has the session's cookies.
func (w connected) request(options ...stytchtest.JWTOption) *http.Request {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodGet, "http://"+w.address+"/", http.NoBody)
	if err != nil {
		w.Fatal(err)
	}
	for _, c := range w.session.Cookies(options...) {
		r.AddCookie(c)
	}
	return r
}

func (w connected) dial(options ...stytchtest.JWTOption) (*ws.Conn, *http.Response) {
	w.Helper()
	conn, res, err := ws.DefaultDialer.DialContext(w.Context(), "ws://"+w.address+"/", w.request(options...).Header)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { _ = conn.Close() })
	return conn, res
}

func (w connected) signOut() {
	w.Helper()
	if _, err := w.auth.EndSession(w.Context(), stytchkit.HTTPRequest{R: w.session.BearerRequest(http.MethodPost, "/")}); err != nil {
		w.Error(err)
	}
}

func (w connected) nothingIsWatched() {
	w.Helper()
	for deadline := time.Now().Add(5 * time.Second); w.auth.Health().Connections > 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			w.Fatalf("%d sessions are watched, for connections that have ended", w.auth.Health().Connections)
		}
	}
}

func TestAWebSocketEndsWithItsSession(t *testing.T) {
	w := connect(t, serveWebSocket)
	conn, _ := w.dial()
	if err := conn.WriteMessage(ws.TextMessage, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, text, err := conn.ReadMessage(); err != nil || string(text) != "hello" {
		t.Fatalf("read %q, %v", text, err)
	}
	w.signOut()
	var closed *ws.CloseError
	if _, _, err := conn.ReadMessage(); !errors.As(err, &closed) || closed.Code != 4401 || closed.Text != stytchkit.CodeSessionEnded {
		t.Errorf("after the sign-out: %v, want it closed by 4401 session_ended", err)
	}
	w.nothingIsWatched()
}

// Each request that is no upgrade leaves nothing behind.
func TestWhatIsNoUpgradeIsNotWatched(t *testing.T) {
	w := connect(t, serveWebSocket)
	res, err := http.DefaultClient.Do(w.request())
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // only the status counts
	if res.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("status %d, want 426", res.StatusCode)
	}
	w.nothingIsWatched()
}

func TestAStreamOfEventsEndsWithItsSession(t *testing.T) {
	w := connect(t, serveEvents)
	res, err := http.DefaultClient.Do(w.request())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	if !lines.Scan() || lines.Text() != "event: hello" {
		t.Fatalf("it begins with %q, %v", lines.Text(), lines.Err())
	}
	w.signOut()
	var rest []string
	for lines.Scan() {
		rest = append(rest, lines.Text())
	}
	if got := strings.Join(rest, "\n"); lines.Err() != nil || !strings.Contains(got, "event: denied\ndata: {\"code\":\"session_ended\"}") {
		t.Errorf("it ends with %q, %v", got, lines.Err())
	}
	w.nothingIsWatched()
}

// Take the session before the upgrade: a connection outlives its fiber.Ctx.
func TestAWebSocketsUpgradeSetsCookies(t *testing.T) {
	w := connect(t, func(c fiber.Ctx) error {
		session := stytchfiber.Session(c)
		return websocket.New(func(conn *websocket.Conn) {
			_ = conn.WriteMessage(websocket.TextMessage, []byte(session.ID()))
		})(c)
	})
	conn, res := w.dial(stytchtest.Age(10 * time.Minute))
	var tokens []string
	for _, c := range res.Cookies() {
		if c.Name == "stytch_session" {
			tokens = append(tokens, c.Value)
		}
	}
	if res.StatusCode != http.StatusSwitchingProtocols || len(tokens) != 1 || tokens[0] != w.session.Token || res.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the upgrade is answered %d with %v, want 101 with the member's cookies", res.StatusCode, res.Header)
	}
	if _, text, err := conn.ReadMessage(); err != nil || string(text) != w.session.ID {
		t.Errorf("read %q, %v, want the session's ID", text, err)
	}
}
