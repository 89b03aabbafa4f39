package stytchhertz

import (
	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/network"
	"github.com/cloudwego/hertz/pkg/protocol"
	"github.com/cloudwego/hertz/pkg/protocol/http1/resp"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// header is the response's headers as the core writes them.
type header struct{ *protocol.ResponseHeader }

var _ stytchkit.ResponseHeader = header{}

func headerOf(c *app.RequestContext) header { return header{&c.Response.Header} }

// Set deletes first: by itself Hertz sets one of several lines.
func (h header) Set(name, value string) {
	h.Del(name)
	h.Add(name, value)
}

// Values leaves out the Content-Type that Hertz adds when it sends.
func (h header) Values(name string) []string {
	defer h.SetNoDefaultContentType(h.NoDefaultContentType())
	h.SetNoDefaultContentType(true)
	return stytchkit.LinesOf(name, h.VisitAll)
}

// beforeStreams has leave called before a stream that a handler begins sends the headers, and returns what
// ends that.
func beforeStreams(c *app.RequestContext, leave func()) (end func()) {
	conn := c.GetConn()
	if conn == nil { // of a request inside another
		return func() {}
	}
	watched := &sending{Conn: conn, c: c, leave: leave}
	if tls, ok := conn.(network.ConnTLSer); ok {
		c.SetConn(struct {
			*sending
			network.ConnTLSer
		}{watched, tls})
	} else {
		c.SetConn(watched)
	}
	return func() { c.SetConn(conn) }
}

// sending is a connection whose first piece is a response's headers.
type sending struct {
	network.Conn
	c     *app.RequestContext
	leave func()
	sent  bool
}

// Malloc takes the headers as they were without what is owed, and sends them with it.
func (s *sending) Malloc(n int) ([]byte, error) {
	if s.sent {
		return s.Conn.Malloc(n)
	}
	s.sent = true
	s.leave()
	return make([]byte, n), resp.WriteHeader(&s.c.Response.Header, s.Conn)
}
