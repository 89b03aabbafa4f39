package stytchconnect

import (
	"context"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"

	stytchrpc "github.com/stytchkit/stytchkit/adapters/rpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Streams ends streams of connect v1's handlers when the session ends that they rest on, as [stytchkit.Live]
// says: the context of the handler is done, what it waits for from the client comes no more, and the call
// ends as a new one would be denied, whatever the handler returns. It is an option of the handlers.
func Streams() connect.HandlerOption { return connect.WithInterceptors(streams{}) }

// streams is the interceptor of streams.
type streams struct{}

var _ connect.Interceptor = streams{}

func (streams) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc { return next }

func (streams) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

func (streams) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		live, stop := stytchkit.Live(ctx)
		defer stop()
		defer endingReads(live, conn.ResponseHeader())()
		err := next(live, stream{conn, live})
		if denial := stytchrpc.Ended(live); denial != nil {
			return Error(denial)
		}
		return err
	}
}

// stream gives nothing to, and takes nothing from, a call whose session is over.
type stream struct {
	connect.StreamingHandlerConn
	live context.Context //nolint:containedctx // the stream's own, which it ends with
}

func (s stream) Receive(message any) error {
	err := s.StreamingHandlerConn.Receive(message)
	if denial := stytchrpc.Ended(s.live); denial != nil {
		return Error(denial)
	}
	return err
}

func (s stream) Send(message any) error {
	if denial := stytchrpc.Ended(s.live); denial != nil {
		return Error(denial)
	}
	return s.StreamingHandlerConn.Send(message)
}

// reading is how what a stream's handler waits for is ended.
type reading struct {
	response http.ResponseWriter
	http1    bool
}

type readingKey struct{}

// withReading keeps that for a call that may be a stream; it is w's.
func withReading(w http.ResponseWriter, r *http.Request) *http.Request {
	kind := r.Header.Get("Content-Type")
	if strings.HasPrefix(kind, "application/json") || strings.HasPrefix(kind, "application/proto") {
		return r // unary, by Connect's own protocol
	}
	return r.WithContext(context.WithValue(r.Context(), readingKey{}, &reading{w, r.ProtoMajor == 1}))
}

// endingReads makes a handler that waits for the client's next message wait no more when the session ends.
// Call done before the stream's call returns, after which its response must be left alone.
func endingReads(live context.Context, header http.Header) (done func()) {
	from, ok := live.Value(readingKey{}).(*reading)
	if !ok || Session(live) == nil && Token(live) == nil {
		return func() {} // the stream gives and takes no more; what is anonymous has no end of its own
	}
	if from.http1 {
		header.Set("Connection", "close") // a read deadline that passes cancels the connection's later calls, too
	}
	over := make(chan struct{})
	stop := context.AfterFunc(live, func() {
		defer close(over)
		_ = http.NewResponseController(from.response).SetReadDeadline(time.Unix(1, 0)) // where that cannot be, the stream gives and takes no more
	})
	return func() {
		if !stop() {
			<-over
		}
	}
}
