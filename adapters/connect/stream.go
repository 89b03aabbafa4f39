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
		err := serve(live, next, stream{conn, live})
		if denial := stytchrpc.Ended(live); denial != nil {
			return Error(denial)
		}
		return err
	}
}

// serve has a handler wait for the client's next message no longer than the session lives. Of a server's stream
// all that the client sends is there before.
func serve(live context.Context, next connect.StreamingHandlerFunc, s stream) error {
	if c, ok := live.Value(callerKey{}).(*caller); ok && s.Spec().StreamType != connect.StreamTypeServer {
		defer c.endReads(live, s.ResponseHeader())()
	}
	return next(live, s)
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

// callerKey finds the caller of a stream.
type callerKey struct{}

// caller is the client's end of a call.
type caller struct {
	w     http.ResponseWriter
	http1 bool
}

// withCaller keeps the caller of what may be a stream; it is w's.
func withCaller(w http.ResponseWriter, r *http.Request) *http.Request {
	kind := r.Header.Get("Content-Type")
	if strings.HasPrefix(kind, "application/json") || strings.HasPrefix(kind, "application/proto") {
		return r // unary, by Connect's own protocol
	}
	return r.WithContext(context.WithValue(r.Context(), callerKey{}, &caller{w, r.ProtoMajor == 1}))
}

// endReads ends what is waited for from the client when the session ends. Call done before the stream's call
// returns, after which its response must be left alone. What ends a wait over HTTP/1.1 ends the context of each
// later request on the connection as well: there must be none.
func (c *caller) endReads(live context.Context, header http.Header) (done func()) {
	over, ended := make(chan struct{}), false
	stop := context.AfterFunc(live, func() {
		defer close(over)
		if stytchrpc.Ended(live) != nil {
			// Where that cannot be, the stream gives and takes no more.
			ended = http.NewResponseController(c.w).SetReadDeadline(time.Unix(1, 0)) == nil
		}
	})
	return func() {
		if stop() {
			return
		}
		if <-over; ended && c.http1 {
			header.Set("Connection", "close")
		}
	}
}
