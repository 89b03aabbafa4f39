package stytchredis_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/rueidis"
)

// engine is a redis-server of the test's own, without persistence, and a proxy in front that can be cut.
type engine struct {
	t       testing.TB
	address string // of the server
	front   *front
	server  *exec.Cmd
	said    bytes.Buffer
}

func newEngine(t testing.TB) *engine {
	t.Helper()
	e := &engine{t: t, address: freeAddress(t)}
	e.front = newFront(t, e.address)
	e.start()
	t.Cleanup(func() {
		e.stop()
		if t.Failed() {
			t.Logf("the engine said:\n%s", e.said.String())
		}
	})
	return e
}

// url is where the bus reaches it.
func (e *engine) url() string { return "redis://" + e.front.address }

func (e *engine) start() {
	e.t.Helper()
	_, port, err := net.SplitHostPort(e.address)
	if err != nil {
		e.t.Fatal(err)
	}
	e.server = exec.CommandContext(context.WithoutCancel(e.t.Context()), "redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--dir", e.t.TempDir())
	e.server.Stdout, e.server.Stderr = &e.said, &e.said
	if err := e.server.Start(); err != nil {
		e.t.Fatalf("%v (install Debian's redis-server)", err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		c, err := new(net.Dialer).DialContext(e.t.Context(), "tcp", e.address)
		if err == nil {
			_ = c.Close()
			return
		}
		if time.Now().After(deadline) {
			e.t.Fatal(err)
		}
	}
}

// stop is kill -9: nothing is written down.
func (e *engine) stop() {
	if e.server == nil {
		return
	}
	_ = e.server.Process.Kill()
	_ = e.server.Wait()
	e.server = nil
}

func (e *engine) freeze() { _ = e.server.Process.Signal(syscall.SIGSTOP) }
func (e *engine) thaw()   { _ = e.server.Process.Signal(syscall.SIGCONT) }

// lose is FLUSHALL.
func (e *engine) lose() {
	e.do(func(c rueidis.Client) rueidis.Completed { return c.B().Flushall().Build() })
}

// inject adds what is no record of ours.
func (e *engine) inject(stream string) {
	e.do(func(c rueidis.Client) rueidis.Completed {
		return c.B().Xadd().Key(stream).Id("*").FieldValue().FieldValue("other", "thing").Build()
	})
	e.do(func(c rueidis.Client) rueidis.Completed {
		return c.B().Xadd().Key(stream).Id("*").FieldValue().FieldValue("r", string(make([]byte, 4096))).Build()
	})
}

// trim leaves a stream its newest entry.
func (e *engine) trim(stream string) {
	e.do(func(c rueidis.Client) rueidis.Completed {
		return c.B().Xtrim().Key(stream).Maxlen().Threshold("1").Build()
	})
}

func (e *engine) do(command func(rueidis.Client) rueidis.Completed) {
	e.t.Helper()
	c, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{e.address}, DisableCache: true})
	if err != nil {
		e.t.Fatal(err)
	}
	defer c.Close()
	if err := c.Do(e.t.Context(), command(c)).Error(); err != nil {
		e.t.Fatal(err)
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// front is a proxy that becomes a black hole when it is cut: connections stay, and nothing comes through.
type front struct {
	address string
	mu      sync.Mutex
	open    *sync.Cond
	isCut   bool
}

func newFront(t testing.TB, to string) *front {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &front{address: l.Addr().String()}
	f.open = sync.NewCond(&f.mu)
	t.Cleanup(func() { f.cut(false); _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go f.serve(c, to)
		}
	}()
	return f
}

func (f *front) serve(c net.Conn, to string) {
	defer func() { _ = c.Close() }()
	f.wait()
	s, err := new(net.Dialer).DialContext(context.Background(), "tcp", to)
	if err != nil {
		return
	}
	defer func() { _ = s.Close() }()
	go func() { f.copy(s, c); _ = s.Close() }()
	f.copy(c, s)
}

func (f *front) copy(to io.Writer, from io.Reader) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		f.wait()
		if _, wrong := to.Write(buffer[:n]); err != nil || wrong != nil {
			return
		}
	}
}

func (f *front) wait() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.isCut {
		f.open.Wait()
	}
}

func (f *front) cut(is bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.isCut = is
	f.open.Broadcast()
}
