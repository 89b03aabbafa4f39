package response

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Bridge is a request of a framework without net/http, for a handler of net/http. Nothing in it may
// point into buffers that the framework reuses: what is reused is copied here where it is said so.
type Bridge struct {
	Context       context.Context //nolint:containedctx // the request's own
	Method        string          // copied
	Target, Host  string          // copied
	RemoteAddr    string
	TLS           *tls.ConnectionState
	RequestHeader iter.Seq2[string, string] // copied; without Host, Cookie lines as they were sent
	Body          io.Reader                 // read until the handler has returned, and no longer
	ContentLength int64                     // of Body; -1: not known
	Header        http.Header               // of the response, as it is so far; the handler's in the end

	sent *sent
}

// Serve has the handler answer, and returns its status and body.
func (b *Bridge) Serve(h http.Handler) (status int, body []byte, err error) {
	r, err := b.request()
	if err != nil {
		return 0, nil, err
	}
	w := &bridged{header: b.Header}
	defer b.sent.end()
	h.ServeHTTP(w, r)
	w.WriteHeader(http.StatusOK)
	return w.status, w.body.Bytes(), nil
}

// ReadWhole reports whether the handler has read the body to its end. Where it has not, and the body was
// still on its way, the connection cannot serve another request.
func (b *Bridge) ReadWhole() bool { return b.sent != nil && b.sent.isRead() }

func (b *Bridge) request() (*http.Request, error) {
	target := strings.Clone(b.Target)
	address, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, err
	}
	b.sent = &sent{from: b.Body}
	r := &http.Request{
		Method: strings.Clone(b.Method), URL: address, RequestURI: target,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Host: strings.Clone(b.Host), RemoteAddr: b.RemoteAddr, TLS: b.TLS, Header: http.Header{},
		Body: io.NopCloser(b.sent), ContentLength: b.ContentLength,
	}
	for name, value := range b.RequestHeader {
		r.Header.Add(strings.Clone(name), strings.Clone(value))
	}
	return r.WithContext(b.Context), nil
}

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

// sent is a request's body, while its handler runs: then the framework reuses what it is read from.
type sent struct {
	mu          sync.Mutex
	from        io.Reader
	read, ended bool
}

func (s *sent) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return 0, http.ErrBodyReadAfterClose
	}
	n, err := s.from.Read(p)
	s.read = s.read || errors.Is(err, io.EOF)
	return n, err
}

func (s *sent) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
}

func (s *sent) isRead() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read
}
