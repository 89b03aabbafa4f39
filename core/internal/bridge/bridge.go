// Package bridge has a handler of net/http answer the request of a framework that is not over net/http:
// [Request] makes it one of net/http, and [Serve] keeps the answer until the framework takes it.
package bridge

import (
	"bytes"
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"strings"
)

// Sent is the part of stytchkit.Request that a request of net/http is made of.
type Sent interface {
	Method() string
	Host() string
	Target() string
	Header(name string, i int) (value string, ok bool)
	RemoteAddr() string
}

// Request is sent as a request of net/http, without a body. visit goes through the headers; cookies are read
// from the wire in its place, as frameworks write those anew. What the framework reuses is copied. It fails
// where the target is none.
func Request(ctx context.Context, sent Sent, visit func(func(name, value []byte)), tls *tls.ConnectionState) (*http.Request, error) {
	target := strings.Clone(sent.Target())
	address, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, err
	}
	r := &http.Request{
		Method: strings.Clone(sent.Method()), URL: address, RequestURI: target,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Host: strings.Clone(sent.Host()), RemoteAddr: sent.RemoteAddr(), TLS: tls, Header: http.Header{},
	}
	for i := 0; ; i++ {
		line, ok := sent.Header("Cookie", i)
		if !ok {
			break
		}
		r.Header.Add("Cookie", strings.Clone(line))
	}
	visit(func(name, value []byte) {
		if n := string(name); n != "Cookie" && n != "Host" {
			r.Header.Add(n, string(value))
		}
	})
	return r.WithContext(ctx), nil
}

// Serve has the handler answer; header is the response's as it is so far, and the answer's in the end. Where
// it left some of the body to come, that says that the connection closes.
func Serve(h http.Handler, r *http.Request, body *Body, header http.Header) (status int, answer []byte) {
	defer body.end()
	r.Body, r.ContentLength = body, body.length
	w := &kept{header: header}
	h.ServeHTTP(w, r)
	w.WriteHeader(http.StatusOK)
	if body.end(); body.isLeft() {
		header.Set("Connection", "close")
	}
	return w.status, w.body.Bytes()
}

// kept is the answer, until the handler has returned.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

var _ http.ResponseWriter = (*kept)(nil)

func (w *kept) Header() http.Header { return w.header }

func (w *kept) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *kept) Write(body []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(body)
}
