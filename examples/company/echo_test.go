package company_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
)

func newEcho(use ...echo.MiddlewareFunc) *echo.Echo {
	e := echo.New()
	e.Logger.SetOutput(io.Discard)
	e.Use(use...)
	return e
}

func echoMe(c echo.Context) error {
	return c.String(http.StatusOK, stytchecho.Session(c).MemberID())
}

func TestEchoGzipOutsideAndInside(t *testing.T) {
	w := newWorld(t)
	e := newEcho()
	e.GET("/outside", echoMe, middleware.Gzip(), stytchecho.Require(w.auth))
	e.GET("/inside", echoMe, stytchecho.Require(w.auth), middleware.Gzip())
	e.GET("/failing", func(echo.Context) error { return echo.ErrTeapot }, middleware.Gzip(), stytchecho.Require(w.auth))
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

func setTheme(c echo.Context) error {
	c.SetCookie(&http.Cookie{Name: "theme", Value: "dark"})
	c.Response().Header().Set("Cache-Control", "public")
	return echoMe(c)
}

func TestEchoTimeoutsInside(t *testing.T) {
	w := newWorld(t)
	e := newEcho()
	e.GET("/context", setTheme, stytchecho.Require(w.auth), middleware.ContextTimeout(time.Minute))
	if !raceDetector { // Timeout is deprecated for its races
		limited := middleware.TimeoutWithConfig(middleware.TimeoutConfig{Timeout: time.Minute}) //nolint:staticcheck // it is in use, deprecated or not
		e.GET("/timeout", setTheme, stytchecho.Require(w.auth), limited)
	}
	w.serve(e)
	alice := w.member("alice")
	w.get("/context", stale(alice)).has(http.StatusOK, alice.MemberID).sets(alice)
	if !raceDetector {
		w.get("/timeout", stale(alice)).has(http.StatusOK, alice.MemberID).sets(alice)
	}
}

func TestEchoASessionThatIsSavedTooLateIsAnError(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice")
	save := func(c echo.Context) error {
		return stytchecho.SaveSession(c, w.auth, alice.Token, alice.JWT(), alice.ExpiresAt())
	}
	e := newEcho(stytchecho.Optional(w.auth))
	e.GET("/flushed", func(c echo.Context) error {
		c.Response().Flush()
		if save(c) == nil {
			t.Error("a session was saved after a Flush, and lost")
		}
		return nil
	})
	e.GET("/failed", func(c echo.Context) error {
		if _, _, err := c.Response().Hijack(); err == nil {
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

func TestEchoASubRequestWithAnothersCredentials(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice"), w.member("bob")
	e := newEcho()
	e.GET("/me", echoMe, stytchecho.Require(w.auth))
	e.GET("/batch", func(c echo.Context) error {
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, subRequest(c.Request().Context(), bob))
		return c.String(http.StatusOK, recorder.Body.String()+" for "+stytchecho.Session(c).MemberID())
	}, stytchecho.Require(w.auth))
	w.serve(e)
	w.get("/batch", live(alice)).has(http.StatusOK, bob.MemberID+" for "+alice.MemberID).setsNone()
	w.get("/batch", stale(alice)).has(http.StatusOK, bob.MemberID+" for "+alice.MemberID).sets(alice)
}

func TestEchoTheRequestIsHandedBack(t *testing.T) {
	w := newWorld(t)
	e := newEcho(stytchecho.Require(w.auth))
	e.POST("/upload", func(c echo.Context) error {
		file, err := c.FormFile("file")
		if err != nil {
			return err
		}
		return c.String(http.StatusOK, file.Filename)
	})
	w.serve(e)
	w.uploads(live(w.member("alice")))
}
