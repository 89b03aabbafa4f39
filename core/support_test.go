package stytchkit_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// signingKey is one key for all servers, as making one takes a while.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey { //nolint:gochecknoglobals // made once, never changed
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// world is a stand-in for Stytch, a clock that both sides share, and an Authenticator.
type world struct {
	t     *testing.T
	srv   *stytchtest.Server
	clock *stytchtest.Clock
	auth  *stytchkit.Authenticator
	log   *logged
}

// newWorld starts everything; the keys have been fetched when it returns.
func newWorld(t *testing.T, configure ...func(*stytchkit.Config)) *world {
	t.Helper()
	return newWorldOf(t, stytchtest.B2B, configure...)
}

// newWorldOf is [newWorld] of this kind of project.
func newWorldOf(t *testing.T, vertical stytchtest.Vertical, configure ...func(*stytchkit.Config)) *world {
	t.Helper()
	w := &world{t: t, clock: stytchtest.NewClock(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)), log: &logged{}}
	w.srv = stytchtest.Start(t, stytchtest.Options{Clock: w.clock, Key: signingKey(), Vertical: vertical})
	w.auth = w.authenticator(configure...)
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Fatalf("the keys did not arrive: %v", err)
	}
	w.srv.ResetCalls()
	return w
}

// authenticator is one more Authenticator of the same project.
func (w *world) authenticator(configure ...func(*stytchkit.Config)) *stytchkit.Authenticator {
	w.t.Helper()
	cfg := w.srv.Config()
	cfg.Logger = slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, change := range configure {
		change(&cfg)
	}
	auth, err := stytchkit.New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(auth.Close)
	return auth
}

// member adds a member and signs them in.
func (w *world) member(email string, roles ...string) *stytchtest.Session {
	return w.srv.AddMember(stytchtest.Member{Email: email, Roles: roles}).SignIn()
}

// asked is how many authenticate calls were made since the last reset.
func (w *world) asked() int { return w.srv.Calls(stytchtest.Authenticate) }

// request is a GET of /page with these cookies, each "name=value".
func request(cookies ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/page", nil)
	if len(cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(cookies, "; "))
	}
	return r
}

func bearer(token string) *http.Request {
	r := request()
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func jwtCookie(token string) string   { return "stytch_session_jwt=" + token }
func tokenCookie(token string) string { return "stytch_session=" + token }

func check(g *stytchkit.Guard, r *http.Request) stytchkit.Decision {
	return g.Check(r.Context(), stytchkit.HTTPRequest{R: r})
}

// code is the denial's code, empty when the request was let through.
func code(d stytchkit.Decision) string {
	if d.Denial == nil {
		return ""
	}
	return d.Denial.Code
}

// setCookies says what a decision does to the session cookies.
func setCookies(d stytchkit.Decision) string {
	var set, cleared int
	for _, c := range d.Cookies {
		if c.MaxAge < 0 {
			cleared++
		} else {
			set++
		}
	}
	switch {
	case set == 2 && cleared == 0:
		return "set"
	case set == 0 && cleared == 2:
		return "cleared"
	case set == 0 && cleared == 0:
		return "untouched"
	}
	return "mixed"
}

// within bounds a wait in a test.
func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// logged keeps what was logged.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// idle waits until nothing is done in the background.
func (w *world) idle() {
	w.t.Helper()
	for deadline := within(w.t, 5*time.Second); !w.auth.Idle(); runtime.Gosched() {
		if deadline.Err() != nil {
			w.t.Fatal("something goes on in the background")
		}
	}
}
