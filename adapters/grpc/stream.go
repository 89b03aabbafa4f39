package stytchgrpc

import (
	"context"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	stytchrpc "github.com/stytchkit/stytchkit/adapters/rpc"
)

// stream gives nothing to, and takes nothing from, a call whose session is over.
type stream struct {
	grpc.ServerStream
	live context.Context //nolint:containedctx // the stream's own, which it ends with
	in   entered
	once sync.Once // what is owed goes out before the first message
}

func (s *stream) Context() context.Context { return s.live }

// SendHeader sends what is owed, too.
func (s *stream) SendHeader(md metadata.MD) error {
	s.once.Do(s.in.leave)
	return s.ServerStream.SendHeader(md)
}

func (s *stream) SendMsg(message any) error {
	if denial := stytchrpc.Ended(s.live); denial != nil {
		return Error(denial)
	}
	s.once.Do(s.in.leave)
	return s.ServerStream.SendMsg(message)
}

// RecvMsg waits for a message, and no longer than the session lives: grpc-go has no other way to end the
// wait. What comes later goes into a message that nobody reads.
func (s *stream) RecvMsg(message any) error {
	if Session(s.live) == nil && Token(s.live) == nil {
		return s.ServerStream.RecvMsg(message)
	}
	received := make(chan error, 1)
	go func() { received <- s.ServerStream.RecvMsg(message) }()
	select {
	case err := <-received:
		if denial := stytchrpc.Ended(s.live); denial != nil {
			return Error(denial)
		}
		return err
	case <-s.live.Done():
	}
	if denial := stytchrpc.Ended(s.live); denial != nil {
		return Error(denial)
	}
	return <-received // the call itself is over
}
