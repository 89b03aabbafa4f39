package stytchgrpc

import (
	"context"

	"google.golang.org/grpc"

	stytchrpc "github.com/stytchkit/stytchkit/adapters/rpc"
)

// stream gives nothing to, and takes nothing from, a call whose session is over.
type stream struct {
	grpc.ServerStream
	live context.Context //nolint:containedctx // the stream's own, which it ends with
}

func (s *stream) Context() context.Context { return s.live }

func (s *stream) SendMsg(message any) error {
	if denial := stytchrpc.Ended(s.live); denial != nil {
		return Error(denial)
	}
	return s.ServerStream.SendMsg(message)
}

// RecvMsg waits for a message, and no longer than the session lives: grpc-go has no other way to end the
// wait. What comes later goes into a message that nobody reads.
func (s *stream) RecvMsg(message any) error {
	if Session(s.live) == nil && Token(s.live) == nil {
		return s.ServerStream.RecvMsg(message)
	}
	if denial := stytchrpc.Ended(s.live); denial != nil {
		return Error(denial) // while an earlier wait may be going on, beside which there can be no other
	}
	received := make(chan outcome, 1)
	go func() { received <- s.receive(message) }()
	var now outcome
	select {
	case now = <-received:
	case <-s.live.Done():
		if stytchrpc.Ended(s.live) == nil {
			now = <-received // the call itself is over
		}
	}
	if denial := stytchrpc.Ended(s.live); denial != nil {
		return Error(denial)
	}
	return now.is()
}

// outcome is what waiting for a message came to.
type outcome struct {
	err      error
	panicked any
}

// receive keeps a panic of what stands around the stream for the goroutine that may recover it.
func (s *stream) receive(message any) (now outcome) {
	defer func() { now.panicked = recover() }()
	return outcome{err: s.ServerStream.RecvMsg(message)}
}

func (o outcome) is() error {
	if o.panicked != nil {
		panic(o.panicked)
	}
	return o.err
}
