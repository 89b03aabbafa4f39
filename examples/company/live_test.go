package company_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
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
	"github.com/stytchkit/stytchkit/core/adaptertest"
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

func dial(ctx context.Context, url string, header http.Header) (adaptertest.Conn, error) {
	conn, res, err := ws.DefaultDialer.DialContext(ctx, url, header)
	if res != nil {
		_ = res.Body.Close()
	}
	return conn, err
}

func TestWebSocketsEndWithTheirSession(t *testing.T) {
	for name, build := range map[string]func(*stytchkit.Authenticator) adaptertest.Server{
		"coder":            onHTTP(serveCoder),
		"gorilla":          onHTTP(serveGorilla),
		"coder on echo5":   onEcho5(serveCoder),
		"gorilla on echo5": onEcho5(serveGorilla),
		"fiber":            onFiber(serveFiberWebSocket),
	} {
		t.Run(name, func(t *testing.T) { adaptertest.RunWebSocket(t, build, dial) })
	}
}

func TestEventStreamsEndWithTheirSession(t *testing.T) {
	for name, build := range map[string]func(*stytchkit.Authenticator) adaptertest.Server{
		"net/http": onHTTP(serveEvents),
		"gin": func(auth *stytchkit.Authenticator) adaptertest.Server {
			r := gin.New()
			r.GET("/", stytchgin.Require(auth), func(c *gin.Context) { serveEvents(c.Writer, c.Request) })
			return &http.Server{Handler: r}
		},
		"echo": func(auth *stytchkit.Authenticator) adaptertest.Server {
			e := newEcho()
			e.GET("/", func(c echo.Context) error { serveEvents(c.Response(), c.Request()); return nil }, stytchecho.Require(auth))
			return &http.Server{Handler: e}
		},
		"echo5": onEcho5(serveEvents),
		"fiber": onFiber(serveFiberEvents),
	} {
		t.Run(name, func(t *testing.T) { adaptertest.RunEvents(t, build) })
	}
}

func onHTTP(serve http.HandlerFunc) func(*stytchkit.Authenticator) adaptertest.Server {
	return func(auth *stytchkit.Authenticator) adaptertest.Server {
		return &http.Server{Handler: stytchhttp.Require(auth)(serve)}
	}
}

func onEcho5(serve http.HandlerFunc) func(*stytchkit.Authenticator) adaptertest.Server {
	return func(auth *stytchkit.Authenticator) adaptertest.Server {
		e := newEcho5()
		e.GET("/", func(c *echo5.Context) error { serve(c.Response(), c.Request()); return nil }, stytchecho5.Require(auth))
		return &http.Server{Handler: e}
	}
}

func onFiber(serve fiber.Handler) func(*stytchkit.Authenticator) adaptertest.Server {
	return func(auth *stytchkit.Authenticator) adaptertest.Server {
		app := newFiber()
		app.Get("/", stytchfiber.Require(auth), serve)
		return fiberServer{app}
	}
}
