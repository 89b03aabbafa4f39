package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/examples/bench/internal/crowd"
	"github.com/stytchkit/stytchkit/examples/bench/internal/figures"
)

// application is a process that serves a subject.
type application struct {
	address string
	in      io.WriteCloser
	out     *bufio.Reader
	process *exec.Cmd
}

// start runs the subject's program as the application. It ends when its standard input does, so
// that it does not outlive this process.
func start(s *subject, members *crowd.Crowd, profiles string) (*application, error) {
	child := exec.CommandContext(context.Background(), s.program, "-serve", s.framework, //nolint:gosec // this program, or as another checkout has it
		fmt.Sprint("-auth=", s.side != figures.Without), fmt.Sprint("-members=", len(members.Members)), "-profile", profiles)
	sandbox := members.Server
	child.Env = append(os.Environ(), "STYTCH_PROJECT_ID="+sandbox.ProjectID(), "STYTCH_SECRET="+sandbox.Secret(),
		"STYTCH_BASE_URL="+sandbox.URL(), "STYTCH_COOKIES=backend")
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := child.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := child.Start(); err != nil {
		return nil, err
	}
	a := &application{in: in, out: bufio.NewReader(out), process: child}
	if a.address, err = a.hear(); err != nil {
		a.stop()
		return nil, fmt.Errorf("the application did not say where it listens: %w", err)
	}
	return a, nil
}

func (a *application) hear() (string, error) {
	line, err := a.out.ReadString('\n')
	return strings.TrimSpace(line), err
}

func (a *application) stop() {
	_ = a.in.Close()
	_ = a.process.Wait() // it has no more to say
}

// mark starts or stops the application's profiles, if it writes any, and tells how much CPU time it
// has used by now.
func (a *application) mark() (time.Duration, error) {
	if _, err := fmt.Fprintln(a.in); err != nil {
		return 0, err
	}
	used, err := a.hear()
	if err != nil {
		return 0, err
	}
	return time.ParseDuration(used)
}

// serve is the application: a page for the member who asks, on a free port that it prints. Each
// line on its standard input is a mark. Without auth it believes a header about who asks.
func (p *plan) serve(framework string, withAuth bool) error {
	serveOn, ok := frameworks()[framework]
	if !ok {
		return errors.New("no application " + framework + " (want nethttp, gin, echo or fiber)")
	}
	var auth *stytchkit.Authenticator
	var everybody sessions
	name := framework + "-without"
	if withAuth {
		var err error
		if auth, err = newAuthenticator(); err != nil {
			return err
		}
		defer auth.Close()
		name = framework + "-with"
	} else {
		everybody = newSessions(p.Members)
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() { failed <- serveOn(listener, auth, everybody) }()
	go func() { failed <- obey(newProfiler(p.profiles, name)) }()
	fmt.Println(listener.Addr())
	return <-failed
}

// obey toggles the profiler and prints the CPU time used for each line, until the parent ends.
func obey(p *profiler) error {
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		if err := p.toggle(); err != nil {
			return err
		}
		used, err := usedCPU()
		if err != nil {
			return err
		}
		fmt.Println(used)
	}
	return orders.Err()
}

// usedCPU is this process's, so far.
func usedCPU() (time.Duration, error) {
	var usage syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), err
}

// newAuthenticator is the kit as an application sets it up, but for how old a session may be: the
// crowd's JWTs outlive the 5 minutes of Stytch's.
func newAuthenticator() (*stytchkit.Authenticator, error) {
	config, err := stytchkit.ConfigFromEnv()
	if err != nil {
		return nil, err
	}
	config.Freshness = crowd.Lifetime
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		return nil, err
	}
	err = auth.Ready(context.Background())
	return auth, err
}
