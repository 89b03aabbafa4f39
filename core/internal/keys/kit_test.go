package keys

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// world is keys, and the project that they are fetched from, in a bubble of time: who waits for a
// moment waits for nothing.
type world struct {
	*Keys
	t       *testing.T
	project *project
	log     *logged
	changes int // that Changed heard of
}

// inWorld has not begun to fetch yet.
func inWorld(t *testing.T, test func(t *testing.T, w *world), configure ...func(*Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, project: newProject(t), log: &logged{}}
		cfg := Config{
			URL: "http://stytch.test/jwks", Transport: w.project.transport(), Timeout: 3 * time.Second,
			StaleFor: 24 * time.Hour, AtMost: 1000, Clock: &clock.System{},
			Log: slog.New(slog.NewTextHandler(w.log, nil)), Tasks: tasks.New(), Changed: func() { w.changes++ },
		}
		for _, change := range configure {
			change(&cfg)
		}
		w.Keys = New(cfg)
		defer w.Tasks.Close()
		test(t, w)
	})
}

// inReadyWorld has its keys.
func inReadyWorld(t *testing.T, test func(t *testing.T, w *world), configure ...func(*Config)) {
	t.Helper()
	inWorld(t, func(t *testing.T, w *world) {
		t.Helper()
		w.Start()
		synctest.Wait()
		w.ready(true)
		w.project.resetFetches()
		test(t, w)
	}, configure...)
}

// pass lets time go by, and returns once all that it brings has been done.
func (w *world) pass(d time.Duration) {
	<-w.Clock.After(d)
	synctest.Wait()
}

func (w *world) ready(want bool) {
	w.t.Helper()
	if err := w.Ready(w.t.Context()); (err == nil) != want {
		w.t.Errorf("Ready says %v, want ready: %v", err, want)
	}
}

func (w *world) fetches(want int) {
	w.t.Helper()
	if got := w.project.fetches(); got != want {
		w.t.Errorf("the keys were fetched %d times, want %d", got, want)
	}
}

// find expects what is known about a key.
func (w *world) find(kid, want string) {
	w.t.Helper()
	if got := w.found(w.t.Context(), kid); got != want {
		w.t.Errorf("key %s is %s, want %s", kid, got, want)
	}
}

func (w *world) found(ctx context.Context, kid string) string {
	switch _, err := w.Find(ctx, kid); {
	case err == nil:
		return "known"
	case errors.Is(err, ErrAbsent):
		return "absent"
	case errors.Is(err, ErrUndecided):
		return "undecided"
	default:
		return err.Error()
	}
}

// finding asks about a key in the background, and returns once it waits, or has its answer.
func (w *world) finding(kid string) <-chan string {
	found := make(chan string, 1)
	go func() { found <- w.found(w.t.Context(), kid) }()
	synctest.Wait()
	return found
}

// unknown is how many key IDs wait for a fetch, and how many are absent.
func (w *world) unknown() (waiting, absent int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.waiting), len(w.absent)
}

// lastBegun is when the last fetch began.
func (w *world) lastBegun() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.begun
}

// over is a context that has ended.
func over() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// signingKey is one key for all, as making one takes a while; here keys differ by their IDs.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey { //nolint:gochecknoglobals // made once, never changed
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// jwk is a good key with this ID.
func jwk(kid string) json.RawMessage {
	b64 := base64.RawURLEncoding.EncodeToString
	key, err := json.Marshal(map[string]string{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
		"n": b64(signingKey().N.Bytes()), "e": b64(big.NewInt(int64(signingKey().E)).Bytes()),
	})
	if err != nil {
		panic(err)
	}
	return key
}

// project publishes its keys over HTTP.
type project struct {
	in *pipes

	mu     sync.Mutex
	keys   []json.RawMessage
	answer http.HandlerFunc // in place of the keys
	gate   chan struct{}    // answers that stand are held until it is closed
	asked  int
}

// newProject publishes the key "first".
func newProject(t *testing.T) *project {
	p := &project{in: &pipes{waiting: make(chan net.Conn), closed: make(chan struct{})}, keys: []json.RawMessage{jwk("first")}}
	srv := &http.Server{Handler: p, ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = srv.Serve(p.in)
	}()
	t.Cleanup(func() {
		_ = srv.Close()
		<-served
	})
	return p
}

func (p *project) transport() *http.Transport {
	return &http.Transport{DialContext: p.in.dial, DisableKeepAlives: true}
}

func (p *project) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked++
	body, _ := json.Marshal(map[string]any{"keys": p.keys})
	answer, gate := p.answer, p.gate
	p.mu.Unlock()
	if gate != nil {
		<-gate
	}
	if answer != nil {
		answer(rw, r)
		return
	}
	_, _ = rw.Write(body)
}

func (p *project) publish(keys ...json.RawMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = keys
}

// answers makes the endpoint answer something else; nil: the keys again.
func (p *project) answers(h http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = h
}

// hold keeps answers back as they stand, until release.
func (p *project) hold() (release func()) {
	gate := make(chan struct{})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gate = gate
	return func() {
		p.mu.Lock()
		p.gate = nil
		p.mu.Unlock()
		close(gate)
		synctest.Wait()
	}
}

func (p *project) fetches() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

func (p *project) resetFetches() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = 0
}

// pipes are connections in memory, which a bubble can wait for.
type pipes struct {
	waiting chan net.Conn
	closing sync.Once
	closed  chan struct{}
	down    atomic.Bool // nobody listens
}

var _ net.Listener = (*pipes)(nil)

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if p.down.Load() {
		return nil, errors.New("connection refused")
	}
	ours, theirs := net.Pipe()
	select {
	case p.waiting <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.waiting:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.closing.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes", Net: "pipe"} }

// logged keeps what was logged.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
