package stytchkit

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Bridge is a request of a framework without net/http, for a handler of net/http such as what Mount
// takes. What the framework reuses is copied where it is said so.
type Bridge struct {
	Context       context.Context //nolint:containedctx // the request's own
	Method        string          // copied
	Target, Host  string          // copied
	RemoteAddr    string
	TLS           *tls.ConnectionState
	RequestHeader iter.Seq2[string, string] // copied; without Host, Cookie lines as they were sent
	Body          []byte                    // read until the handler returns
	Stream        io.Reader                 // in the place of Body: still to come from the client, read as far as the handler does
	StreamLength  int64                     // what the client says; -1: not known
	Header        http.Header               // of the response, as it is so far; the handler's in the end
}

// Serve has the handler answer, and returns its status and body. Where it left some of Stream unread,
// the answer's headers say that the connection closes. It fails where Target is none, which no server
// hands on: answer 400.
func (b *Bridge) Serve(h http.Handler) (status int, body []byte, err error) {
	r, err := b.request()
	if err != nil {
		return 0, nil, err
	}
	sent := b.body()
	defer sent.end()
	r.Body, r.ContentLength = sent, sent.length
	w := &bridged{header: b.Header}
	h.ServeHTTP(w, r)
	w.WriteHeader(http.StatusOK)
	if sent.end(); b.Stream != nil && sent.isLeft() {
		w.header.Set("Connection", "close")
	}
	return w.status, w.body.Bytes(), nil
}

func (b *Bridge) request() (*http.Request, error) {
	target := strings.Clone(b.Target)
	address, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, err
	}
	r := &http.Request{
		Method: strings.Clone(b.Method), URL: address, RequestURI: target,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Host: strings.Clone(b.Host), RemoteAddr: b.RemoteAddr, TLS: b.TLS, Header: http.Header{},
	}
	for name, value := range b.RequestHeader {
		r.Header.Add(strings.Clone(name), strings.Clone(value))
	}
	return r.WithContext(b.Context), nil
}

func (b *Bridge) body() *bridgedBody {
	if b.Stream != nil {
		return &bridgedBody{from: b.Stream, length: b.StreamLength}
	}
	return &bridgedBody{from: bytes.NewReader(b.Body), length: int64(len(b.Body))}
}

// bridgedBody is read until the handler returns: then the framework reuses what it comes from.
type bridgedBody struct {
	mu     sync.Mutex
	from   io.Reader // nil from then on
	length int64
	read   int64
	ended  bool
}

var _ io.ReadCloser = (*bridgedBody)(nil)

func (b *bridgedBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.from == nil {
		return 0, http.ErrBodyReadAfterClose
	}
	n, err := b.from.Read(p)
	b.read += int64(n)
	b.ended = b.ended || err == io.EOF
	return n, err
}

// Close implements [io.Closer].
func (b *bridgedBody) Close() error {
	b.end()
	return nil
}

func (b *bridgedBody) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.from = nil
}

// isLeft reports whether the client has more to send.
func (b *bridgedBody) isLeft() bool { return !b.ended && b.read != b.length }

// bridged keeps the answer until the handler has returned.
type bridged struct {
	header http.Header
	status int
	body   bytes.Buffer
}

var _ http.ResponseWriter = (*bridged)(nil)

func (w *bridged) Header() http.Header { return w.header }

func (w *bridged) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *bridged) Write(body []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(body)
}
