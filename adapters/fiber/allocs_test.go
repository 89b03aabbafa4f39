package stytchfiber_test

import (
	"bufio"
	"log/slog"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// apps are an application without a guard and one with it, and what requests of a remembered session present.
func apps(t testing.TB) (bare, guarded *fiber.App, headers map[string]string) {
	t.Helper()
	srv := stytchtest.Start(t)
	cfg := srv.Config()
	cfg.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	if err := auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	session := srv.AddMember(stytchtest.Member{}).SignIn()
	jwt := session.JWT()
	bare, guarded = fiber.New(), fiber.New()
	bare.Get("/me", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusOK) })
	guarded.Get("/me", stytchfiber.Require(auth), func(c *fiber.Ctx) error {
		if stytchfiber.Session(c).ID() != session.ID {
			return fiber.ErrTeapot
		}
		return c.SendStatus(fiber.StatusOK)
	})
	return bare, guarded, map[string]string{
		"both cookies": "Cookie: stytch_session=" + session.Token + "; stytch_session_jwt=" + jwt,
		"bearer":       "Authorization: Bearer " + jwt,
	}
}

// asking asks an application over and over. The request is read as from the wire, where fasthttp leaves the
// Cookie header as it is.
func asking(t testing.TB, app *fiber.App, header string) func() {
	t.Helper()
	var ctx fasthttp.RequestCtx
	ctx.Init(&fasthttp.Request{}, nil, nil)
	raw := "GET /me HTTP/1.1\r\nHost: example.com\r\n" + header + "\r\n\r\n"
	if err := ctx.Request.Read(bufio.NewReader(strings.NewReader(raw))); err != nil {
		t.Fatal(err)
	}
	handler := app.Handler()
	return func() {
		handler(&ctx)
		if status := ctx.Response.StatusCode(); status != fiber.StatusOK {
			t.Fatalf("got status %d, want 200 from a handler that saw the session", status)
		}
		ctx.ResetUserValues()
		ctx.Response.Reset()
	}
}

func TestARememberedSessionAddsOneAllocation(t *testing.T) {
	const limit = 1 // the context that carries the decision
	bare, guarded, headers := apps(t)
	for name, header := range headers {
		if added := allocations(t, guarded, header) - allocations(t, bare, header); added > limit+0.5 {
			t.Errorf("%s: the middleware adds %.2f allocations, want at most %d", name, added, limit)
		}
	}
}

// allocations is how many a request costs, as an average: under the race detector, pools forget.
func allocations(t *testing.T, app *fiber.App, header string) float64 {
	t.Helper()
	const requests = 200
	ask := asking(t, app, header)
	perRun := testing.AllocsPerRun(10, func() {
		for range requests {
			ask()
		}
	})
	return perRun / requests
}

// The adapters of Fiber 2 and of Fiber 3 have this benchmark alike: what is added to "none" is compared.
func BenchmarkSibling(b *testing.B) {
	bare, guarded, headers := apps(b)
	for _, side := range []struct {
		name string
		app  *fiber.App
	}{{"fiber/none", bare}, {"fiber/stytchkit", guarded}} {
		b.Run(side.name, func(b *testing.B) {
			ask := asking(b, side.app, headers["both cookies"])
			b.ReportAllocs()
			for b.Loop() {
				ask()
			}
		})
	}
}
