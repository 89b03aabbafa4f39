package stytchgin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// writer meets what is owed when the headers of Gin's own writer go out, and claims what that claims.
type writer struct {
	stytchkit.Writer
	gin gin.ResponseWriter // beneath, for what is Gin's alone
}

var _ gin.ResponseWriter = (*writer)(nil)

// room is what a request needs inside a guard.
type room struct {
	writer
	request http.Request
}

// enter puts the writer in front of the response, unless an outer guard's is still there: Gin throws
// writers away when a context is re-entered.
func enter(c *gin.Context, in *stytchkit.Entered[room]) *writer {
	if !in.Watch(&in.Beside.Writer, c.Writer, isBare(c.Writer)) {
		return nil
	}
	return in.Beside.replace(c)
}

// watch is for a session that is saved where no guard stands.
func watch(c *gin.Context, owed *stytchkit.Response) {
	w := new(writer)
	w.Begin(owed, c.Writer)
	w.replace(c)
}

func (w *writer) replace(c *gin.Context) *writer {
	w.gin, c.Writer = c.Writer, w
	return w
}

// leave is called when the guard returns.
func (w *writer) leave(c *gin.Context, given *http.Request) {
	stytchkit.HandBack(c.Request, given)
	if w != nil {
		w.End(c.Writer.Header())
	}
}

// isBare reports whether w is Gin's own, with nothing in front.
func isBare(w gin.ResponseWriter) bool {
	wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
	if !ok {
		return false
	}
	_, wrapped := wrapper.Unwrap().(gin.ResponseWriter)
	return !wrapped
}

func (w *writer) Status() int              { return w.gin.Status() }
func (w *writer) Size() int                { return w.gin.Size() }
func (w *writer) Written() bool            { return w.gin.Written() }
func (w *writer) Pusher() http.Pusher      { return w.gin.Pusher() }
func (w *writer) CloseNotify() <-chan bool { return w.gin.CloseNotify() }

// WriteHeader notes the status: Gin sends it later.
func (w *writer) WriteHeader(status int) { w.gin.WriteHeader(status) }

// WriteHeaderNow sends it.
func (w *writer) WriteHeaderNow() {
	w.Send()
	w.gin.WriteHeaderNow()
}
