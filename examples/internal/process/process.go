// Package process runs the examples' programs as processes of their own, for the tests that kill,
// stop and look at them.
package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// mostLog bounds a journal.
const mostLog = 8 << 20

// Build builds examples by their names into dir, without the race detector, from anywhere in a module or
// workspace that has them.
func Build(ctx context.Context, dir string, names ...string) error {
	const module = "github.com/stytchkit/stytchkit/examples"
	examples, err := run(exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module))
	if err != nil {
		return err
	}
	for _, name := range names {
		cmd := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(dir, name), ".") //nolint:gosec // one of ours
		cmd.Dir = filepath.Join(strings.TrimSpace(examples), name)
		if _, err := os.Stat(filepath.Join(cmd.Dir, "go.mod")); err == nil { // a module of its own, outside the workspace
			cmd.Env = append(os.Environ(), "GOWORK=off")
		}
		if _, err := run(cmd); err != nil {
			return err
		}
	}
	return nil
}

func run(cmd *exec.Cmd) (output string, err error) {
	said, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s in %q: %w\n%s", cmd, cmd.Dir, err, said)
	}
	return string(said), nil
}

// Process is a program under test. What it logs outlives it.
type Process struct {
	Said []string // what the parentheses of each looked-for line matched

	cmd   *exec.Cmd
	ended chan struct{}
}

// Launch starts a program with env added to the environment, and returns when its standard output has
// had every line that is looked for, in that order. Its standard error goes to log. It is killed when
// ctx ends.
func Launch(ctx context.Context, log *Journal, env []string, looked []*regexp.Regexp, path string, args ...string) (*Process, error) {
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
	p := &Process{cmd: cmd, ended: make(chan struct{})}
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
		p.Kill()
		return nil, fmt.Errorf("%s did not start: %w\n%s", path, err, log)
	}
	return p, nil
}

// listen takes from each looked-for line what its parentheses match.
func (p *Process) listen(lines *bufio.Reader, looked []*regexp.Regexp) error {
	for len(p.Said) < len(looked) {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		if match := looked[len(p.Said)].FindStringSubmatch(line); match != nil {
			p.Said = append(p.Said, match[1])
		}
	}
	return nil
}

// Signal sends it a signal.
func (p *Process) Signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) } // it may have ended

// Kill ends it as a crash does.
func (p *Process) Kill() {
	p.Signal(syscall.SIGKILL)
	<-p.ended
}

// Stop ends it gracefully, and reports whether it went.
func (p *Process) Stop() error {
	p.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		p.Kill()
		return errors.New("SIGTERM did not end it within 20 seconds")
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("SIGTERM ended it with exit status %d", code)
	}
	return nil
}

// Alive reports whether it has not ended.
func (p *Process) Alive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// Journal keeps what was logged, from the beginning. It is safe for concurrent use.
type Journal struct {
	Echo io.Writer // nil: nobody reads along

	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the journal; it never fails.
func (j *Journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text.Write(b[:min(len(b), mostLog-min(mostLog, j.text.Len()))])
	if j.Echo != nil {
		_, _ = j.Echo.Write(b)
	}
	return len(b), nil
}

func (j *Journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// Panics counts the lines that speak of a panic.
func (j *Journal) Panics() int {
	n := 0
	for line := range strings.Lines(j.String()) {
		if lower := strings.ToLower(line); strings.Contains(lower, "panic") || strings.HasPrefix(lower, "fatal error") {
			n++
		}
	}
	return n
}
