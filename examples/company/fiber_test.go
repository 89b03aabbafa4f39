package company_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	ws "github.com/fasthttp/websocket"
	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/cache"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/gofiber/fiber/v2/middleware/proxy"
	"github.com/valyala/fasthttp"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
)

func fiberMe(c *fiber.Ctx) error { return c.SendString(stytchfiber.Session(c).MemberID()) }

func TestFiberAPageCacheInsideTheGuardHoldsNoCookie(t *testing.T) {
	w := newWorld(t)
	app := newFiber()
	app.Use(stytchfiber.Require(w.auth), cache.New(cache.Config{StoreResponseHeaders: true, Expiration: time.Minute}))
	app.Get("/page", func(c *fiber.Ctx) error { c.Set("X-Page", "1"); return c.SendString("the same for all") })
	w.serveFiber(app)
	alice, bob, carol := w.member("alice"), w.member("bob"), w.member("carol")
	w.get("/page", stale(alice)).has(http.StatusOK, "the same").sets(alice)
	w.get("/page", stale(bob)).has(http.StatusOK, "the same").sets(bob)
	if a := w.get("/page", live(carol)).has(http.StatusOK, "the same").setsNone(); a.Header.Get("X-Cache") != "hit" {
		t.Errorf("the cache does not answer: %v", a.Header)
	}
}

func TestFiberCompressOutsideAndInside(t *testing.T) {
	w := newWorld(t)
	app := newFiber()
	app.Get("/outside", compress.New(), stytchfiber.Require(w.auth), fiberMe)
	app.Get("/inside", stytchfiber.Require(w.auth), compress.New(), fiberMe)
	w.serveFiber(app)
	alice := w.member("alice")
	const accept = "Accept-Encoding: gzip"
	for _, path := range []string{"/outside", "/inside"} {
		w.get(path, nil, accept).unpacked().has(http.StatusUnauthorized, "session_missing")
		w.get(path, stale(alice), accept).unpacked().has(http.StatusOK, alice.MemberID).sets(alice)
	}
}

func TestFiberWhatReplacesTheResponseKeepsTheCookies(t *testing.T) {
	w := newWorld(t)
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
	app := newFiber()
	app.Use(stytchfiber.Optional(w.auth))
	app.Get("/do", func(c *fiber.Ctx) error { return proxy.Do(c, upstream.URL) })
	app.Get("/forward", proxy.Forward(upstream.URL))
	app.Get("/balancer", proxy.Balancer(proxy.Config{Servers: []string{upstream.URL}}))
	app.Get("/file", func(c *fiber.Ctx) error { return c.SendFile(file) })
	app.Get("/out", func(c *fiber.Ctx) error {
		if err := stytchfiber.EndSession(c, w.auth); err != nil {
			t.Error(err)
		}
		return c.SendFile(file)
	})
	app.Static("/static", dir)
	w.serveFiber(app)
	alice := w.member("alice")
	for _, path := range []string{"/do", "/forward", "/balancer"} {
		w.get(path, stale(alice)).has(http.StatusOK, "upstream").sets(alice)
	}
	since := "If-Modified-Since: " + time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	for _, path := range []string{"/file", "/static/page.txt"} {
		w.get(path, stale(alice)).has(http.StatusOK, "file").sets(alice)
		w.get(path, stale(alice), since).has(http.StatusNotModified, "").sets(alice)
	}
	w.get("/out", live(alice), since).has(http.StatusNotModified, "").clears()
}

func TestFiberWebSocketSetsCookiesOnTheUpgrade(t *testing.T) {
	w := newWorld(t)
	app := newFiber()
	app.Get("/ws", stytchfiber.Require(w.auth), websocket.New(func(c *websocket.Conn) {
		_ = c.WriteMessage(websocket.TextMessage, []byte("hello"))
	}))
	w.serveFiber(app)
	alice := w.member("alice")
	conn, res, err := ws.DefaultDialer.DialContext(t.Context(), "ws"+w.url[len("http"):]+"/ws", cookieHeader(stale(alice)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	(&answer{w: w, Response: res}).has(http.StatusSwitchingProtocols, "").sets(alice)
	if _, text, err := conn.ReadMessage(); err != nil || string(text) != "hello" {
		t.Errorf("read %q, %v", text, err)
	}
}

func TestFiberASubRequestWithAnothersCredentials(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice"), w.member("bob")
	app := newFiber()
	app.Get("/me", stytchfiber.Require(w.auth), fiberMe)
	app.Get("/batch", stytchfiber.Require(w.auth), func(c *fiber.Ctx) error {
		var sub fasthttp.RequestCtx
		sub.Init(&fasthttp.Request{}, nil, nil)
		sub.Request.SetRequestURI("/me")
		sub.Request.Header.Set("Cookie", cookieHeader(stale(bob)).Get("Cookie"))
		sub.SetUserValue("__local_user_context__", c.UserContext())
		app.Handler()(&sub)
		return c.SendString(string(sub.Response.Body()) + " for " + stytchfiber.Session(c).MemberID())
	})
	app.Get("/in-place", stytchfiber.Require(w.auth), func(c *fiber.Ctx) error {
		c.Request().Header.DelAllCookies()
		c.Request().Header.Set("Cookie", cookieHeader(stale(bob)).Get("Cookie"))
		c.Path("/me")
		return c.RestartRouting()
	})
	w.serveFiber(app)
	w.get("/batch", live(alice)).has(http.StatusOK, bob.MemberID+" for "+alice.MemberID).setsNone()
	w.get("/batch", stale(alice)).has(http.StatusOK, bob.MemberID+" for "+alice.MemberID).sets(alice)
	w.get("/in-place", stale(alice)).has(http.StatusOK, bob.MemberID).sets(alice)
}
