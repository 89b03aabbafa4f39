package stytchredis_test

import (
	"net"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/bustest"
	stytchredis "github.com/stytchkit/stytchkit/replicas/redis"
)

// server is a redis-server of the test's own, without persistence.
type server struct {
	addr string
	run  *exec.Cmd
}

func start(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{addr: l.Addr().String()}
	_ = l.Close()
	s.start(t)
	t.Cleanup(func() { s.stop(t) })
	return s
}

func (s *server) start(t *testing.T) {
	t.Helper()
	_, port, _ := net.SplitHostPort(s.addr)
	s.run = exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir())
	if err := s.run.Start(); err != nil {
		t.Fatalf("redis-server cannot be started (make test installs it): %v", err)
	}
	for began := time.Now(); ; {
		if conn, err := net.Dial("tcp", s.addr); err == nil {
			_ = conn.Close()
			return
		}
		if time.Since(began) > 10*time.Second {
			t.Fatal("redis-server does not listen")
		}
	}
}

func (s *server) stop(*testing.T) {
	_ = s.run.Process.Kill()
	_ = s.run.Wait()
}

func (s *server) signal(sig syscall.Signal) func(*testing.T) {
	return func(t *testing.T) {
		if err := s.run.Process.Signal(sig); err != nil {
			t.Error(err)
		}
	}
}

// command says one thing to the server, in RESP's short form.
func (s *server) command(t *testing.T, words ...string) {
	t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	said := "*" + strconv.Itoa(len(words)) + "\r\n"
	for _, word := range words {
		said += "$" + strconv.Itoa(len(word)) + "\r\n" + word + "\r\n"
	}
	answer := make([]byte, 256)
	if _, err := conn.Write([]byte(said)); err == nil {
		_, err = conn.Read(answer)
		if err != nil || answer[0] == '-' {
			t.Fatalf("%v: %v, %s", words, err, answer)
		}
	}
}

func TestRedisIsABus(t *testing.T) {
	s := start(t)
	bustest.Run(t, bustest.Engine{
		New: func(t *testing.T, topic string) stytchkit.Bus {
			bus, err := stytchredis.New("redis://"+s.addr, topic)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(bus.Close)
			return bus
		},
		Stop: s.stop, Start: s.start,
		Lose:   func(t *testing.T) { s.command(t, "FLUSHALL") },
		Freeze: s.signal(syscall.SIGSTOP), Thaw: s.signal(syscall.SIGCONT),
		Inject: func(t *testing.T, topic string) {
			s.command(t, "XADD", "stytchkit:{"+topic+"}:replicas", "*", "another", "field")
		},
	})
}

func TestNewDoesNoIOAndSaysNoPassword(t *testing.T) {
	if _, err := stytchredis.New("redis://user:hunter2@127.0.0.1:1/0", "project-test-1"); err != nil {
		t.Error(err)
	}
	for _, url := range []string{"", "http://127.0.0.1", "redis://user:hunter2@127.0.0.1:6379/x"} {
		if bus, err := stytchredis.New(url, "project-test-1"); err == nil || bus != nil {
			t.Errorf("%q is taken", url)
		}
	}
	if _, err := stytchredis.New("redis://127.0.0.1", ""); err == nil {
		t.Error("no project ID is taken")
	}
}
