package stytchhertz

import (
	"net/url"
	"strings"

	"github.com/cloudwego/hertz/pkg/app"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// request is what the core sees of a request. Its strings are copies.
type request struct{ c *app.RequestContext }

var _ stytchkit.Request = request{}

func (r request) Method() string     { return string(r.c.Request.Header.Method()) }
func (r request) RemoteAddr() string { return r.c.RemoteAddr().String() }

func (r request) Host() string {
	_, host := r.split()
	return host
}

func (r request) Target() string {
	target, _ := r.split()
	return target
}

func (r request) split() (target, host string) {
	h := &r.c.Request.Header
	return stytchkit.SplitTarget(string(h.RequestURI()), string(h.Host()))
}

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

// Param is empty where no segment of the path on the wire is the value: Hertz decodes a path before it cleans
// and splits it, and so makes one value of what several segments were, or several of one.
func (r request) Param(name string) string {
	value := r.c.Param(name)
	path, _, _ := strings.Cut(r.Target(), "?")
	for segment := range strings.SplitSeq(path, "/") {
		decoded, err := url.PathUnescape(segment)
		if err != nil {
			decoded = segment
		}
		if decoded == value {
			return value
		}
	}
	return ""
}
