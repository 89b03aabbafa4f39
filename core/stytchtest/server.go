package stytchtest

import (
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Server is a stand-in for the Stytch API that listens on a loopback address.
// All its methods are safe for concurrent use.
type Server struct {
	options Options
	clock   timeSource
	keys    *keyring
	calls   calls
	faults  faults
	holds   holds
	chooser chooser
	hooks   hooks
	handler http.Handler
	speaks  map[Endpoint]struct{} // never changes once the server has started
	tb      testing.TB            // nil outside of a test

	stateMu sync.Mutex
	state   *state

	address  string // never changes once the server has started
	listenMu sync.Mutex
	listener *listener // nil while stopped
	closed   bool
}

// New starts a server, and says once through Options.Logger that it is not for production.
// The error names the option that is wrong, or why the address can't be listened on.
func New(options Options) (*Server, error) {
	s, err := start(options)
	if err != nil {
		return nil, err
	}
	s.options.Logger.Warn("stytchtest: a stand-in for Stytch is listening; it is not for production",
		"url", s.URL(), "project_id", s.ProjectID())
	return s, nil
}

// Start starts a server for a test, which fails if it can't, and closes it when the test ends.
// It takes at most one Options.
func Start(tb testing.TB, options ...Options) *Server {
	tb.Helper()
	if len(options) > 1 {
		tb.Fatalf("stytchtest: Start got %d Options (want one, or none for the defaults)", len(options))
	}
	var o Options
	if len(options) == 1 {
		o = options[0]
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s, err := start(o)
	if err != nil {
		tb.Fatal(err)
	}
	s.tb = tb
	tb.Cleanup(s.Close)
	tb.Logf("stytchtest: a stand-in for Stytch listens on %s", s.URL())
	return s
}

func start(options Options) (*Server, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{options: options, clock: systemClock{}, state: newState(options), chooser: newChooser(), speaks: map[Endpoint]struct{}{All: {}}}
	if options.Clock != nil {
		s.clock = options.Clock
	}
	if s.keys, err = s.load(); err != nil {
		return nil, err
	}
	s.handler = s.mux()
	tcp, err := bind(options.Addr)
	if err != nil {
		return nil, err
	}
	s.address = tcp.Addr().String()
	s.listener = serve(tcp, s.handler, options.Logger)
	return s, nil
}

// URL is the root of the API, such as http://127.0.0.1:34567: what the SDK's WithBaseURI and
// stytchkit's Config.BaseURL take. It stays the same over Stop and Restart.
func (s *Server) URL() string { return "http://" + s.address }

// Vertical is the kind of project.
func (s *Server) Vertical() Vertical { return s.options.Vertical }

// ProjectID is the project that callers must name.
func (s *Server) ProjectID() string { return s.options.ProjectID }

// Secret is the secret that callers must present.
func (s *Server) Secret() string { return s.options.Secret }

// PublicToken is what browsers present to the start URLs of OAuth and SSO.
func (s *Server) PublicToken() string { return s.options.PublicToken }

// Stop takes the server away: connections are cut, requests under way included, and new ones are
// refused until Restart. Its state stays.
func (s *Server) Stop() {
	s.listenMu.Lock()
	defer s.listenMu.Unlock()
	s.stop()
}

// Restart listens again on the same address after Stop; on a listening server it does nothing.
func (s *Server) Restart() error {
	s.listenMu.Lock()
	defer s.listenMu.Unlock()
	if s.closed {
		return errors.New("stytchtest: Restart of a closed server (use Stop rather than Close before Restart)")
	}
	if s.listener != nil {
		return nil
	}
	tcp, err := bind(s.address)
	if err != nil {
		return err
	}
	s.listener = serve(tcp, s.handler, s.options.Logger)
	return nil
}

// Close stops the server for good, whatever hangs or is held. It may be called more than once.
func (s *Server) Close() {
	s.listenMu.Lock()
	defer s.listenMu.Unlock()
	s.closed = true
	s.hooks.replace(nil)
	s.stop()
}

// stop expects listenMu to be held.
func (s *Server) stop() {
	if s.listener == nil {
		return
	}
	s.listener.close()
	s.listener = nil
}

// now is the server's time in whole seconds, as Stytch writes times.
func (s *Server) now() time.Time {
	return s.clock.Now().UTC().Truncate(time.Second)
}

// locked calls f with the server's state to itself.
func locked[T any](s *Server, f func(*state) (T, error)) (T, error) {
	s.stateMu.Lock()
	defer s.stateMu.Unlock()
	return f(s.state)
}
