package demotest

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// events: the stream ends when the session does, at once, and says why.
func (s suite) events(t *testing.T) {
	b := s.inSandbox(t)
	b.signIn(s.admin, "")
	found, err := b.app.Sandbox.Find(s.admin)
	if err != nil {
		t.Fatal(err)
	}
	stream := openStream(t.Context(), t, b.client, b.base)
	stream.hears("event: hello", `data: {"subject":"`+found.ID+`"}`, "")
	if got := b.auth.Health().Connections; got != 1 {
		t.Errorf("%d sessions are watched, want the one of the stream", got)
	}
	b.submit("/auth/logout", url.Values{}).leadsTo(t, "/")
	stream.hears("event: denied", `data: {"code":"session_ended"}`, "")
	stream.ends()
	b.get("/api/events").expect(t, 401, `"code":"session_missing"`) // as a page's EventSource asks at once: it stays closed
}

// headOfEvents: a HEAD of the stream, whatever the framework makes of it, leaves the connection whole for the next request.
func (s suite) headOfEvents(t *testing.T) {
	b := s.inSandbox(t)
	b.signIn(s.reader, "")
	at, err := url.Parse(b.base)
	if err != nil {
		t.Fatal(err)
	}
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	answers := bufio.NewReader(c)
	ask := func(method, path string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, b.base+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		for _, cookie := range b.client.Jar.Cookies(at) {
			r.AddCookie(cookie)
		}
		if err := r.Write(c); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(answers, r)
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		defer func() { _ = res.Body.Close() }()
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Errorf("%s %s: %v", method, path, err)
		}
		return res.StatusCode
	}
	ask(http.MethodHead, "/api/events")
	if got := ask(http.MethodGet, "/api/me"); got != http.StatusOK {
		t.Errorf("after it: %d", got)
	}
}

// endsStreams: an open stream does not hold the example up when it is told to stop.
func endsStreams(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	p := startProcess(ctx, t, 1, "ADDR=127.0.0.1:0")
	b := newBrowser(t, nil, nil, strings.TrimSuffix(p.urls[0], "/"))
	b.signIn(ada, "")
	stream := openStream(ctx, t, b.client, b.base)
	stream.hears("event: hello")
	b.client.CloseIdleConnections()
	p.end(t)
	stream.hears(`data: {"subject":*`, "")
	stream.ends()
}

// stream is a response that is read while it is written.
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
}

func openStream(ctx context.Context, t *testing.T, client *http.Client, base string) stream {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() }) // it has been read as far as the test wants
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the stream begins with %d %v", res.StatusCode, res.Header)
	}
	return stream{t, bufio.NewScanner(res.Body)}
}

// hears waits for the next lines; one that ends with * is the beginning of it.
func (s stream) hears(lines ...string) {
	s.t.Helper()
	for _, want := range lines {
		heard := s.lines.Scan()
		start, open := strings.CutSuffix(want, "*")
		if got := s.lines.Text(); !heard || got != want && !(open && strings.HasPrefix(got, start)) {
			s.t.Fatalf("the stream says %q (%v), want %q", got, s.lines.Err(), want)
		}
	}
}

func (s stream) ends() {
	s.t.Helper()
	if s.lines.Scan() || s.lines.Err() != nil {
		s.t.Errorf("the stream goes on with %q (%v), want its end", s.lines.Text(), s.lines.Err())
	}
}
