package company_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	coder "github.com/coder/websocket"
	ws "github.com/fasthttp/websocket"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
	gorilla "github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
	stytchecho5 "github.com/stytchkit/stytchkit/adapters/echo5"
	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// The functions below are the samples of docs/live.md, as they stand there.

func serveCoder(w http.ResponseWriter, r *http.Request) {
	live, stop := stytchkit.Live(r.Context())
	defer stop()
	conn, err := coder.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	defer context.AfterFunc(live, func() {
		var denial *stytchkit.Denial
		if errors.As(context.Cause(live), &denial) {
			_ = conn.Close(coder.StatusCode(denial.CloseCode()), denial.Code)
		}
	})()
	for {
		kind, message, err := conn.Read(r.Context()) // not live: that would cut it without a close frame
		if err != nil {
			return
		}
		_ = conn.Write(r.Context(), kind, message)
	}
}

func serveGorilla(w http.ResponseWriter, r *http.Request) {
	live, stop := stytchkit.Live(r.Context())
	defer stop()
	var upgrader gorilla.Upgrader
	conn, err := upgrader.Upgrade(w, r, w.Header())
	if err != nil {
		return
	}
	defer conn.Close()
	defer context.AfterFunc(live, func() {
		var denial *stytchkit.Denial
		if errors.As(context.Cause(live), &denial) {
			soon := time.Now().Add(5 * time.Second)
			_ = conn.WriteControl(gorilla.CloseMessage, gorilla.FormatCloseMessage(denial.CloseCode(), denial.Code), soon)
			_ = conn.SetReadDeadline(soon)
		}
	})()
	for {
		kind, message, err := conn.ReadMessage()
		if err != nil {
			return
		}
		_ = conn.WriteMessage(kind, message)
	}
}

func serveFiberWebSocket(c *fiber.Ctx) error {
	live, stop := stytchkit.Live(c.UserContext()) // before the upgrade: then c is another request's
	err := websocket.New(func(conn *websocket.Conn) {
		defer stop()
		defer context.AfterFunc(live, func() {
			var denial *stytchkit.Denial
			if errors.As(context.Cause(live), &denial) {
				soon := time.Now().Add(5 * time.Second)
				_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(denial.CloseCode(), denial.Code), soon)
				_ = conn.SetReadDeadline(soon)
			}
		})()
		for {
			kind, message, err := conn.ReadMessage()
			if err != nil {
				return
			}
			_ = conn.WriteMessage(kind, message)
		}
	})(c)
	if err != nil {
		stop()
	}
	return err
}

func serveEvents(w http.ResponseWriter, r *http.Request) {
	live, stop := stytchkit.Live(r.Context())
	defer stop()
	flush := http.NewResponseController(w).Flush
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = fmt.Fprint(w, "event: hello\ndata: {}\n\n")
	_ = flush()
	<-live.Done() // and what you have to send, meanwhile
	var denial *stytchkit.Denial
	if errors.As(context.Cause(live), &denial) {
		_, _ = fmt.Fprintf(w, "event: denied\ndata: {\"code\":%q}\n\n", denial.Code)
	}
}

func serveFiberEvents(c *fiber.Ctx) error {
	c.Set("Content-Type", "text/event-stream")
	if c.Method() == fiber.MethodHead {
		return nil // fasthttp ends a stream that it does not send, too, and breaks the connection by that
	}
	live, stop := stytchkit.Live(c.UserContext()) // the stream is written when c is another request's
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer stop()
		_, _ = w.WriteString("event: hello\ndata: {}\n\n")
		if w.Flush() != nil {
			return
		}
		<-live.Done()
		var denial *stytchkit.Denial
		if errors.As(context.Cause(live), &denial) {
			_, _ = fmt.Fprintf(w, "event: denied\ndata: {\"code\":%q}\n\n", denial.Code)
		}
	})
	return nil
}

func (w *world) signOut(p person) {
	w.Helper()
	if _, err := w.auth.EndSession(w.Context(), stytchkit.HTTPRequest{R: p.BearerRequest(http.MethodPost, "/")}); err != nil {
		w.Error(err)
	}
}

func (w *world) nothingIsWatched() {
	w.Helper()
	for deadline := time.Now().Add(5 * time.Second); w.auth.Health().Connections > 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			w.Fatalf("%d sessions are watched, for connections that have ended", w.auth.Health().Connections)
		}
	}
}

func TestWebSocketsEndWithTheirSession(t *testing.T) {
	for name, serve := range map[string]func(*world){
		"coder":   func(w *world) { w.serve(stytchhttp.Require(w.auth)(http.HandlerFunc(serveCoder))) },
		"gorilla": func(w *world) { w.serve(stytchhttp.Require(w.auth)(http.HandlerFunc(serveGorilla))) },
		"coder on echo5": func(w *world) {
			e := newEcho5()
			e.GET("/", func(c *echo5.Context) error { serveCoder(c.Response(), c.Request()); return nil }, stytchecho5.Require(w.auth))
			w.serve(e)
		},
		"gorilla on echo5": func(w *world) {
			e := newEcho5()
			e.GET("/", func(c *echo5.Context) error { serveGorilla(c.Response(), c.Request()); return nil }, stytchecho5.Require(w.auth))
			w.serve(e)
		},
		"fiber": func(w *world) {
			app := newFiber()
			app.Get("/", stytchfiber.Require(w.auth), serveFiberWebSocket)
			w.serveFiber(app)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			serve(w)
			alice := w.member("alice")
			conn, _, err := ws.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(w.url, "http")+"/", cookieHeader(live(alice)))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.WriteMessage(ws.TextMessage, []byte("hello")); err != nil {
				t.Fatal(err)
			}
			if _, text, err := conn.ReadMessage(); err != nil || string(text) != "hello" {
				t.Fatalf("read %q, %v", text, err)
			}
			w.signOut(alice)
			var closed *ws.CloseError
			if _, _, err := conn.ReadMessage(); !errors.As(err, &closed) || closed.Code != 4401 || closed.Text != stytchkit.CodeSessionEnded {
				t.Errorf("after the sign-out: %v, want it closed by 4401 session_ended", err)
			}
			w.nothingIsWatched()
		})
	}
}

func TestEventStreamsEndWithTheirSession(t *testing.T) {
	for name, serve := range map[string]func(*world){
		"net/http": func(w *world) { w.serve(stytchhttp.Require(w.auth)(http.HandlerFunc(serveEvents))) },
		"gin": func(w *world) {
			r := gin.New()
			r.GET("/", stytchgin.Require(w.auth), func(c *gin.Context) { serveEvents(c.Writer, c.Request) })
			w.serve(r)
		},
		"echo": func(w *world) {
			e := newEcho()
			e.GET("/", func(c echo.Context) error { serveEvents(c.Response(), c.Request()); return nil }, stytchecho.Require(w.auth))
			w.serve(e)
		},
		"echo5": func(w *world) {
			e := newEcho5()
			e.GET("/", func(c *echo5.Context) error { serveEvents(c.Response(), c.Request()); return nil }, stytchecho5.Require(w.auth))
			w.serve(e)
		},
		"fiber": func(w *world) {
			app := newFiber()
			app.Get("/", stytchfiber.Require(w.auth), serveFiberEvents)
			w.serveFiber(app)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			serve(w)
			alice := w.member("alice")
			res, err := http.DefaultClient.Do(w.request(http.MethodGet, "/", live(alice)))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			lines := bufio.NewScanner(res.Body)
			if !lines.Scan() || lines.Text() != "event: hello" {
				t.Fatalf("it begins with %q, %v", lines.Text(), lines.Err())
			}
			w.signOut(alice)
			var rest []string
			for lines.Scan() {
				rest = append(rest, lines.Text())
			}
			if got := strings.Join(rest, "\n"); lines.Err() != nil || !strings.Contains(got, "event: denied\ndata: {\"code\":\"session_ended\"}") {
				t.Errorf("it ends with %q, %v", got, lines.Err())
			}
			w.nothingIsWatched()
		})
	}
}
