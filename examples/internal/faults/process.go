package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// mostLog bounds what is kept of a process's standard error.
const mostLog = 8 << 20

// process is a program under test. What it logs outlives it.
type process struct {
	cmd   *exec.Cmd
	log   *journal
	said  []string // the first lines of its standard output
	ended chan struct{}
}

// launch starts a program and returns when it has said everything that is looked for.
func launch(ctx context.Context, log *journal, env []string, looked []*regexp.Regexp, path string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, path, args...) //nolint:gosec // one of ours, just built
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, log: log, ended: make(chan struct{})}
	lines := bufio.NewReader(out)
	found := make(chan error, 1)
	go func() {
		found <- p.listen(lines, looked)
		_, _ = io.Copy(io.Discard, lines) // until it ends
		_ = cmd.Wait()                    // how it ended is in its log
		close(p.ended)
	}()
	select {
	case err = <-found:
	case <-time.After(30 * time.Second):
		err = errors.New("it says nothing")
	}
	if err != nil {
		p.kill()
		return nil, fmt.Errorf("%s did not start: %w\n%s", path, err, log)
	}
	return p, nil
}

// listen takes from each looked-for line what its parentheses match.
func (p *process) listen(lines *bufio.Reader, looked []*regexp.Regexp) error {
	for len(p.said) < len(looked) {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		if match := looked[len(p.said)].FindStringSubmatch(line); match != nil {
			p.said = append(p.said, match[1])
		}
	}
	return nil
}

func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) } // it may have ended

// kill ends it as a crash does.
func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.ended
}

// stop ends it gracefully, and reports whether it went.
func (p *process) stop() error {
	p.signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		p.kill()
		return errors.New("SIGTERM did not end it within 20 seconds")
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("SIGTERM ended it with exit status %d", code)
	}
	return nil
}

func (p *process) alive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// journal keeps what was logged, from the beginning.
type journal struct {
	echo io.Writer // nil: nobody reads along

	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text.Write(b[:min(len(b), mostLog-min(mostLog, j.text.Len()))])
	if j.echo != nil {
		_, _ = j.echo.Write(b)
	}
	return len(b), nil
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// panics counts the lines that speak of a panic.
func (j *journal) panics() int {
	n := 0
	for line := range strings.Lines(j.String()) {
		if lower := strings.ToLower(line); strings.Contains(lower, "panic") || strings.HasPrefix(lower, "fatal error") {
			n++
		}
	}
	return n
}
