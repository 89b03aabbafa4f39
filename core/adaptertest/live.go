package adaptertest

import (
	"bufio"
	"context"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Conn is a WebSocket's client end, as gorilla/websocket and its forks have it.
type Conn interface {
	WriteMessage(kind int, message []byte) error
	ReadMessage() (kind int, message []byte, err error)
	SetCloseHandler(handle func(code int, reason string) error)
	Close() error
}

// RunWebSocket wants a WebSocket to be closed with the denial's code when its session ends, and what is no
// upgrade to be refused, and neither to leave its session watched. build makes an application that sends back
// at / what it gets there, behind a guard; dial is a client.
func RunWebSocket(t *testing.T, build func(*stytchkit.Authenticator) Server, dial func(ctx context.Context, url string, header http.Header) (Conn, error)) {
	t.Helper()
	m := Remember(t)
	address := Serve(t, build(m.Auth))
	res := m.get(t, address)
	_ = res.Body.Close() // only the status counts
	if res.StatusCode != http.StatusUpgradeRequired && res.StatusCode != http.StatusBadRequest {
		t.Errorf("what is no upgrade is answered %d", res.StatusCode)
	}
	m.nothingIsWatched(t)
	conn, err := dial(t.Context(), "ws://"+address+"/", m.byCookies().Header)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	defer time.AfterFunc(patience, func() { _ = conn.Close() }).Stop()
	const text = 1 // RFC 6455 §5.2
	if err := conn.WriteMessage(text, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, said, err := conn.ReadMessage(); err != nil || string(said) != "hello" {
		t.Fatalf("read %q, %v", said, err)
	}
	closed := ""
	conn.SetCloseHandler(func(code int, reason string) error { closed = strconv.Itoa(code) + " " + reason; return nil })
	m.signOut(t)
	if _, said, err := conn.ReadMessage(); err == nil || closed != "4401 session_ended" {
		t.Errorf("after the sign-out it says %q, is closed by %q (%v), want 4401 session_ended", said, closed, err)
	}
	m.nothingIsWatched(t)
}

// RunEvents wants a stream of events to say that its session has ended, and to end then. build makes an
// application whose stream at /, behind a guard, begins and ends as those of docs/live.md.
func RunEvents(t *testing.T, build func(*stytchkit.Authenticator) Server) {
	t.Helper()
	m := Remember(t)
	res := m.get(t, Serve(t, build(m.Auth)))
	defer func() { _ = res.Body.Close() }()
	defer time.AfterFunc(patience, func() { _ = res.Body.Close() }).Stop()
	lines := bufio.NewScanner(res.Body)
	if !lines.Scan() || lines.Text() != "event: hello" {
		t.Fatalf("it begins with %q, %v", lines.Text(), lines.Err())
	}
	m.signOut(t)
	var rest []string
	for lines.Scan() {
		rest = append(rest, lines.Text())
	}
	if got := strings.Join(rest, "\n"); lines.Err() != nil || !strings.Contains(got, "event: denied\ndata: {\"code\":\"session_ended\"}") {
		t.Errorf("it ends with %q, %v", got, lines.Err())
	}
	m.nothingIsWatched(t)
}

// get sends a GET of / by both cookies.
func (m *Remembered) get(t *testing.T, address string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = m.byCookies().Header
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func (m *Remembered) signOut(t *testing.T) {
	t.Helper()
	if _, err := m.Auth.EndSession(t.Context(), stytchkit.HTTPRequest{R: m.Session.BearerRequest(http.MethodPost, "/")}); err != nil {
		t.Error(err)
	}
}

// nothingIsWatched waits until no connection keeps its session watched.
func (m *Remembered) nothingIsWatched(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); m.Auth.Health().Connections > 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d sessions are watched, for connections that have ended", m.Auth.Health().Connections)
		}
	}
}
