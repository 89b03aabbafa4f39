package stytchecho

import (
	"net/http"

	"github.com/labstack/echo/v5"
)

// writer is where a response is written: beneath Echo's own response, which notes neither a Flush nor a
// Hijack. Where that is wrapped by what hides it, it is what stands there.
type writer struct {
	c       *echo.Context
	echo    *echo.Response // nil: hidden
	beneath http.ResponseWriter
}

func writerOf(c *echo.Context) writer {
	if response, err := echo.UnwrapResponse(c.Response()); err == nil {
		return writer{c, response, response.ResponseWriter}
	}
	return writer{c, nil, c.Response()}
}

// set puts another in the place of what is beneath.
func (w writer) set(to http.ResponseWriter) {
	if w.echo != nil {
		w.echo.ResponseWriter = to
		return
	}
	w.c.SetResponse(to)
}

func (w writer) isWritten() bool { return w.echo != nil && w.echo.Committed }
