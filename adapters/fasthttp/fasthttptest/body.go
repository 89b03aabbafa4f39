package fasthttptest

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

	"github.com/stytchkit/stytchkit/core/adaptertest"
)

// bodies serves a handler of net/http at POST /auth.
type bodies func(h http.HandlerFunc, streams bool) adaptertest.Server

const (
	ownLimit = 64 << 10 // what the handler reads
	huge     = 256 << 20
)

// RunBodies wants a handler of net/http to get a body as it would from net/http, and no more of it to be taken
// from the client than is read. build makes an application that serves the handler at POST /auth, with a
// [ReadBuffer] and the framework's default limit for bodies that are not streamed.
func RunBodies(t *testing.T, build func(h http.HandlerFunc, streams bool) adaptertest.Server) {
	t.Helper()
	t.Run("of a huge body only what the handler reads is taken, and the connection closes", bodies(build).hugeBody)
	t.Run("a body that was read leaves the connection open", bodies(build).readBody)
	t.Run("a handler's Connection: close is passed on", bodies(build).closes)
	t.Run("a body ends with its handler", bodies(build).keptBody)
}

func (build bodies) hugeBody(t *testing.T) {
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
		{"not streamed: the framework refuses it", false, fixed, reads, "413 Request Entity Too Large", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			app := &counted{Server: build(row.handler, row.streams)}
			address := adaptertest.Serve(t, app)
			body := io.LimitReader(zeros{}, huge)
			if strings.HasPrefix(row.framing, "Transfer") {
				body = io.LimitReader(zeros{chunked: true}, huge)
			}
			status, text, closed := posts(t, address, row.framing, body)
			if got := fmt.Sprint(status, " ", text); got != row.want || !closed {
				t.Errorf("got %q, closed %t, want %q on a connection that closes", got, closed, row.want)
			}
			if taken := app.taken.Load(); taken > row.most+2*ReadBuffer {
				t.Errorf("%d bytes were taken from the client, want at most %d and a read buffer", taken, row.most)
			}
		})
	}
}

func (build bodies) readBody(t *testing.T) {
	for _, streams := range []bool{true, false} {
		address := adaptertest.Serve(t, build(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			_, _ = fmt.Fprintf(w, "%s, length %d, %v", body, r.ContentLength, err)
		}, streams))
		for framing, row := range map[string]struct{ body, want string }{
			"Content-Length: 5":          {"alice", "alice, length 5, <nil>"},
			"Content-Length: 0":          {"", ", length 0, <nil>"},
			"Transfer-Encoding: chunked": {"5\r\nalice\r\n0\r\n\r\n", "alice, length -1, <nil>"},
		} {
			want := row.want
			if !streams {
				want = strings.Replace(want, "-1", "5", 1) // the framework has read it, and counted
			}
			if _, text, closed := posts(t, address, framing, strings.NewReader(row.body)); text != want || closed {
				t.Errorf("streamed %t, %s: got %q, closed %t, want %q on a connection that stays", streams, framing, text, closed, want)
			}
		}
	}
}

func (build bodies) closes(t *testing.T) {
	address := adaptertest.Serve(t, build(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") }, false))
	if _, _, closed := posts(t, address, "Content-Length: 0", http.NoBody); !closed {
		t.Error("the connection stays")
	}
}

func (build bodies) keptBody(t *testing.T) {
	for _, streams := range []bool{true, false} {
		var kept io.Reader
		address := adaptertest.Serve(t, build(func(_ http.ResponseWriter, r *http.Request) { kept = r.Body }, streams))
		posts(t, address, "Content-Length: 5", strings.NewReader("alice"))
		if body, err := io.ReadAll(kept); !errors.Is(err, http.ErrBodyReadAfterClose) || len(body) > 0 {
			t.Errorf("streamed %t: later it reads %q, %v", streams, body, err)
		}
	}
}

// posts sends a body for as long as it is taken, and returns what was answered.
func posts(t *testing.T, address, framing string, body io.Reader) (status int, text string, closed bool) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	_, _ = io.WriteString(conn, "POST /auth HTTP/1.1\r\nHost: app.example.com\r\n"+framing+"\r\n\r\n")
	go func() { _, _ = io.Copy(conn, body) }()
	r := bufio.NewReader(conn)
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	read, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(read), res.Close
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

// counted counts what an application takes from its clients.
type counted struct {
	adaptertest.Server
	taken atomic.Int64
}

func (s *counted) Serve(l net.Listener) error { return s.Server.Serve(countedListener{l, &s.taken}) }

type countedListener struct {
	net.Listener
	taken *atomic.Int64
}

func (l countedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return countedConn{conn, l.taken}, err
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
