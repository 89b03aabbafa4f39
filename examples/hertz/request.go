package stytchhertz

import (
	"strings"

	"github.com/cloudwego/hertz/pkg/app"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// request is what the core sees of a request. Its strings are copies.
type request struct {
	stytchkit.Destination
	c *app.RequestContext
}

var _ stytchkit.Request = request{}

func requestOf(c *app.RequestContext) request {
	h := &c.Request.Header
	return request{stytchkit.DestinationOf(string(h.RequestURI()), string(h.Host())), c}
}

func (r request) Method() string           { return string(r.c.Request.Header.Method()) }
func (r request) Param(name string) string { return r.OneSegment(r.c.Param(name)) }
func (r request) RemoteAddr() string       { return r.c.RemoteAddr().String() }

// Header reads cookies from the wire: Hertz writes them anew once a handler has looked at one.
func (r request) Header(name string, i int) (string, bool) {
	h := &r.c.Request.Header
	if raw := h.RawHeaders(); name == "Cookie" && len(raw) > 0 {
		return cookieLine(string(raw), i)
	}
	if lines := h.PeekAll(name); i < len(lines) {
		return string(lines[i]), true
	}
	return "", false
}

func cookieLine(raw string, i int) (string, bool) {
	for line := range strings.Lines(raw) {
		name, value, _ := strings.Cut(line, ":")
		if !strings.EqualFold(name, "Cookie") {
			continue
		}
		if i == 0 {
			return strings.TrimSpace(value), true
		}
		i--
	}
	return "", false
}
