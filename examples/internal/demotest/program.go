package demotest

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/demo"
)

// programVariable tells a test binary to be the program that it tests.
const programVariable = "DEMOTEST_IS_THE_PROGRAM"

// IsProgram reports whether this process was started by [Program]: TestMain then calls main.
func IsProgram() bool { return os.Getenv(programVariable) != "" }

// Program is the test binary as the program that it tests, with a clean environment and env.
func Program(ctx context.Context, env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...) //nolint:gosec // this very program
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); !strings.HasPrefix(name, "STYTCH_") && !slices.Contains([]string{"ADDR", "DEBUG_ADDR", "ORIGIN", "FRONTEND_ORIGIN", "COOKIE_DOMAIN"}, name) {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(append(cmd.Env, programVariable+"=1"), env...)
	return cmd
}

// RunProgram tests how the example starts and stops.
func RunProgram(t *testing.T) {
	taken, err := demo.Listen("the test", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // the test is over
	for name, c := range map[string]struct {
		env  []string
		says string
	}{
		"a port in use":          {[]string{"ADDR=" + taken.Addr().String()}, "ADDR: " + taken.Addr().String() + " is in use"},
		"a malformed address":    {[]string{"ADDR=8080"}, `ADDR: cannot listen on "8080"`},
		"a project ID alone":     {[]string{"STYTCH_PROJECT_ID=project-test-1"}, "STYTCH_SECRET is not"},
		"a secret alone":         {[]string{"STYTCH_SECRET=s"}, "STYTCH_PROJECT_ID is not"},
		"a base URL alone":       {[]string{"STYTCH_BASE_URL=http://127.0.0.1:1"}, "STYTCH_BASE_URL is set but"},
		"a malformed project ID": {[]string{"STYTCH_PROJECT_ID=proj", "STYTCH_SECRET=hush-hush"}, `"proj" is not a Stytch project ID`},
		"an unknown vertical":    {[]string{"STYTCH_VERTICAL=users"}, `STYTCH_VERTICAL: stytchkit: "users" is no kind of project (want b2b or consumer)`},
		"a public DEBUG_ADDR":    {[]string{"ADDR=127.0.0.1:0", "DEBUG_ADDR=0.0.0.0:0"}, "DEBUG_ADDR: "},
	} {
		t.Run(name+" is one line and status 1", func(t *testing.T) { failsToStart(t, c.env, c.says) })
	}
	t.Run("SIGTERM ends it gracefully", endsGracefully)
	t.Run("SIGTERM ends the streams first", endsStreams)
	t.Run("whose cookies are another's signs nobody in, and out", besideFrontend)
}

func failsToStart(t *testing.T, env []string, says string) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var output strings.Builder
	cmd := Program(ctx, env)
	cmd.Stderr = &output
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("it ended with %v, want exit status 1", err)
	}
	var lines []string
	for line := range strings.Lines(output.String()) {
		if !strings.Contains(line, " WARN ") && !strings.Contains(line, " INFO ") {
			lines = append(lines, line)
		}
	}
	if len(lines) != 1 || !strings.Contains(lines[0], says) || strings.Contains(lines[0], "hush-hush") {
		t.Errorf("it says %q, want one line with %q", lines, says)
	}
}

func endsGracefully(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	p := startProcess(ctx, t, 2, "ADDR=127.0.0.1:0", "DEBUG_ADDR=127.0.0.1:0") // the metrics', and the demo's own
	for _, url := range p.urls {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close() // only the status counts
		if res.StatusCode != http.StatusOK {
			t.Errorf("GET %s: status %d, want 200", url, res.StatusCode)
		}
	}
	p.end(t)
}

// process is the example as a process of its own.
type process struct {
	cmd    *exec.Cmd
	urls   []string        // that it prints
	stderr strings.Builder // complete after end
}

// startProcess starts the example and waits until it has printed so many URLs. It is killed when
// ctx ends.
func startProcess(ctx context.Context, t *testing.T, urls int, env ...string) *process {
	t.Helper()
	p := &process{cmd: Program(ctx, env)}
	p.cmd.Stderr = &p.stderr
	output, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // it may have ended
	for lines := bufio.NewScanner(output); len(p.urls) < urls; {
		if !lines.Scan() {
			t.Fatalf("it printed the URLs %v and no more, want %d", p.urls, urls)
		}
		if i := strings.Index(lines.Text(), "http://"); i >= 0 {
			url, _, _ := strings.Cut(lines.Text()[i:], " ")
			p.urls = append(p.urls, url)
		}
	}
	return p
}

// end ends the process as an operator does, and holds its exit status against 0. The race detector
// has one of its own.
func (p *process) end(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v, want exit status 0\n%s", err, p.stderr.String())
	}
}
