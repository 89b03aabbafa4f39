package process

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// Sandbox is examples/sandbox, the stand-in for Stytch, as a process that keeps its state in a file. It
// is only ever used by one goroutine.
type Sandbox struct {
	URL, Control    string // of the API, and of the control endpoint
	Project, Secret string
	PublicToken     string
	Vertical        string // b2b or consumer

	program, state string
	process        *Process // the one that runs now
	log            *Journal
	client         *http.Client
}

// StartSandbox starts the program that [Build] has built into dir, on free ports.
func StartSandbox(ctx context.Context, dir, state string, log *Journal) (*Sandbox, error) {
	s := &Sandbox{
		program: filepath.Join(dir, "sandbox"), state: state, log: log,
		URL: "http://127.0.0.1:0", Control: "http://127.0.0.1:0",
		client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}},
	}
	if err := s.Start(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Start starts it, at the address where it was before.
func (s *Sandbox) Start(ctx context.Context) error {
	looked := []*regexp.Regexp{
		regexp.MustCompile(`STYTCH_PROJECT_ID=(\S+)`), regexp.MustCompile(`STYTCH_SECRET=(\S+)`),
		regexp.MustCompile(`STYTCH_BASE_URL=(\S+)`), regexp.MustCompile(`STYTCH_PUBLIC_TOKEN=(\S+)`),
		regexp.MustCompile(`STYTCH_VERTICAL=(\S+)`), regexp.MustCompile(`see the calls: (\S+)`),
	}
	p, err := Launch(ctx, s.log, nil, looked, s.program,
		"-addr", strings.TrimPrefix(s.URL, "http://"), "-control", strings.TrimPrefix(s.Control, "http://"), "-state", s.state)
	if err != nil {
		return err
	}
	s.process = p
	s.Project, s.Secret, s.URL, s.PublicToken, s.Vertical, s.Control = p.Said[0], p.Said[1], p.Said[2], p.Said[3], p.Said[4], p.Said[5]
	return nil
}

// Kill ends it as a crash does; [Sandbox.Start] starts it again.
func (s *Sandbox) Kill() { s.process.Kill() }

// Suspend lets it hang until [Sandbox.Resume].
func (s *Sandbox) Suspend() { s.process.Signal(syscall.SIGSTOP) }

// Resume ends a [Sandbox.Suspend].
func (s *Sandbox) Resume() { s.process.Signal(syscall.SIGCONT) }

// Do asks the control endpoint for something. fields are name=value.
func (s *Sandbox) Do(ctx context.Context, method, path string, fields ...string) error {
	_, err := s.Ask(ctx, method, path, fields...)
	return err
}

// Ask is [Sandbox.Do] with what was answered.
func (s *Sandbox) Ask(ctx context.Context, method, path string, fields ...string) (string, error) {
	form := url.Values{}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		form.Add(name, value)
	}
	r, err := http.NewRequestWithContext(ctx, method, s.Control+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := s.client.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close() //nolint:errcheck // it has been read
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("the sandbox answers %s %s with %d: %s", method, path, res.StatusCode, body)
	}
	return string(body), err
}
