package stytchfiber_test

import (
	"bufio"
	"log/slog"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/valyala/fasthttp"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestARememberedSessionAddsOneAllocation(t *testing.T) {
	const limit = 1 // the context that carries the decision
	srv := stytchtest.Start(t)
	cfg := srv.Config()
	cfg.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer auth.Close()
	if err := auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	session := srv.AddMember(stytchtest.Member{}).SignIn()
	jwt := session.JWT()
	bare, guarded := fiber.New(), fiber.New()
	bare.Get("/me", func(c fiber.Ctx) error { return c.SendStatus(fiber.StatusOK) })
	guarded.Get("/me", stytchfiber.Require(auth), func(c fiber.Ctx) error {
		if stytchfiber.Session(c).ID() != session.ID {
			return fiber.ErrTeapot
		}
		return c.SendStatus(fiber.StatusOK)
	})
	for name, header := range map[string]string{
		"both cookies": "Cookie: stytch_session=" + session.Token + "; stytch_session_jwt=" + jwt,
		"bearer":       "Authorization: Bearer " + jwt,
	} {
		if added := allocations(t, guarded, header) - allocations(t, bare, header); added > limit+0.5 {
			t.Errorf("%s: the middleware adds %.2f allocations, want at most %d", name, added, limit)
		}
	}
}

// allocations is how many a request costs, as an average: under the race detector, pools forget.
// The request is read as from the wire, where fasthttp leaves the Cookie header as it is.
func allocations(t *testing.T, app *fiber.App, header string) float64 {
	t.Helper()
	const requests = 200
	var ctx fasthttp.RequestCtx
	ctx.Init(&fasthttp.Request{}, nil, nil)
	raw := "GET /me HTTP/1.1\r\nHost: example.com\r\n" + header + "\r\n\r\n"
	if err := ctx.Request.Read(bufio.NewReader(strings.NewReader(raw))); err != nil {
		t.Fatal(err)
	}
	handler := app.Handler()
	perRun := testing.AllocsPerRun(10, func() {
		for range requests {
			handler(&ctx)
			if status := ctx.Response.StatusCode(); status != fiber.StatusOK {
				t.Fatalf("got status %d, want 200 from a handler that saw the session", status)
			}
			ctx.ResetUserValues()
			ctx.Response.Reset()
		}
	})
	return perRun / requests
}
