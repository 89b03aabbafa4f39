package stytchfiber_test

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v3"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestMount(t *testing.T) {
	for name, streams := range map[string]bool{"bodies that Fiber has read": false, "bodies that are streamed": true} {
		t.Run(name, func(t *testing.T) {
			adaptertest.RunSignIn(t, func(auth *stytchkit.Authenticator, h stytchkit.Mountable) adaptertest.Server {
				app := fiber.New(fiber.Config{ReadBufferSize: 16 << 10, StreamRequestBody: streams})
				app.Use(stytchfiber.Optional(auth))
				stytchfiber.Mount(app, h)
				return server{app}
			})
		})
	}
}

// named answers with the host that it was asked for.
type named struct{}

func (named) Prefix() string { return "/auth" }

func (named) ServeHTTP(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host) }

func TestAMountedHandlerSeesTheHostThatNetHTTPWouldSee(t *testing.T) {
	app := fiber.New()
	stytchfiber.Mount(app, named{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(l, quiet()) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	for target, want := range map[string]string{"/auth/x": "app.example.com", "http://other.example.com/auth/x": "other.example.com"} {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nHost: app.example.com\r\nConnection: close\r\n\r\n")
		answer, err := io.ReadAll(conn)
		if _, body, _ := strings.Cut(string(answer), "\r\n\r\n"); err != nil || body != want {
			t.Errorf("GET %s: the handler saw %q, want %q (%v)", target, body, want, err)
		}
		_ = conn.Close()
	}
}

func TestMountRefusesAGroupWithAPath(t *testing.T) {
	defer func() {
		if said, _ := recover().(string); !strings.Contains(said, "/v1") || !strings.Contains(said, "Config.Prefix") {
			t.Errorf("it says %q", said)
		}
	}()
	r := fiber.New()
	stytchfiber.Mount(r.Group(""), mountable{http.NotFoundHandler()})
	stytchfiber.Mount(r.Group("/v1"), mountable{http.NotFoundHandler()})
}

type mountable struct{ http.Handler }

func (mountable) Prefix() string { return "/auth" }

func TestAReadBufferThatIsTooSmallIsSaidOnce(t *testing.T) {
	for size, want := range map[int]int{0: 1, 4 << 10: 1, 8 << 10: 0, 16 << 10: 0} {
		var log strings.Builder
		config := stytchtest.Start(t).Config()
		config.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
		auth, err := stytchkit.New(config)
		if err != nil {
			t.Fatal(err)
		}
		app := fiber.New(fiber.Config{ReadBufferSize: size})
		app.Use(stytchfiber.Optional(auth), stytchfiber.Optional(auth))
		for range 2 {
			res, err := app.Test(httptest.NewRequest(http.MethodGet, "/", http.NoBody), fiber.TestConfig{Timeout: 0})
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close() // only the log counts
		}
		auth.Close()
		if got := strings.Count(log.String(), "fiber.Config.ReadBufferSize"); got != want {
			t.Errorf("a buffer of %d bytes is said %d times, want %d: %s", size, got, want, log.String())
		}
	}
}

// Fiber's own context is not the request's: the state's error says so.
func TestFibersOwnContextIsNamed(t *testing.T) {
	config := stytchtest.Start(t).Config()
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	app := fiber.New()
	var said error
	app.Get("/", stytchfiber.Optional(auth), func(c fiber.Ctx) error {
		_, said = auth.State(c.RequestCtx())
		return nil
	})
	res, err := app.Test(httptest.NewRequest(http.MethodGet, "/", http.NoBody), fiber.TestConfig{Timeout: 0})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if said == nil || !strings.Contains(said.Error(), "*fasthttp.RequestCtx") || !strings.Contains(said.Error(), "c.Context()") {
		t.Errorf("it says %v", said)
	}
}
