package stytchfiber

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Mount serves core/signin's handler under its prefix. Call it on the App, or on a group without a
// path of its own: the handler sees whole paths.
func Mount(r fiber.Router, h stytchkit.Mountable) {
	r.All(h.Prefix()+"/*", func(c *fiber.Ctx) error {
		req, err := standard(c)
		if err != nil {
			return fiber.ErrBadRequest
		}
		w := &response{c: c, header: http.Header{}, status: http.StatusOK}
		for _, name := range []string{fiber.HeaderSetCookie, fiber.HeaderVary} { // what a guard has set
			w.header[name] = header{c}.Values(name)
		}
		h.ServeHTTP(w, req)
		w.commit()
		return nil
	})
}

// standard is the request as net/http has it. Fiber's own adaptor keeps one value of each header, and
// re-serializes cookies; this one copies everything, so that nothing points into fasthttp's buffers.
func standard(c *fiber.Ctx) (*http.Request, error) {
	r := &request{c: c}
	target := strings.Clone(r.Target())
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, err
	}
	body := bytes.Clone(c.Request().Body())
	req := &http.Request{
		Method: string(c.Request().Header.Method()), URL: u, RequestURI: target,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Host: strings.Clone(r.Host()), RemoteAddr: r.RemoteAddr(),
		TLS: c.Context().TLSConnectionState(), Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderCookie) { // before VisitAll re-serializes them
		req.Header.Add(fiber.HeaderCookie, string(line))
	}
	c.Request().Header.VisitAll(func(name, value []byte) {
		if n := string(name); n != fiber.HeaderCookie && n != fiber.HeaderHost {
			req.Header.Add(n, string(value))
		}
	})
	return req.WithContext(c.UserContext()), nil
}

// response is Fiber's response as net/http has it.
type response struct {
	c      *fiber.Ctx
	header http.Header
	status int
}

var _ http.ResponseWriter = (*response)(nil)

func (w *response) Header() http.Header    { return w.header }
func (w *response) WriteHeader(status int) { w.status = status }

func (w *response) Write(body []byte) (int, error) { return w.c.Write(body) }

func (w *response) commit() {
	w.c.Status(w.status)
	for name, values := range w.header {
		header{w.c}.Del(name)
		for _, value := range values {
			header{w.c}.Add(name, value)
		}
	}
}
