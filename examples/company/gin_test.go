package company_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	cache "github.com/chenyahui/gin-cache"
	"github.com/chenyahui/gin-cache/persist"
	"github.com/gin-contrib/gzip"
	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	"github.com/stytchkit/stytchkit/core/signin"
)

func newGin(handlers ...gin.HandlerFunc) *gin.Engine {
	gin.SetMode(gin.TestMode)
	r := gin.New()
	r.Use(handlers...)
	return r
}

func ginMe(c *gin.Context) { c.String(http.StatusOK, stytchgin.Session(c).MemberID()) }

func TestGinAPageCacheInsideTheGuardHoldsNoCookie(t *testing.T) {
	w := newWorld(t)
	r := newGin(stytchgin.Require(w.auth), cache.CacheByRequestURI(persist.NewMemoryStore(time.Minute), time.Minute))
	r.GET("/page", func(c *gin.Context) {
		c.Header("X-Page", "1")
		c.String(http.StatusOK, "the same for all")
	})
	w.serve(r)
	alice, bob, carol := w.member("alice"), w.member("bob"), w.member("carol")
	w.get("/page", stale(alice)).has(http.StatusOK, "the same").sets(alice)
	w.get("/page", stale(bob)).has(http.StatusOK, "the same").sets(bob)
	if a := w.get("/page", live(carol)).has(http.StatusOK, "the same").setsNone(); a.Header.Get("X-Page") != "1" {
		t.Errorf("the cache does not answer: %v", a.Header)
	}
}

func TestGinGzipOutside(t *testing.T) {
	w := newWorld(t)
	r := newGin(gzip.Gzip(gzip.DefaultCompression))
	h, err := signin.New(w.auth, signin.Config{LoginURL: "/login"})
	if err != nil {
		t.Fatal(err)
	}
	stytchgin.Mount(r, h)
	r.GET("/me", stytchgin.Require(w.auth), ginMe)
	r.GET("/state", stytchgin.ServeState(w.auth))
	w.serve(r)
	alice := w.member("alice")
	const accept = "Accept-Encoding: gzip"
	w.get("/me", nil, accept).unpacked().has(http.StatusUnauthorized, "session_missing")
	w.get("/me", nil, accept, "Sec-Fetch-Mode: navigate").unpacked().has(http.StatusUnauthorized, "<h1>")
	w.get("/me", stale(alice), accept).unpacked().has(http.StatusOK, alice.MemberID).sets(alice)
	w.get("/state", live(alice), accept).unpacked().has(http.StatusOK, alice.MemberID)
	w.get("/auth/session", live(alice), accept).unpacked().has(http.StatusOK, alice.MemberID)
	w.get("/auth/nothing", nil, accept).unpacked().has(http.StatusNotFound, "not_found")
	bob := w.member("bob")
	bob.End()
	w.get("/me", stale(bob), accept).unpacked().has(http.StatusUnauthorized, "session_ended").clears()
}

func TestGinGzipInside(t *testing.T) {
	w := newWorld(t)
	r := newGin(stytchgin.Optional(w.auth), gzip.Gzip(gzip.DefaultCompression))
	r.GET("/me", stytchgin.Require(w.auth), ginMe)
	w.serve(r)
	alice := w.member("alice")
	w.get("/me", stale(alice), "Accept-Encoding: gzip").unpacked().has(http.StatusOK, alice.MemberID).sets(alice)
	w.get("/me", nil, "Accept-Encoding: gzip").unpacked().has(http.StatusUnauthorized, "session_missing")
}

// leftBehind is a writer that a middleware puts in the place of Gin's, and leaves there.
type leftBehind struct{ gin.ResponseWriter }

func TestGinAWriterThatIsReplacedOrThrownAway(t *testing.T) {
	w := newWorld(t)
	public := func(c *gin.Context) { c.Header("Cache-Control", "public, max-age=60") }
	r := newGin()
	guard := stytchgin.Require(w.auth)
	r.GET("/replaced", guard, func(c *gin.Context) { c.Writer = &leftBehind{c.Writer}; public(c); c.Status(http.StatusAccepted) })
	r.GET("/me", guard, public, ginMe)
	r.GET("/silent", guard, public, func(c *gin.Context) { c.Status(http.StatusAccepted) })
	r.GET("/open", public, ginMe)
	forward := func(to string) gin.HandlerFunc {
		return func(c *gin.Context) { c.Request.URL.Path = to; r.HandleContext(c) }
	}
	r.GET("/to-me", guard, forward("/me"))
	r.GET("/to-silent", guard, forward("/silent"))
	r.GET("/to-open", guard, forward("/open"))
	w.serve(r)
	alice := w.member("alice")
	w.get("/replaced", stale(alice)).has(http.StatusAccepted, "").sets(alice)
	w.get("/to-me", stale(alice)).has(http.StatusOK, alice.MemberID).sets(alice)
	w.get("/to-silent", stale(alice)).has(http.StatusAccepted, "").sets(alice)
	if a := w.get("/to-open", stale(alice)).has(http.StatusOK, alice.MemberID); len(a.Cookies()) > 0 {
		a.isPrivate()
	}
}

func TestGinStreamsBehindTheNetHTTPGuard(t *testing.T) {
	w := newWorld(t)
	r := newGin()
	r.GET("/stream", func(c *gin.Context) {
		left := 2
		c.Stream(func(out io.Writer) bool { left--; _, _ = io.WriteString(out, "event "); return left > 0 })
	})
	w.serve(stytchhttp.Require(w.auth)(r))
	alice := w.member("alice")
	w.get("/stream", stale(alice)).has(http.StatusOK, "event event").sets(alice)
}

func TestGinAHijackThatFailedHasSentNothing(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice")
	r := newGin(stytchgin.Optional(w.auth))
	r.GET("/x", func(c *gin.Context) {
		if _, _, err := c.Writer.Hijack(); err == nil {
			t.Error("a connection that cannot be hijacked was")
		}
		if err := stytchgin.SaveSession(c, w.auth, alice.Token, alice.JWT(), alice.ExpiresAt()); err != nil {
			t.Errorf("saving a session: %v", err)
		}
		c.Header("Cache-Control", "public")
		c.String(http.StatusOK, "text")
	})
	w.serve(unhijackable(r))
	w.get("/x", nil).has(http.StatusOK, "text").sets(alice)
}

func TestGinASubRequestWithAnothersCredentials(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice"), w.member("bob")
	r := newGin()
	r.GET("/me", stytchgin.Require(w.auth), ginMe)
	r.GET("/batch", stytchgin.Require(w.auth), func(c *gin.Context) {
		recorder := httptest.NewRecorder()
		r.ServeHTTP(recorder, subRequest(c.Request.Context(), bob))
		c.String(http.StatusOK, recorder.Body.String()+" for "+stytchgin.Session(c).MemberID())
	})
	w.serve(r)
	w.get("/batch", live(alice)).has(http.StatusOK, bob.MemberID+" for "+alice.MemberID).setsNone()
	w.get("/batch", stale(alice)).has(http.StatusOK, bob.MemberID+" for "+alice.MemberID).sets(alice)
}

func TestGinTheRequestIsHandedBack(t *testing.T) {
	w := newWorld(t)
	r := newGin(stytchgin.Require(w.auth))
	r.POST("/upload", func(c *gin.Context) {
		file, err := c.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		c.String(http.StatusOK, file.Filename)
	})
	w.serve(r)
	w.uploads(live(w.member("alice")))
}
