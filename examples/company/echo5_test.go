package company_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo5"
)

func newEcho5(use ...echo.MiddlewareFunc) *echo.Echo {
	e := echo.New()
	e.Logger = slog.New(slog.DiscardHandler)
	e.Use(use...)
	return e
}

func echo5Me(c *echo.Context) error {
	return c.String(http.StatusOK, stytchecho.Session(c).MemberID())
}

func TestEcho5GzipOutsideAndInside(t *testing.T) {
	w := newWorld(t)
	e := newEcho5()
	e.GET("/outside", echo5Me, middleware.Gzip(), stytchecho.Require(w.auth))
	e.GET("/inside", echo5Me, stytchecho.Require(w.auth), middleware.Gzip())
	e.GET("/failing", func(*echo.Context) error { return echo.NewHTTPError(http.StatusTeapot, "I am a teapot") }, middleware.Gzip(), stytchecho.Require(w.auth))
	e.GET("/state", stytchecho.ServeState(w.auth), middleware.Gzip())
	w.serve(e)
	alice := w.member("alice")
	const accept = "Accept-Encoding: gzip"
	for _, path := range []string{"/outside", "/inside"} {
		w.get(path, nil, accept).unpacked().has(http.StatusUnauthorized, "session_missing")
		w.get(path, stale(alice), accept).unpacked().has(http.StatusOK, alice.MemberID).sets(alice)
	}
	w.get("/failing", stale(alice), accept).unpacked().has(http.StatusTeapot, "teapot").sets(alice)
	w.get("/state", live(alice), accept).unpacked().has(http.StatusOK, alice.MemberID)
}

func setTheme5(c *echo.Context) error {
	c.SetCookie(&http.Cookie{Name: "theme", Value: "dark"})
	c.Response().Header().Set("Cache-Control", "public")
	return echo5Me(c)
}

func TestEcho5ContextTimeoutInside(t *testing.T) {
	w := newWorld(t)
	e := newEcho5()
	e.GET("/context", setTheme5, stytchecho.Require(w.auth), middleware.ContextTimeout(time.Minute))
	w.serve(e)
	alice := w.member("alice")
	w.get("/context", stale(alice)).has(http.StatusOK, alice.MemberID).sets(alice)
}

func TestEcho5ASessionThatIsSavedTooLateIsAnError(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice")
	save := func(c *echo.Context) error {
		return stytchecho.SaveSession(c, w.auth, alice.Token, alice.JWT(), alice.ExpiresAt())
	}
	e := newEcho5(stytchecho.Optional(w.auth))
	e.GET("/flushed", func(c *echo.Context) error {
		_ = http.NewResponseController(c.Response()).Flush()
		if save(c) == nil {
			t.Error("a session was saved after a Flush, and lost")
		}
		return nil
	})
	e.GET("/failed", func(c *echo.Context) error {
		if _, _, err := http.NewResponseController(c.Response()).Hijack(); err == nil {
			t.Error("a connection that cannot be hijacked was")
		}
		if err := save(c); err != nil {
			t.Errorf("after a Hijack that failed: %v", err)
		}
		c.Response().Header().Set("Cache-Control", "public")
		return c.String(http.StatusOK, "text")
	})
	w.serve(unhijackable(e))
	w.get("/flushed", nil).setsNone()
	w.get("/failed", nil).has(http.StatusOK, "text").sets(alice)
}

func TestEcho5ASubRequestWithAnothersCredentials(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice"), w.member("bob")
	e := newEcho5()
	e.GET("/me", echo5Me, stytchecho.Require(w.auth))
	e.GET("/batch", func(c *echo.Context) error {
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, subRequest(c.Request().Context(), bob))
		return c.String(http.StatusOK, recorder.Body.String()+" for "+stytchecho.Session(c).MemberID())
	}, stytchecho.Require(w.auth))
	w.serve(e)
	w.get("/batch", live(alice)).has(http.StatusOK, bob.MemberID+" for "+alice.MemberID).setsNone()
	w.get("/batch", stale(alice)).has(http.StatusOK, bob.MemberID+" for "+alice.MemberID).sets(alice)
}

func TestEcho5TheRequestIsHandedBack(t *testing.T) {
	w := newWorld(t)
	e := newEcho5(stytchecho.Require(w.auth))
	e.POST("/upload", func(c *echo.Context) error {
		file, err := c.FormFile("file")
		if err != nil {
			return err
		}
		return c.String(http.StatusOK, file.Filename)
	})
	w.serve(e)
	w.uploads(live(w.member("alice")))
}

// Echo answers HEAD by the handler of GET, behind a writer that forgets what it has sent.
func TestEcho5AnswersHeadByTheHandlerOfGet(t *testing.T) {
	w := newWorld(t)
	e := echo.NewWithConfig(echo.Config{Logger: slog.New(slog.DiscardHandler), Router: echo.NewRouter(echo.RouterConfig{AutoHandleHEAD: true})})
	e.GET("/me", echo5Me, stytchecho.Require(w.auth))
	w.serve(e)
	alice := w.member("alice")
	w.send(w.request(http.MethodHead, "/me", stale(alice))).has(http.StatusOK, "").sets(alice)
	w.send(w.request(http.MethodHead, "/me", nil)).has(http.StatusUnauthorized, "")
}
