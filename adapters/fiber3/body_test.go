package stytchfiber_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
)

// counted counts what is taken from clients.
type counted struct {
	net.Listener
	taken atomic.Int64
}

func (l *counted) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return countedConn{conn, &l.taken}, err
}

type countedConn struct {
	net.Conn
	taken *atomic.Int64
}

func (c countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.taken.Add(int64(n))
	return n, err
}

// serve serves a handler under /auth, and returns where.
func serve(t *testing.T, streams bool, h http.HandlerFunc) *counted {
	t.Helper()
	app := fiber.New(fiber.Config{ReadBufferSize: readBuffer, StreamRequestBody: streams})
	app.Post("/auth", stytchfiber.Handler(h))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := &counted{Listener: l}
	go func() { _ = app.Listener(at, quiet()) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	return at
}

const (
	readBuffer = 16 << 10
	ownLimit   = 64 << 10 // what the handler reads
	huge       = 256 << 20
)

// posts sends a body for as long as it is taken, and returns what was answered.
func posts(t *testing.T, l net.Listener, framing string, body io.Reader) (res *http.Response, text string, closed bool) {
	t.Helper()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	_, _ = io.WriteString(conn, "POST /auth HTTP/1.1\r\nHost: app.example.com\r\n"+framing+"\r\n\r\n")
	go func() { _, _ = io.Copy(conn, body) }()
	r := bufio.NewReader(conn)
	if res, err = http.ReadResponse(r, nil); err != nil {
		t.Fatal(err)
	}
	read, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	return res, string(read), res.Close
}

// zeros is a body without an end, in chunks where it is sent so.
type zeros struct{ chunked bool }

func (z zeros) Read(p []byte) (int, error) {
	clear(p)
	if z.chunked && len(p) >= 6 {
		const frame = len("1000\r\n") + 0x1000 + len("\r\n")
		n := 0
		for ; n+frame <= len(p); n += frame {
			copy(p[n:], "1000\r\n")
			copy(p[n+frame-2:], "\r\n")
		}
		return n, nil
	}
	return len(p), nil
}

func TestOfAHugeBodyOnlyWhatTheHandlerReadsIsTakenAndTheConnectionCloses(t *testing.T) {
	reads := func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(http.MaxBytesReader(w, r.Body, ownLimit))
		var over *http.MaxBytesError
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		_, _ = fmt.Fprintf(w, "over %t, length %d", errors.As(err, &over), r.ContentLength)
	}
	ignores := func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprintf(w, "length %d", r.ContentLength) }
	fixed := fmt.Sprintf("Content-Length: %d", huge)
	for _, row := range []struct {
		name    string
		streams bool
		framing string
		handler http.HandlerFunc
		want    string
		most    int64 // beside one read buffer and what frames it
	}{
		{"streamed, read to its limit", true, fixed, reads, "413 over true, length 268435456", ownLimit},
		{"streamed, not read", true, fixed, ignores, "200 length 268435456", 0},
		{"chunked, read to its limit", true, "Transfer-Encoding: chunked", reads, "413 over true, length -1", ownLimit},
		{"chunked, not read", true, "Transfer-Encoding: chunked", ignores, "200 length -1", 0},
		{"not streamed: Fiber refuses it", false, fixed, reads, "413 Request Entity Too Large", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := serve(t, row.streams, row.handler)
			body := io.LimitReader(zeros{}, huge)
			if strings.HasPrefix(row.framing, "Transfer") {
				body = io.LimitReader(zeros{chunked: true}, huge)
			}
			res, text, closed := posts(t, l, row.framing, body)
			if got := fmt.Sprint(res.StatusCode, " ", text); got != row.want || !closed {
				t.Errorf("got %q, closed %t, want %q on a connection that closes", got, closed, row.want)
			}
			if taken := l.taken.Load(); taken > row.most+2*readBuffer {
				t.Errorf("%d bytes were taken from the client, want at most %d and a read buffer", taken, row.most)
			}
		})
	}
}

func TestABodyThatWasReadLeavesTheConnectionOpen(t *testing.T) {
	for _, streams := range []bool{true, false} {
		l := serve(t, streams, func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			_, _ = fmt.Fprintf(w, "%s, length %d, %v", body, r.ContentLength, err)
		})
		for framing, row := range map[string]struct{ body, want string }{
			"Content-Length: 5":          {"alice", "alice, length 5, <nil>"},
			"Content-Length: 0":          {"", ", length 0, <nil>"},
			"Transfer-Encoding: chunked": {"5\r\nalice\r\n0\r\n\r\n", "alice, length -1, <nil>"},
		} {
			want := row.want
			if !streams {
				want = strings.Replace(want, "-1", "5", 1) // Fiber has read it, and counted
			}
			if _, text, closed := posts(t, l, framing, strings.NewReader(row.body)); text != want || closed {
				t.Errorf("streamed %t, %s: got %q, closed %t, want %q on a connection that stays", streams, framing, text, closed, want)
			}
		}
	}
}

func TestAHandlersConnectionCloseIsPassedOn(t *testing.T) {
	l := serve(t, false, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	if _, _, closed := posts(t, l, "Content-Length: 0", http.NoBody); !closed {
		t.Error("the connection stays")
	}
}

func TestABodyEndsWithItsHandler(t *testing.T) {
	for _, streams := range []bool{true, false} {
		var kept io.Reader
		l := serve(t, streams, func(_ http.ResponseWriter, r *http.Request) { kept = r.Body })
		posts(t, l, "Content-Length: 5", strings.NewReader("alice"))
		if body, err := io.ReadAll(kept); !errors.Is(err, http.ErrBodyReadAfterClose) || len(body) > 0 {
			t.Errorf("streamed %t: later it reads %q, %v", streams, body, err)
		}
	}
}
