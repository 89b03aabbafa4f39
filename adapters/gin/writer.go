package stytchgin

import (
	"bufio"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// writer meets what is owed when the headers go out. It claims what Gin's own writer claims.
type writer struct {
	gin.ResponseWriter
	headers stytchkit.Headers
}

var _ gin.ResponseWriter = (*writer)(nil)

// enter puts the writer in front of the response, unless an outer guard's is still there: Gin throws
// writers away when a context is re-entered.
func enter(c *gin.Context, in *stytchkit.Entered[writer]) *writer {
	outer, bare := beneath(c.Writer)
	owed := in.Response()
	switch {
	case in.IsOutermost() && outer != nil:
		owed = new(stytchkit.Response) // of other credentials: this is not the place to meet it
	case !in.IsOutermost() && !bare:
		if outer != nil {
			outer.headers.Split(outer.ResponseWriter.Header())
		}
		return nil
	}
	return watch(c, &in.Beside, owed)
}

func watch(c *gin.Context, w *writer, owed *stytchkit.Response) *writer {
	w.ResponseWriter = c.Writer
	w.headers.Begin(owed, c.Writer.Header())
	c.Writer = w
	return w
}

// leave is called when the guard returns.
func (w *writer) leave(c *gin.Context, given *http.Request) {
	stytchkit.HandBack(c.Request, given)
	if w != nil {
		w.headers.End(w.ResponseWriter.Header(), c.Writer.Header())
	}
}

// beneath finds a guard's writer under others'; bare: there is nothing but Gin's own.
func beneath(w gin.ResponseWriter) (found *writer, bare bool) {
	for {
		if found, ok := w.(*writer); ok {
			return found, false
		}
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil, false
		}
		if w, ok = wrapper.Unwrap().(gin.ResponseWriter); !ok {
			return nil, true
		}
	}
}

// isWritten reports whether the headers are out. Gin says so of a Hijack that failed, too.
func isWritten(w gin.ResponseWriter) bool {
	if found, _ := beneath(w); found != nil {
		return found.headers.Sent()
	}
	return w.Written()
}

func (w *writer) Header() http.Header { return w.headers.Inside(w.ResponseWriter.Header()) }

func (w *writer) send() { w.headers.Send(w.ResponseWriter.Header()) }

func (w *writer) Write(body []byte) (int, error) {
	w.send()
	return w.ResponseWriter.Write(body)
}

func (w *writer) WriteString(body string) (int, error) {
	w.send()
	return w.ResponseWriter.WriteString(body)
}

func (w *writer) WriteHeaderNow() {
	w.send()
	w.ResponseWriter.WriteHeaderNow()
}

func (w *writer) Flush() {
	w.send()
	w.ResponseWriter.Flush()
}

func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := w.ResponseWriter.Hijack()
	if err == nil {
		w.headers.Hijacked(w.ResponseWriter.Header())
	}
	return conn, buffered, err
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
