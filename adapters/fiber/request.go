package stytchfiber

import (
	"net/url"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// request is what the core sees of a Fiber request. Its strings point into fasthttp's buffers,
// which the next request reuses: the core copies what it keeps.
type request struct {
	c      *fiber.Ctx
	name   string   // of the header that was last asked for
	values [][]byte // its values
}

var _ stytchkit.Request = (*request)(nil)

// pool keeps requests from being allocated for each Check.
type pool struct{ sync.Pool }

func (p *pool) of(c *fiber.Ctx) *request {
	r, ok := p.Get().(*request)
	if !ok {
		r = new(request)
	}
	r.c = c
	return r
}

func (p *pool) put(r *request) {
	*r = request{}
	p.Put(r)
}

func (r *request) Method() string { return utils.UnsafeString(r.c.Request().Header.Method()) }

func (r *request) Host() string {
	_, host := r.split()
	return host
}

func (r *request) Target() string {
	path, _ := r.split()
	return path
}

func (r *request) split() (path, host string) {
	h := &r.c.Request().Header
	return stytchkit.SplitTarget(utils.UnsafeString(h.RequestURI()), utils.UnsafeString(h.Host()))
}

func (r *request) Header(name string, i int) (string, bool) {
	if r.name != name {
		r.name, r.values = name, r.c.Request().Header.PeekAll(name)
	}
	if i >= len(r.values) {
		return "", false
	}
	return utils.UnsafeString(r.values[i]), true
}

// Param decodes, which Fiber itself does only with UnescapePath.
func (r *request) Param(name string) string {
	value := r.c.Params(name)
	if strings.IndexByte(value, '%') < 0 || r.c.App().Config().UnescapePath {
		return value
	}
	if decoded, err := url.PathUnescape(value); err == nil {
		return decoded
	}
	return value
}

func (r *request) RemoteAddr() string { return r.c.Context().RemoteAddr().String() }

// header is the response's headers as the core writes them.
type header struct{ c *fiber.Ctx }

var _ stytchkit.ResponseHeader = header{}

// Set takes names as the core writes them, in canonical form: fasthttp need not look.
func (h header) Set(name, value string) {
	h.c.Response().Header.SetCanonical(utils.UnsafeBytes(name), utils.UnsafeBytes(value))
}

func (h header) Add(name, value string) { h.c.Response().Header.Add(name, value) }
func (h header) Del(name string)        { h.c.Response().Header.Del(name) }

// Values copies: fasthttp keeps cookies apart from the other headers, and reuses both.
func (h header) Values(name string) []string {
	var values []string
	if name == fiber.HeaderSetCookie {
		h.c.Response().Header.VisitAllCookie(func(_, line []byte) { values = append(values, string(line)) })
		return values
	}
	if h.c.Response().Header.Peek(name) == nil { // costs less than to find that all are none
		return nil
	}
	for _, value := range h.c.Response().Header.PeekAll(name) {
		values = append(values, string(value))
	}
	return values
}
