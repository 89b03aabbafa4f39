package company_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	coder "github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
)

func me(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, stytchhttp.Session(r).MemberID())
}

func TestATimeoutHandlerInside(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	late := make(chan error, 1)
	bob := w.member("bob")
	mux := http.NewServeMux()
	mux.HandleFunc("/theme", func(rw http.ResponseWriter, r *http.Request) {
		http.SetCookie(rw, &http.Cookie{Name: "theme", Value: "dark"})
		rw.Header().Set("Cache-Control", "public")
		me(rw, r)
	})
	mux.HandleFunc("/late", func(rw http.ResponseWriter, r *http.Request) {
		<-release
		late <- stytchhttp.SaveSession(rw, r, w.auth, bob.Token, bob.JWT(), bob.ExpiresAt())
	})
	guard := stytchhttp.Require(w.auth)
	outer := http.NewServeMux()
	outer.Handle("/theme", guard(http.TimeoutHandler(mux, time.Minute, "too late")))
	outer.Handle("/late", guard(http.TimeoutHandler(mux, time.Millisecond, "too late")))
	w.serve(outer)
	alice := w.member("alice")
	w.get("/theme", stale(alice)).has(http.StatusOK, alice.MemberID).sets(alice)
	w.get("/late", stale(alice)).has(http.StatusServiceUnavailable, "too late").sets(alice)
	close(release)
	if err := <-late; err == nil {
		t.Error("a session was saved after its response had timed out, and lost")
	}
}

func TestBehindATimeoutHandlerAnUpgradeIsCleanlyRefused(t *testing.T) {
	w := newWorld(t)
	guarded := stytchhttp.Require(w.auth)(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if _, ok := rw.(http.Flusher); ok {
			t.Error("Flusher is claimed where there is none")
		}
		_, _ = coder.Accept(rw, r, nil)
	}))
	w.serve(http.TimeoutHandler(guarded, time.Minute, "too late"))
	w.get("/ws", stale(w.member("alice")), "Connection: Upgrade", "Upgrade: websocket",
		"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==").has(http.StatusNotImplemented, "")
}

func TestWebSocketsSetCookiesOnTheUpgrade(t *testing.T) {
	w := newWorld(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/gorilla", func(rw http.ResponseWriter, r *http.Request) {
		var upgrader gorilla.Upgrader
		conn, err := upgrader.Upgrade(rw, r, rw.Header())
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_ = conn.WriteMessage(gorilla.TextMessage, []byte("hello"))
	})
	mux.HandleFunc("/coder", func(rw http.ResponseWriter, r *http.Request) {
		conn, err := coder.Accept(rw, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.CloseNow()
		_ = conn.Write(r.Context(), coder.MessageText, []byte("hello"))
	})
	backend := httptest.NewServer(mux)
	t.Cleanup(backend.Close)
	target, err := url.Parse(backend.URL)
	if err != nil {
		t.Fatal(err)
	}
	app := http.NewServeMux()
	app.Handle("/", mux)
	app.Handle("/proxied/", http.StripPrefix("/proxied", httputil.NewSingleHostReverseProxy(target)))
	w.serve(stytchhttp.Require(w.auth)(app))
	alice := w.member("alice")
	for _, path := range []string{"/gorilla", "/coder", "/proxied/gorilla", "/proxied/coder"} {
		conn, res, err := gorilla.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(w.url, "http")+path, cookieHeader(stale(alice)))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		(&answer{w: w, Response: res}).has(http.StatusSwitchingProtocols, "").sets(alice)
		if _, text, err := conn.ReadMessage(); err != nil || string(text) != "hello" {
			t.Errorf("%s: read %q, %v", path, text, err)
		}
		_ = conn.Close()
	}
}

func TestAReverseProxyInside(t *testing.T) {
	w := newWorld(t)
	backend := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Link", "</a.css>; rel=preload")
		rw.WriteHeader(http.StatusEarlyHints)
		rw.Header().Set("Cache-Control", "public, max-age=60")
		rw.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(rw, "upstream")
		rw.Header().Set("X-Sum", "1")
	}))
	t.Cleanup(backend.Close)
	target, err := url.Parse(backend.URL)
	if err != nil {
		t.Fatal(err)
	}
	w.serve(stytchhttp.Require(w.auth)(httputil.NewSingleHostReverseProxy(target)))
	alice := w.member("alice")
	if a := w.get("/", stale(alice)).has(http.StatusOK, "upstream").sets(alice); a.Trailer.Get("X-Sum") != "1" {
		t.Errorf("the trailer is lost: %v", a.Trailer)
	}
	if a := w.get("/", live(alice)).has(http.StatusOK, "upstream").setsNone(); len(a.Header.Values("Cache-Control")) != 1 || a.Header.Get("Cache-Control") != "public, max-age=60" {
		t.Errorf("Cache-Control %q, want the upstream's alone", a.Header.Values("Cache-Control"))
	}
}

func TestWhatFailedHasSentNothing(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice")
	h := stytchhttp.Optional(w.auth)(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if _, _, err := http.NewResponseController(rw).Hijack(); err == nil {
			t.Error("a connection that cannot be hijacked was")
		}
		if err := stytchhttp.SaveSession(rw, r, w.auth, alice.Token, alice.JWT(), alice.ExpiresAt()); err != nil {
			t.Errorf("saving a session: %v", err)
		}
		rw.Header().Set("Cache-Control", "public")
		_, _ = io.WriteString(rw, "text")
	}))
	w.serve(unhijackable(h))
	w.get("/", nil).has(http.StatusOK, "text").sets(alice)

	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := s.Client().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.MinVersion = tls.VersionTLS12
	res, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.ProtoMajor != 2 {
		t.Fatalf("got %s, want HTTP/2", res.Proto)
	}
	(&answer{w: w, Response: res}).sets(alice)
}

func TestASubRequestWithAnothersCredentials(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice"), w.member("bob")
	inner := stytchhttp.Require(w.auth)(http.HandlerFunc(me))
	mux := http.NewServeMux()
	mux.HandleFunc("/batch", func(rw http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		inner.ServeHTTP(recorder, subRequest(r.Context(), bob))
		_, _ = io.WriteString(rw, recorder.Body.String()+" for "+stytchhttp.Session(r).MemberID())
	})
	mux.HandleFunc("/in-place", func(rw http.ResponseWriter, r *http.Request) {
		inner.ServeHTTP(rw, subRequest(r.Context(), bob))
	})
	w.serve(stytchhttp.Require(w.auth)(mux))
	w.get("/batch", live(alice)).has(http.StatusOK, bob.MemberID+" for "+alice.MemberID).setsNone()
	w.get("/batch", stale(alice)).has(http.StatusOK, bob.MemberID+" for "+alice.MemberID).sets(alice)
	w.get("/in-place", live(alice)).has(http.StatusOK, bob.MemberID).setsNone()
	w.get("/in-place", stale(alice)).has(http.StatusOK, bob.MemberID).sets(alice)
}

func TestTheRequestIsHandedBack(t *testing.T) {
	w := newWorld(t)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /upload", func(rw http.ResponseWriter, r *http.Request) {
		_, file, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(rw, file.Filename)
	})
	mux.HandleFunc("GET /orgs/{org}/files/{path...}", me)
	seen := make(chan string, 2)
	guarded := stytchhttp.Require(w.auth)(mux)
	w.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { // as metrics do
		guarded.ServeHTTP(rw, r)
		seen <- r.Pattern + " " + r.PathValue("org") + " " + r.PathValue("path")
	}))
	cookies := live(w.member("alice"))
	w.get("/orgs/acme/files/a/b", cookies).has(http.StatusOK, "")
	if got := <-seen; got != "GET /orgs/{org}/files/{path...} acme a/b" {
		t.Errorf("outside, the request has %q", got)
	}
	w.uploads(cookies)
}
