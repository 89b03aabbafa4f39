package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"regexp"
	"syscall"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// engine is a redis-server that writes down what it holds.
type engine struct {
	address, dir string
	process      *process.Process
	log          *process.Journal
}

func startEngine(ctx context.Context, dir string) (*engine, error) {
	free, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	e := &engine{address: free.Addr().String(), dir: dir, log: &process.Journal{}}
	if err := free.Close(); err != nil {
		return nil, err
	}
	if err := e.start(ctx); err != nil {
		return nil, err
	}
	return e, nil
}

// start starts it at its address, with what was written down, and returns when it takes commands.
func (e *engine) start(ctx context.Context) (err error) {
	if err := os.MkdirAll(e.dir, 0o700); err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(e.address)
	if err != nil {
		return err
	}
	ready := regexp.MustCompile(`(Ready to accept connections)`)
	e.process, err = process.Launch(ctx, e.log, nil, []*regexp.Regexp{ready}, "redis-server",
		"--bind", "127.0.0.1", "--port", port, "--dir", e.dir, "--appendonly", "yes", "--save", "")
	return err
}

// kill ends it as a crash does.
func (e *engine) kill() { e.process.Kill() }

// forget drops what was written down; it does not run then.
func (e *engine) forget() error { return os.RemoveAll(e.dir) }

func (e *engine) freeze() { e.process.Signal(syscall.SIGSTOP) }
func (e *engine) thaw()   { e.process.Signal(syscall.SIGCONT) }

// flush has it lose all that it holds, while connections stay.
func (e *engine) flush(ctx context.Context) error {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", e.address)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it has answered
	if err := c.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprint(c, "FLUSHALL\r\n"); err != nil {
		return err
	}
	said, err := bufio.NewReader(c).ReadString('\n')
	if err == nil && said != "+OK\r\n" {
		err = fmt.Errorf("the engine answers FLUSHALL with %q", said)
	}
	return err
}
