package bridge

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

// Body is a request's body. It is read until the handler returns: then the framework reuses what it
// comes from.
type Body struct {
	mu     sync.Mutex
	from   io.Reader // nil from then on
	length int64
	read   int64
	ended  bool // the client has no more to send
}

var _ io.ReadCloser = (*Body)(nil)

// Whole is a body that has come.
func Whole(body []byte) *Body {
	return &Body{from: bytes.NewReader(body), length: int64(len(body)), ended: true}
}

// Coming is a body that the client still sends; length is what it says, or -1.
func Coming(from io.Reader, length int64) *Body { return &Body{from: from, length: length} }

// Read implements [io.Reader].
func (b *Body) Read(p []byte) (int, error) {
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
func (b *Body) Close() error {
	b.end()
	return nil
}

func (b *Body) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.from = nil
}

// isLeft reports whether the client has more to send.
func (b *Body) isLeft() bool { return !b.ended && b.read != b.length }
