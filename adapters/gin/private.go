package stytchgin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// privateWriter keeps a response that sets session cookies out of shared caches, whatever the
// handler says: Cache-Control is set once more when the headers are committed.
type privateWriter struct{ gin.ResponseWriter }

var _ gin.ResponseWriter = (*privateWriter)(nil)

// keepPrivate puts a privateWriter in front of the response.
func keepPrivate(c *gin.Context) {
	if _, ok := c.Writer.(*privateWriter); !ok {
		c.Writer = &privateWriter{c.Writer}
	}
}

// commit is for a response that nobody has written: Gin then writes the headers past c.Writer.
func commit(c *gin.Context) {
	if w, ok := c.Writer.(*privateWriter); ok {
		w.commit()
	}
}

func (w *privateWriter) commit() {
	if !w.Written() {
		w.Header().Set("Cache-Control", stytchkit.PrivateNoStore)
	}
}

func (w *privateWriter) Write(body []byte) (int, error) {
	w.commit()
	return w.ResponseWriter.Write(body)
}

func (w *privateWriter) WriteString(body string) (int, error) {
	w.commit()
	return w.ResponseWriter.WriteString(body)
}

func (w *privateWriter) WriteHeaderNow() {
	w.commit()
	w.ResponseWriter.WriteHeaderNow()
}

func (w *privateWriter) Flush() {
	w.commit()
	w.ResponseWriter.Flush()
}

// Unwrap is for http.ResponseController.
func (w *privateWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
