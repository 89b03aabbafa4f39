package main

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

// stytch is the stand-in for Stytch, a process that keeps its state in a file. It is only ever used
// by one goroutine.
type stytch struct {
	program, state string
	process        *process // the one that runs now
	log            *journal

	url, control    string
	project, secret string
	client          *http.Client
}

func startStytch(ctx context.Context, dir, state string, log *journal) (*stytch, error) {
	s := &stytch{
		program: filepath.Join(dir, "sandbox"), state: state, log: log,
		url: "http://127.0.0.1:0", control: "http://127.0.0.1:0",
		client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}},
	}
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// start starts it, at the address where it was before.
func (s *stytch) start(ctx context.Context) error {
	looked := []*regexp.Regexp{
		regexp.MustCompile(`STYTCH_PROJECT_ID=(\S+)`), regexp.MustCompile(`STYTCH_SECRET=(\S+)`),
		regexp.MustCompile(`STYTCH_BASE_URL=(\S+)`), regexp.MustCompile(`see the calls: (\S+)`),
	}
	p, err := launch(ctx, s.log, nil, looked, s.program,
		"-addr", strings.TrimPrefix(s.url, "http://"), "-control", strings.TrimPrefix(s.control, "http://"), "-state", s.state)
	if err != nil {
		return err
	}
	s.process = p
	s.project, s.secret, s.url, s.control = p.said[0], p.said[1], p.said[2], p.said[3]
	return nil
}

func (s *stytch) kill()    { s.process.kill() }
func (s *stytch) suspend() { s.process.signal(syscall.SIGSTOP) }
func (s *stytch) resume()  { s.process.signal(syscall.SIGCONT) }

// do asks the control endpoint for something. fields are name=value.
func (s *stytch) do(ctx context.Context, method, path string, fields ...string) error {
	form := url.Values{}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		form.Set(name, value)
	}
	r, err := http.NewRequestWithContext(ctx, method, s.control+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // it has been read
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("the sandbox answers %s %s with %d: %s", method, path, res.StatusCode, body)
	}
	return err
}
