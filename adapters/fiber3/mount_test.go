package stytchfiber_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/valyala/fasthttp"

	"github.com/stytchkit/stytchkit/adapters/fasthttp/fasthttptest"
	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestMount(t *testing.T) {
	fasthttptest.RunMount(t, func(auth *stytchkit.Authenticator, h stytchkit.Mountable, streams bool) adaptertest.Server {
		app := fiber.New(fiber.Config{ReadBufferSize: fasthttptest.ReadBuffer, StreamRequestBody: streams})
		app.Use(stytchfiber.Optional(auth))
		stytchfiber.Mount(app, h)
		return server{app}
	})
}

func TestMountRefusesAGroupWithAPath(t *testing.T) {
	adaptertest.MountsWhole(t, func(group string, h stytchkit.Mountable) { stytchfiber.Mount(fiber.New().Group(group), h) })
}

func TestAReadBufferThatIsTooSmallIsSaidOnce(t *testing.T) {
	fasthttptest.RunReadBuffer(t, "fiber.Config.ReadBufferSize", func(auth *stytchkit.Authenticator, size int) fasthttp.RequestHandler {
		app := fiber.New(fiber.Config{ReadBufferSize: size})
		app.Use(stytchfiber.Optional(auth), stytchfiber.Optional(auth))
		return app.Handler()
	})
}

// Fiber's own context is not the request's: the state's error says so.
func TestFibersOwnContextIsNamed(t *testing.T) {
	auth := stytchtest.Start(t).Authenticator(t)
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
