package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// grace is how long requests under way may take when the demo is told to stop.
const grace = 10 * time.Second

// Main runs a program until SIGINT or SIGTERM ends its context, and returns its exit status: 1, after
// one line on standard error, when it fails. A second signal ends the process at once.
func Main(run func(context.Context) error) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, strings.ReplaceAll(err.Error(), "\n", "; "))
		return 1
	}
	return 0
}

// Serve listens on ADDR, says so, and serves until ctx ends; then it shuts down gracefully.
// serve and shutdown are those of the framework's server, such as (*http.Server).Serve and Shutdown.
func (app *App) Serve(ctx context.Context, serve func(net.Listener) error, shutdown func(context.Context) error) error {
	listener, err := Listen("ADDR", app.env.Addr)
	if err != nil {
		return err
	}
	if app.env.DebugAddr != "" {
		stop, err := app.serveDebug()
		if err != nil {
			_ = listener.Close() // nothing has been accepted yet
			return err
		}
		defer stop()
	}
	fmt.Printf("stytchkit's demo on %s: http://%s\n", app.framework, listener.Addr())
	if app.env.Origin != "" {
		fmt.Printf("Browsers reach it at %s.\n", strings.Replace(app.env.Origin, "://*.", "://acme.", 1))
	}
	if app.Sandbox != nil {
		fmt.Println("It talks to a sandbox in this process: nothing leaves it, nothing is kept. Set STYTCH_PROJECT_ID and STYTCH_SECRET for a Stytch project.")
	} else {
		fmt.Printf("It talks to %s as %s.\n", app.stytch(), app.env.ProjectID)
	}
	return app.ServeOn(ctx, listener, serve, shutdown)
}

// ServeOn is [Serve], and ends the streams before it shuts down, which would wait for them. The sandbox's
// webhooks come here from now on.
func (app *App) ServeOn(ctx context.Context, listener net.Listener, serve func(net.Listener) error, shutdown func(context.Context) error) error {
	if err := app.sendWebhooks(listener.Addr().String()); err != nil {
		_ = listener.Close() // nothing has been accepted yet
		return err
	}
	return Serve(ctx, listener, serve, func(ctx context.Context) error {
		app.stop()
		return shutdown(ctx)
	})
}

// Serve serves on a listener until ctx ends; then it shuts down, and returns when that is done.
func Serve(ctx context.Context, listener net.Listener, serve func(net.Listener) error, shutdown func(context.Context) error) error {
	ended := make(chan error, 1)
	go func() { ended <- serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := shutdown(ctx); err != nil {
		return fmt.Errorf("stopped, but requests were still under way: %w", err)
	}
	if err := <-ended; err != nil && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Listen listens on a TCP address. setting is what the person who reads the error has to change.
func Listen(setting, addr string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s: %s is in use (stop what listens there, or choose another address, such as 127.0.0.1:0 for any free port)", setting, addr)
	case err != nil:
		return nil, fmt.Errorf("%s: cannot listen on %q: %w (want an address such as 127.0.0.1:8080)", setting, addr, err)
	}
	return listener, nil
}
