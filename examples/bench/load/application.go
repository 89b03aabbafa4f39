package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/bench/internal/crowd"
)

// application is a process that serves a subject.
type application struct {
	address string
	stop    func()
}

// start runs this program once more, as the application. It ends when its standard input does, so
// that it does not outlive this process.
func start(s *subject, sandbox *stytchtest.Server) (*application, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	child := exec.CommandContext(context.Background(), self, "-serve", s.framework, fmt.Sprint("-auth=", s.auth)) //nolint:gosec // this program itself
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
	stop := func() {
		_ = in.Close()
		_ = child.Wait() // it has no more to say
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return nil, fmt.Errorf("the application did not say where it listens: %w", err)
	}
	return &application{address: strings.TrimSpace(address), stop: stop}, nil
}

// serve is the application: a profile of the member who asks, on a free port that it prints.
// Without auth it answers everybody the same.
func serve(framework string, withAuth bool) error {
	var auth *stytchkit.Authenticator
	if withAuth {
		var err error
		if auth, err = newAuthenticator(); err != nil {
			return err
		}
		defer auth.Close()
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var run func() error
	switch framework {
	case "nethttp":
		server := &http.Server{Handler: netHTTP(auth), ReadHeaderTimeout: time.Minute}
		run = func() error { return server.Serve(listener) }
	case "fiber":
		app := newFiber(auth)
		run = func() error { return app.Listener(listener) }
	default:
		return errors.New("no application " + framework + " (want nethttp or fiber)")
	}
	failed := make(chan error, 1)
	go func() { failed <- run() }()
	fmt.Println(listener.Addr())
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // it ends with the parent
		close(ended)
	}()
	select {
	case err := <-failed:
		return err
	case <-ended:
		return nil
	}
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

// profile is what a member sees.
type profile struct {
	Member       string   `json:"member_id"`
	Organization string   `json:"organization_id"`
	Roles        []string `json:"roles"`
}

func profileOf(s *stytchkit.Session) profile {
	if s == nil {
		return profile{Member: "anybody", Organization: "any", Roles: []string{"stytch_member"}}
	}
	return profile{Member: s.MemberID(), Organization: s.OrganizationID(), Roles: s.Roles()}
}
