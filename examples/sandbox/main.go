// Command sandbox is the examples' stand-in for Stytch as a process of its own. It prints the
// environment that points a demo at it, and takes faults, key rotation and sign-ins over a small
// HTTP control endpoint. It is not for production: anybody who reaches it can sign in as anybody.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"syscall"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

func main() {
	options := parseFlags()
	os.Exit(demo.Main(func(ctx context.Context) error { return run(ctx, options, os.Stdout) }))
}

type options struct{ addr, control, state, seed, vertical string }

func parseFlags() options {
	var o options
	flag.StringVar(&o.addr, "addr", "127.0.0.1:8090", "loopback `address` of the API")
	flag.StringVar(&o.control, "control", "127.0.0.1:8091", "loopback `address` of the control endpoint")
	flag.StringVar(&o.state, "state", "", "`file` that keeps keys, members and sessions across a restart; made when it does not exist")
	flag.StringVar(&o.seed, "seed", "", "`file` of what the project is to have, as POST /seed takes it: a policy, organizations, members, users, clients")
	flag.StringVar(&o.vertical, "vertical", cmp.Or(os.Getenv("STYTCH_VERTICAL"), "b2b"), "the `kind` of project, b2b or consumer; default: STYTCH_VERTICAL")
	flag.Parse()
	return o
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	if !demo.IsLoopback(o.control) {
		return fmt.Errorf("-control: %q is not a loopback address with a port (want one such as 127.0.0.1:8091)", o.control)
	}
	listener, err := demo.Listen("-control", o.control)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // closed already by the server that served it
	s, file, err := open(o)
	if err != nil {
		return err
	}
	if file != nil {
		defer func() { err = errors.Join(err, file.close()) }()
	}
	defer s.Close()
	if err := sowFile(s, o.seed); err != nil {
		return err
	}
	url := "http://" + listener.Addr().String()
	handler, err := newControl(s, file, url)
	if err != nil {
		return err
	}
	if err := announce(out, s, url); err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	return demo.Serve(ctx, listener, server.Serve, server.Shutdown)
}

// open starts the stand-in, from the state file when there is one.
func open(o options) (*sandbox.Sandbox, *stateFile, error) {
	vertical, err := stytchkit.ParseVertical(o.vertical)
	if err != nil {
		return nil, nil, fmt.Errorf("-vertical: %w", err)
	}
	start := stytchtest.Options{Addr: o.addr, Vertical: vertical}
	if o.state == "" {
		s, err := sandbox.New(start)
		return s, nil, flagged(err)
	}
	saved, err := readState(o.state)
	if err != nil {
		return nil, nil, err
	}
	if saved != nil {
		start.State = saved
	}
	s, err := sandbox.New(start)
	if err != nil {
		return nil, nil, flagged(err)
	}
	file, err := keepState(s.Server, o.state)
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	return s, file, nil
}

// flagged names the flag to change when the stand-in does not start.
func flagged(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("-addr: %w (stop what listens there, or choose another address, such as 127.0.0.1:0 for any free port)", err)
	}
	return fmt.Errorf("-addr or -state: %w", err)
}

// announce prints what a shell can source, with everything else in comments.
func announce(out io.Writer, s *sandbox.Sandbox, control string) error {
	ada := "ada@acme.example"
	if s.Vertical() == stytchtest.Consumer {
		ada = "ada@users.example"
	}

	_, err := fmt.Fprintf(out, `# A stand-in for Stytch. Not for production: anybody who reaches it can sign in as anybody.
# Point a program at it, in another terminal: paste these lines there, or eval "$(curl -s %[2]s/env)"
%[1]s# go run ./examples/quickstart/gin

# Its mailbox, in a browser; sign in there, break things, see the calls: %[2]s
# The tokens of a new session, as JSON; with -d jwt_age=6m, one whose JWT has expired:
#   curl -d member=%[3]s %[2]s/sessions
# Use it with a program:
#   curl -H "Cookie: $(curl -s -d member=%[3]s -d format=cookie %[2]s/sessions)" http://127.0.0.1:8080/api/me
# An access token of a machine:
#   curl -d scope=read:documents -d format=text %[2]s/tokens
# Everything else it takes:
#   curl %[2]s/help
`, environment(s), control, ada)
	return err
}

// environment is what a shell exports to point a program at the stand-in.
func environment(s *sandbox.Sandbox) string {
	return fmt.Sprintf(`export STYTCH_PROJECT_ID=%s
export STYTCH_SECRET=%s
export STYTCH_BASE_URL=%s
export STYTCH_PUBLIC_TOKEN=%s
export STYTCH_VERTICAL=%s
`, s.ProjectID(), s.Secret(), s.URL(), s.PublicToken(), s.Vertical())
}
