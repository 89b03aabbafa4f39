package stytchfiber_test

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/cache"
	"github.com/gofiber/fiber/v3/middleware/compress"
	"github.com/gofiber/fiber/v3/middleware/proxy"
	"github.com/gofiber/fiber/v3/middleware/sse"
	"github.com/gofiber/fiber/v3/middleware/static"
	"github.com/gofiber/fiber/v3/middleware/timeout"

	"github.com/stytchkit/stytchkit/adapters/fasthttp/fasthttptest"
	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// world is a stand-in for Stytch, and an application beside Fiber's own middleware.
type world struct {
	*testing.T
	stytch *stytchtest.Server
	auth   *stytchkit.Authenticator
	app    *fiber.App
	at     string // its address, once it is served
}

func newWorld(t *testing.T, config fiber.Config) *world {
	t.Helper()
	config.ReadBufferSize = fasthttptest.ReadBuffer
	stytch := stytchtest.Start(t)
	return &world{T: t, stytch: stytch, auth: stytch.Authenticator(t), app: fiber.New(config)}
}

func (w *world) serve() {
	w.Helper()
	w.at = adaptertest.Serve(w.T, server{w.app})
}

// member is somebody with a session.
func (w *world) member() *stytchtest.Session { return w.stytch.AddMember(stytchtest.Member{}).SignIn() }

// stale are cookies that a guard refreshes.
func stale(s *stytchtest.Session) []*http.Cookie { return s.Cookies(stytchtest.Age(10 * time.Minute)) }

// got is a response, and its body.
type got struct {
	*http.Response
	w    *world
	body string
}

func (w *world) get(path string, cookies []*http.Cookie, headers ...string) *got {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodGet, "http://"+w.at+path, http.NoBody)
	if err != nil {
		w.Fatal(err)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	res, err := transport.RoundTrip(r)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	var body io.Reader = res.Body
	if res.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			w.Fatal(err)
		}
	}
	text, err := io.ReadAll(body)
	if err != nil {
		w.Errorf("the body of %s ends early: %v", path, err)
	}
	return &got{res, w, string(text)}
}

// has wants a status, and a body with this part.
func (a *got) has(status int, part string) *got {
	a.w.Helper()
	if a.StatusCode != status || !strings.Contains(a.body, part) {
		a.w.Errorf("%s: got %d %q, want %d with %q", a.Request.URL.Path, a.StatusCode, a.body, status, part)
	}
	return a
}

// sets wants exactly these session tokens in cookies, on a response that nobody stores where there are any.
func (a *got) sets(want ...string) *got {
	a.w.Helper()
	var tokens []string
	for _, c := range a.Cookies() {
		if c.Name == "stytch_session" {
			tokens = append(tokens, c.Value)
		}
	}
	if !slices.Equal(tokens, want) {
		a.w.Errorf("%s sets the session cookie to %q, want %q", a.Request.URL.Path, tokens, want)
	}
	if control := a.Header.Values("Cache-Control"); len(want) > 0 && !slices.Equal(control, []string{"private, no-store"}) {
		a.w.Errorf("%s says Cache-Control: %q beside session cookies", a.Request.URL.Path, control)
	}
	return a
}

func me(c fiber.Ctx) error { return c.SendString(stytchfiber.Session(c).MemberID()) }

func TestAPageCacheInsideTheGuardHoldsNoCookie(t *testing.T) {
	w := newWorld(t, fiber.Config{})
	w.app.Use(stytchfiber.Require(w.auth), cache.New(cache.Config{StoreResponseHeaders: true, Expiration: time.Minute}))
	w.app.Get("/page", func(c fiber.Ctx) error { return c.SendString("the same for all") })
	w.serve()
	alice, bob, carol := w.member(), w.member(), w.member()
	w.get("/page", stale(alice)).has(http.StatusOK, "the same").sets(alice.Token)
	w.get("/page", stale(bob)).has(http.StatusOK, "the same").sets(bob.Token)
	if a := w.get("/page", carol.Cookies()).has(http.StatusOK, "the same").sets(); a.Header.Get("X-Cache") != "hit" {
		t.Errorf("the cache does not answer: %v", a.Header)
	}
}

func TestCompressOutsideAndInside(t *testing.T) {
	w := newWorld(t, fiber.Config{})
	w.app.Get("/outside", compress.New(), stytchfiber.Require(w.auth), me)
	w.app.Get("/inside", stytchfiber.Require(w.auth), compress.New(), me)
	w.serve()
	alice := w.member()
	for _, path := range []string{"/outside", "/inside"} {
		w.get(path, nil, "Accept-Encoding: gzip").has(http.StatusUnauthorized, "session_missing").sets()
		w.get(path, stale(alice), "Accept-Encoding: gzip").has(http.StatusOK, "member-").sets(alice.Token)
	}
}

func TestWhatReplacesTheResponseKeepsTheCookies(t *testing.T) {
	w := newWorld(t, fiber.Config{})
	upstream := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Cache-Control", "public, max-age=60")
		rw.Header().Set("Set-Cookie", "theirs=1")
		_, _ = io.WriteString(rw, "upstream")
	}))
	t.Cleanup(upstream.Close)
	dir := t.TempDir()
	file := filepath.Join(dir, "page.txt")
	if err := os.WriteFile(file, []byte("file"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.app.Use(stytchfiber.Optional(w.auth))
	w.app.Get("/do", func(c fiber.Ctx) error { return proxy.Do(c, upstream.URL) })
	w.app.Get("/forward", proxy.Forward(upstream.URL))
	w.app.Get("/balancer", proxy.Balancer(proxy.Config{Servers: []string{upstream.URL}}))
	w.app.Get("/file", func(c fiber.Ctx) error { return c.SendFile(file) })
	w.app.Use("/static", static.New(dir))
	w.serve()
	alice := w.member()
	for _, path := range []string{"/do", "/forward", "/balancer"} {
		w.get(path, stale(alice)).has(http.StatusOK, "upstream").sets(alice.Token)
	}
	since := "If-Modified-Since: " + time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	for _, path := range []string{"/file", "/static/page.txt"} {
		w.get(path, stale(alice)).has(http.StatusOK, "file").sets(alice.Token)
		w.get(path, stale(alice), since).has(http.StatusNotModified, "").sets(alice.Token)
	}
}

// The SSE middleware abandons the context too, and yet its response is the one that is sent.
func TestAnEventStreamSetsCookies(t *testing.T) {
	w := newWorld(t, fiber.Config{})
	w.app.Get("/events", stytchfiber.Require(w.auth), sse.New(sse.Config{
		Handler: func(c fiber.Ctx, s *sse.Stream) error {
			return s.Event(sse.Event{Data: stytchkit.SessionFrom(s.Context()).MemberID()})
		},
	}))
	w.serve()
	alice := w.member()
	w.get("/events", stale(alice)).has(http.StatusOK, "member-").sets(alice.Token)
}

// A handler that the timeout middleware has given up goes on writing, in a goroutine of its own: what goes out
// is another response, which a guard outside leaves alone. It bites with the race detector.
func TestARequestThatTimedOutIsLeftAlone(t *testing.T) {
	for name, onTimeout := range map[string]fiber.Handler{
		"Fiber's own answer":           nil,
		"the application's own answer": func(c fiber.Ctx) error { return c.SendStatus(http.StatusRequestTimeout) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, fiber.Config{})
			alice := w.member()
			answered, saved := make(chan struct{}), make(chan error, 1)
			slow := func(c fiber.Ctx) error {
				<-c.Context().Done()
				for !c.IsAbandoned() { // it is, as soon as the middleware has its answer
					runtime.Gosched()
				}
				for writes := true; writes; {
					select {
					case <-answered:
						writes = false
					default:
						c.Set("X-Late", "1")
						_ = c.SendString(stytchfiber.Session(c).MemberID())
					}
				}
				saved <- stytchfiber.SaveSession(c, w.auth, alice.Token, alice.JWT(), alice.ExpiresAt())
				return nil
			}
			limit := timeout.Config{Timeout: 20 * time.Millisecond, OnTimeout: onTimeout}
			w.app.Get("/guard-outside", stytchfiber.Require(w.auth), timeout.New(slow, limit))
			inner := stytchfiber.Require(w.auth)
			w.app.Get("/guard-inside", timeout.New(inner, limit), slow)
			w.serve()
			for _, path := range []string{"/guard-outside", "/guard-inside"} {
				w.get(path, stale(alice)).has(http.StatusRequestTimeout, "").sets()
				answered <- struct{}{}
				if err := <-saved; !errors.Is(err, stytchkit.ErrWritten) {
					t.Errorf("%s: a session saved after the answer: %v, want ErrWritten", path, err)
				}
			}
		})
	}
}

// Middleware runs on requests that Fiber could not read, and another handler answers: nobody gets in.
func TestARequestThatCannotBeReadReachesNoHandler(t *testing.T) {
	w := newWorld(t, fiber.Config{BodyLimit: 1 << 10})
	reached := false
	w.app.Use(stytchfiber.Require(w.auth))
	w.app.All("/*", func(c fiber.Ctx) error { reached = true; return me(c) })
	w.serve()
	alice := w.member()
	for name, row := range map[string]struct {
		lines string
		want  int
	}{
		"headers that are too large":  {"GET / HTTP/1.1\r\nHost: example.com\r\nCookie: a=" + strings.Repeat("x", 2*fasthttptest.ReadBuffer) + "\r\n\r\n", 431},
		"a body that is too large":    {"POST / HTTP/1.1\r\nHost: example.com\r\nAuthorization: Bearer " + alice.JWT() + "\r\nContent-Length: 9999\r\n\r\n", 413},
		"a header without a name":     {"GET / HTTP/1.1\r\nHost: example.com\r\n: x\r\n\r\n", 400},
		"brackets around no address":  {"GET / HTTP/1.1\r\nHost: [acme.example.com]\r\nAuthorization: Bearer " + alice.JWT() + "\r\n\r\n", 400},
		"and one that can be, denied": {"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", 401},
	} {
		conn, err := net.Dial("tcp", w.at)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, row.lines)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_ = res.Body.Close() // only the status counts
		_ = conn.Close()
		if res.StatusCode != row.want || reached {
			t.Errorf("%s: got %d, and a handler was reached: %t; want %d", name, res.StatusCode, reached, row.want)
		}
	}
}

// A fiber.Ctx is a context.Context, and not the one that has the session.
func TestWhichContextHasTheSession(t *testing.T) {
	w := newWorld(t, fiber.Config{})
	var seen [4]*stytchkit.Session
	bridged := func(i int) http.HandlerFunc {
		return func(_ http.ResponseWriter, r *http.Request) { seen[i] = stytchkit.SessionFrom(r.Context()) }
	}
	w.app.Use(stytchfiber.Require(w.auth))
	w.app.Get("/native", func(c fiber.Ctx) error {
		seen[0], seen[1] = stytchkit.SessionFrom(c.Context()), stytchkit.SessionFrom(c)
		return nil
	})
	w.app.Get("/handler", stytchfiber.Handler(bridged(2)))
	w.app.Get("/fibers-own", bridged(3))
	w.serve()
	alice := w.member()
	for _, path := range []string{"/native", "/handler", "/fibers-own"} {
		w.get(path, alice.Cookies()).has(http.StatusOK, "")
	}
	if seen[0].ID() != alice.ID || seen[2].ID() != alice.ID {
		t.Errorf("c.Context() has session %q, and a request by Handler %q; want both to have %q", seen[0].ID(), seen[2].ID(), alice.ID)
	}
	if seen[1] != nil || seen[3] != nil {
		t.Errorf("a fiber.Ctx has session %q, and a request by Fiber's adaptor %q: then the documentation is wrong", seen[1].ID(), seen[3].ID())
	}
}
