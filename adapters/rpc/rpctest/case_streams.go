package rpctest

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"runtime"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// streamCases are about streams, and when they end.
func streamCases() []testCase {
	return []testCase{
		{"a stream is denied as a call is", func(s *stage) {
			s.guarded(s.auth.Require())
			alice := s.member()
			s.open(nil).denied(stytchkit.CodeSessionMissing)
			s.open(alice.byCookies(0, "Origin", "https://evil.example")).denied(stytchkit.CodeCrossOrigin)
			alice.End()
			s.open(alice.byCookies(expired)).denied(stytchkit.CodeSessionEnded).cleared()
			s.srv.Stop()
			s.open(s.member().byCookies(expired)).denied(stytchkit.CodeStytchUnavailable)
		}},
		{"messages go both ways, and the handler's end is the stream's", func(s *stage) {
			s.serve(App{Guard: s.auth.Require(), Talk: echo})
			alice := s.member()
			stream := s.open(alice.byCookies(0))
			stream.hears(alice.id)
			for range 3 {
				stream.says("more").hears("more")
			}
			if r := stream.says("bye").end(); r.Reason != "" || !isOver(r.Err) {
				s.t.Errorf("got %v for %q", r.Err, r.Reason)
			}
		}},
		{"a sign-out here ends a stream whose handler waits for its context", func(s *stage) { s.endsStreams(untilDone) }},
		{"a sign-out here ends a stream whose handler takes its end for a good one", func(s *stage) {
			s.endsStreams(func(ctx context.Context, stream Stream) error { _ = untilDone(ctx, stream); return nil })
		}},
		{"a sign-out here ends a stream whose handler waits for the client", func(s *stage) { s.endsStreams(echo) }},
		{"a handler that goes on when the session is over sends and receives nothing more", func(s *stage) {
			tried := make(chan error, 2)
			s.serve(App{Guard: s.auth.Require(), Talk: func(ctx context.Context, stream Stream) error {
				_ = untilDone(ctx, stream)
				tried <- stream.Send("more")
				_, err := stream.Receive()
				tried <- err
				return nil
			}})
			alice := s.member()
			stream := s.watched(alice.byCookies(0), alice.id)
			s.signOut(alice)
			stream.end().endedBy(stytchkit.CodeSessionEnded)
			for range 2 {
				if err := <-tried; err == nil || s.client.Answer(err).Reason != stytchkit.CodeSessionEnded {
					s.t.Errorf("the handler got %v, want the denial", err)
				}
			}
		}},
		{"a session that is revoked at Stytch ends its streams within the freshness, by one call", func(s *stage) {
			s.guarded(s.auth.Require())
			alice, bob := s.member(), s.member()
			streams := []*call{s.watched(alice.byCookies(0), alice.id), s.open(bearer(alice.JWT()))}
			streams[1].hears(alice.id)
			bobs := s.watched(bob.byCookies(0), bob.id)
			alice.End()
			s.clock.Advance(6 * time.Minute)
			for _, stream := range streams {
				stream.end().endedBy(stytchkit.CodeSessionEnded)
			}
			if n := s.srv.Calls(stytchtest.Authenticate); n < 1 || n > 2 {
				s.t.Errorf("%d calls, want one for each of two sessions", n)
			}
			bobs.endsWith(bob)
		}},
		{"an access token ends its streams when it expires", func(s *stage) {
			client := s.srv.AddM2MClient(stytchtest.M2MClient{})
			s.guarded(s.auth.RequireToken())
			stream := s.watched(bearer(client.Token()), client.ID)
			s.clock.Advance(2 * time.Hour)
			stream.end().endedBy(stytchkit.CodeTokenInvalid)
		}},
		{"what is anonymous has no end of its own", func(s *stage) {
			s.serve(App{Guard: s.auth.Optional(), Talk: echo})
			stream := s.open(nil)
			stream.hears(anonymous)
			s.clock.Advance(24 * time.Hour)
			stream.says("still here").hears("still here").says("bye").end()
			if n := s.auth.Health().Connections; n != 0 {
				s.t.Errorf("%d connections are watched", n)
			}
		}},
		{"a client that leaves ends its stream, and nobody watches it any more", func(s *stage) {
			for _, handler := range []func(context.Context, Stream) error{untilDone, echo} {
				ended := make(chan struct{})
				s.serve(App{Guard: s.auth.Optional(), Talk: func(ctx context.Context, stream Stream) error {
					defer close(ended)
					return handler(ctx, stream)
				}})
				alice := s.member()
				s.watched(alice.byCookies(0), alice.id).stream.Leave()
				<-ended
				s.until("nothing is watched", func() bool { return s.auth.Health().Connections == 0 })
			}
		}},
		{"a stream's refreshed cookies come with its headers", func(s *stage) {
			s.serve(App{Guard: s.auth.Require(), Talk: echo})
			alice := s.member()
			stream := s.open(alice.byCookies(expired))
			stream.hears(alice.id)
			stream.says("bye").end().refreshed(alice)
		}},
	}
}

// untilDone says whose the stream is, and waits for its end.
func untilDone(ctx context.Context, stream Stream) error {
	if err := stream.Send(describe(ctx)); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

// echo says whose the stream is, and what it hears, until it hears bye.
func echo(ctx context.Context, stream Stream) error {
	for text := describe(ctx); text != "bye"; {
		if err := stream.Send(text); err != nil {
			return err
		}
		var err error
		if text, err = stream.Receive(); err != nil {
			return err
		}
	}
	return nil
}

// endsStreams wants a stream of this handler to end with its session, and no other.
func (s *stage) endsStreams(handler func(context.Context, Stream) error) {
	s.serve(App{Guard: s.auth.Require(), Talk: handler})
	alice, bob := s.member(), s.member()
	alices, bobs := s.watched(alice.byCookies(0), alice.id), s.watched(bob.byCookies(0), bob.id)
	s.signOut(alice)
	alices.end().endedBy(stytchkit.CodeSessionEnded)
	bobs.endsWith(bob)
}

func (s *stage) signOut(m member) {
	s.t.Helper()
	if _, err := s.auth.EndSession(s.t.Context(), stytchkit.HTTPRequest{R: m.Request(http.MethodPost, "/")}); err != nil {
		s.t.Fatal(err)
	}
}

// call is a stream, as its client has it.
type call struct {
	stage  *stage
	stream ClientStream
	err    error // why there is none
}

// open begins a stream.
func (s *stage) open(header http.Header) *call {
	s.t.Helper()
	s.reached.Store(0)
	stream, err := s.client.Open(s.context(), Talk, header)
	return &call{s, stream, err}
}

// watched begins a stream that waits for the clock.
func (s *stage) watched(header http.Header, who string) *call {
	s.t.Helper()
	before := s.clock.waits.Load()
	c := s.open(header)
	c.hears(who)
	s.until("the stream is looked at", func() bool { return s.clock.waits.Load() > before })
	return c
}

// until waits for what is about to be so.
func (s *stage) until(what string, is func() bool) {
	s.t.Helper()
	for ctx := s.context(); !is(); runtime.Gosched() {
		if ctx.Err() != nil {
			s.t.Fatalf("it is not so that %s", what)
		}
	}
}

func (c *call) hears(want string) *call {
	c.stage.t.Helper()
	text, err := "", c.err
	if err == nil {
		text, err = c.stream.Receive()
	}
	if err != nil || text != want {
		c.stage.t.Fatalf("heard %q, %v; want %q", text, err, want)
	}
	return c
}

func (c *call) says(text string) *call {
	c.stage.t.Helper()
	if err := c.stream.Send(text); err != nil {
		c.stage.t.Fatalf("cannot say %q: %v", text, err)
	}
	return c
}

// end is what the stream ends with.
func (c *call) end() *reply {
	c.stage.t.Helper()
	text, err := "", c.err
	if err == nil {
		text, err = c.stream.Receive()
	}
	if err == nil {
		c.stage.t.Fatalf("heard %q, want the end", text)
	}
	answer := c.stage.client.Answer(err)
	if c.err == nil {
		maps.Copy(answer.Header, c.stream.Header())
	}
	return &reply{c.stage, answer}
}

func (c *call) denied(reason string) *reply {
	c.stage.t.Helper()
	return c.end().denied(reason)
}

// endsWith wants the stream to live until its member signs out.
func (c *call) endsWith(m member) {
	c.stage.t.Helper()
	c.stage.signOut(m)
	c.end().endedBy(stytchkit.CodeSessionEnded)
}

// isOver reports whether a stream's end is a good one.
func isOver(err error) bool { return errors.Is(err, io.EOF) }
