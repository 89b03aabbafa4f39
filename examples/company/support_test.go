package company_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// world is a stand-in for Stytch, and an application's Authenticator.
type world struct {
	*testing.T
	stytch *stytchtest.Server
	auth   *stytchkit.Authenticator
	url    string // of the application, once it is served
	close  func()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	stytch := stytchtest.Start(t)
	return &world{T: t, stytch: stytch, auth: stytch.Authenticator(t)}
}

func (w *world) serve(h http.Handler) {
	s := httptest.NewServer(h)
	w.Cleanup(s.Close)
	w.url, w.close = s.URL, s.Close
}

func (w *world) serveFiber(app *fiber.App) {
	w.Helper()
	w.url = "http://" + adaptertest.Serve(w.T, fiberServer{app})
}

// fiberServer is a Fiber application.
type fiberServer struct{ app *fiber.App }

func (s fiberServer) Serve(l net.Listener) error { return s.app.Listener(l) }
func (s fiberServer) Close() error               { return s.app.Shutdown() }

func newFiber() *fiber.App {
	return fiber.New(fiber.Config{ReadBufferSize: 16 << 10, DisableStartupMessage: true})
}

// person is a member with a session.
type person struct {
	*stytchtest.Session
	MemberID string
}

func (w *world) member(name string) person {
	m := w.stytch.AddMember(stytchtest.Member{Email: name + "@example.com"})
	return person{m.SignIn(), m.ID}
}

// stale are cookies that a guard refreshes, live ones that it does not.
func stale(p person) []*http.Cookie { return p.Cookies(stytchtest.Age(10 * time.Minute)) }
func live(p person) []*http.Cookie  { return p.Cookies() }

func (w *world) request(method, path string, cookies []*http.Cookie, headers ...string) *http.Request {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, w.url+path, nil)
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
	return r
}

// answer is a response, and its body.
type answer struct {
	w *world
	*http.Response
	body string
}

// get sends a GET as it is: no redirect is followed, nothing is unpacked.
func (w *world) get(path string, cookies []*http.Cookie, headers ...string) *answer {
	w.Helper()
	return w.send(w.request(http.MethodGet, path, cookies, headers...))
}

func (w *world) send(r *http.Request) *answer {
	w.Helper()
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	res, err := transport.RoundTrip(r)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.Errorf("the body of %s ends early: %v", r.URL.Path, err)
	}
	return &answer{w: w, Response: res, body: string(body)}
}

// has wants a status, and a body with this part.
func (a *answer) has(status int, part string) *answer {
	a.w.Helper()
	if a.StatusCode != status || !strings.Contains(a.body, part) {
		a.w.Errorf("got %d %q with Content-Encoding %q, want %d with %q", a.StatusCode, a.body, a.Header.Get("Content-Encoding"), status, part)
	}
	return a
}

// unpacked is the answer, decompressed if it says that it is compressed.
func (a *answer) unpacked() *answer {
	a.w.Helper()
	if a.Header.Get("Content-Encoding") != "gzip" {
		return a
	}
	r, err := gzip.NewReader(strings.NewReader(a.body))
	if err != nil {
		a.w.Errorf("Content-Encoding: gzip of %q: %v", a.body, err)
		return a
	}
	body, err := io.ReadAll(r)
	if err != nil {
		a.w.Errorf("unpacking: %v", err)
	}
	a.body = string(body)
	return a
}

// sets wants this person's session cookies, once, on a response that nobody stores.
func (a *answer) sets(p person) *answer {
	a.w.Helper()
	var tokens []string
	for _, c := range a.Cookies() {
		if c.Name == "stytch_session" {
			tokens = append(tokens, c.Value)
		}
	}
	if !slices.Equal(tokens, []string{p.Token}) {
		a.w.Errorf("the session cookie is set to %q, want the member's own, once", tokens)
	}
	return a.isPrivate()
}

// clears wants the session cookie deleted.
func (a *answer) clears() *answer {
	a.w.Helper()
	cleared := slices.ContainsFunc(a.Cookies(), func(c *http.Cookie) bool { return c.Name == "stytch_session" && c.MaxAge < 0 })
	if !cleared {
		a.w.Errorf("the session cookie is not deleted: %q", a.Header.Values("Set-Cookie"))
	}
	return a.isPrivate()
}

func (a *answer) isPrivate() *answer {
	a.w.Helper()
	if got := a.Header.Values("Cache-Control"); !slices.Equal(got, []string{"private, no-store"}) {
		a.w.Errorf("Cache-Control is %q beside session cookies, want private, no-store", got)
	}
	return a
}

// setsNone wants no session cookie.
func (a *answer) setsNone() *answer {
	a.w.Helper()
	for _, line := range a.Header.Values("Set-Cookie") {
		if strings.HasPrefix(line, "stytch_") {
			a.w.Errorf("a session cookie is set: %q", line)
		}
	}
	return a
}

// subRequest is a request inside another, by somebody else, whose cookies are refreshed.
func subRequest(ctx context.Context, by person) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/me", nil)
	for _, c := range stale(by) {
		r.AddCookie(c)
	}
	return r
}

// noHijack is a writer whose Hijack fails.
type noHijack struct{ http.ResponseWriter }

func (noHijack) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, errors.New("no") }
func (w noHijack) Unwrap() http.ResponseWriter                { return w.ResponseWriter }

// unhijackable serves over such a writer.
func unhijackable(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(noHijack{w}, r) })
}

// uploads wants the temporary files of an upload to be removed when its request is over.
func (w *world) uploads(cookies []*http.Cookie) {
	w.Helper()
	dir := w.TempDir()
	w.Setenv("TMPDIR", dir)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "large.bin")
	if err != nil {
		w.Fatal(err)
	}
	_, _ = part.Write(make([]byte, 40<<20)) // more than is kept in memory
	_ = form.Close()
	r := w.request(http.MethodPost, "/upload", cookies, "Content-Type: "+form.FormDataContentType())
	r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
	w.send(r).has(http.StatusOK, "large.bin")
	w.close() // waits for the request to be over
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		w.Errorf("%d temporary files are left (%v)", len(left), err)
	}
}

// cookieHeader are the headers of a request with these cookies.
func cookieHeader(cookies []*http.Cookie) http.Header {
	r := &http.Request{Header: http.Header{}}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r.Header
}
