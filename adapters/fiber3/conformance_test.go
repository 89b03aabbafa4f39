package stytchfiber_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	recovery "github.com/gofiber/fiber/v3/middleware/recover"
	"github.com/valyala/fasthttp"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestConformance(t *testing.T) {
	adaptertest.Run(t, build,
		adaptertest.Limit{
			Of:     adaptertest.PrivateUnguarded,
			Reason: "fasthttp has no hook between a handler and the commit of its headers, and outside a guard nothing of ours runs after it",
		},
		adaptertest.Limit{
			Of:     adaptertest.ParamAtGroup,
			Reason: "Fiber matches a group's middleware by its prefix, before the route",
		},
	)
}

// server is a Fiber application.
type server struct{ app *fiber.App }

var _ adaptertest.Listing = server{}

func (s server) Routes() []stytchkit.Route { return stytchfiber.Routes(s.app) }

func (s server) Serve(l net.Listener) error { return s.app.Listener(l, quiet()) }
func (s server) Close() error               { return s.app.Shutdown() }

func quiet() fiber.ListenConfig { return fiber.ListenConfig{DisableStartupMessage: true} }

// build makes a Fiber application. ReadBufferSize is what the README tells users to set.
func build(spec adaptertest.App) adaptertest.Server {
	app := fiber.New(fiber.Config{ReadBufferSize: 16 << 10})
	if spec.Recover {
		app.Use(recovery.New())
	}
	for _, guard := range guards(spec.Guards) {
		app.Use(guard)
	}
	mount(app, spec.Routes)
	for _, group := range spec.Groups {
		mount(app.Group(group.Prefix, anys(guards(group.Guards))...), group.Routes)
	}
	return server{app}
}

func mount(r fiber.Router, routes []adaptertest.Route) {
	for _, route := range routes {
		handler := func(c fiber.Ctx) error { return run(c, route.Handler) }
		if route.State != nil {
			handler = stytchfiber.ServeState(route.State)
		}
		if route.SignOut != nil {
			handler = stytchfiber.ServeSignOut(route.SignOut)
		}
		chain := anys(append(guards(route.Guards), handler))
		if route.Method == "" {
			r.All(route.Path, chain[0], chain[1:]...)
			continue
		}
		r.Add([]string{route.Method}, route.Path, chain[0], chain[1:]...)
	}
}

// anys are handlers as Fiber's routers take them.
func anys(handlers []fiber.Handler) []any {
	all := make([]any, len(handlers))
	for i, h := range handlers {
		all[i] = h
	}
	return all
}

func guards(guards []adaptertest.Guard) []fiber.Handler {
	var chain []fiber.Handler
	for _, g := range guards {
		var cfg stytchfiber.Config
		switch {
		case g.Forward:
			cfg.ErrorHandler = stytchfiber.Forward
		case g.OnDenial != nil:
			cfg.ErrorHandler = func(c fiber.Ctx, _ error) error { return run(c, g.OnDenial) }
		}
		if g.Skip != nil {
			cfg.Next = func(c fiber.Ctx) bool { return g.Skip(&exchange{c: c}) }
		}
		guard := stytchfiber.RequireWithConfig
		switch {
		case g.Made != nil:
			chain = append(chain, stytchfiber.Guard(g.Made, cfg))
			continue
		case g.Token:
			guard = stytchfiber.RequireTokenWithConfig
		case g.Optional:
			guard = stytchfiber.OptionalWithConfig
		}
		chain = append(chain, guard(g.Auth, cfg, g.Rules...))
	}
	return chain
}

func run(c fiber.Ctx, handler func(adaptertest.Exchange)) error {
	x := exchange{c: c}
	handler(&x)
	return x.err
}

// exchange is a request and its response in a Fiber handler, which returns err.
type exchange struct {
	c   fiber.Ctx
	err error
}

var _ adaptertest.Exchange = (*exchange)(nil)

func (x *exchange) Session() *stytchkit.Session   { return stytchfiber.Session(x.c) }
func (x *exchange) Token() *stytchkit.AccessToken { return stytchfiber.Token(x.c) }
func (x *exchange) Context() context.Context      { return x.c.Context() }

func (x *exchange) State(auth *stytchkit.Authenticator) (stytchkit.State, error) {
	return stytchfiber.State(x.c, auth)
}

func (x *exchange) SaveSession(auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return stytchfiber.SaveSession(x.c, auth, token, jwt, expires)
}

func (x *exchange) EndSession(auth *stytchkit.Authenticator) error {
	return stytchfiber.EndSession(x.c, auth)
}

// Sub is what users write who call one of their routes from another.
func (x *exchange) Sub(target string, header http.Header) adaptertest.SubAnswer {
	var sub fasthttp.RequestCtx
	sub.Init(&fasthttp.Request{}, nil, nil)
	sub.Request.SetRequestURI(target)
	for name, values := range header {
		sub.Request.Header.Set(name, values[0])
	}
	inner := x.c.App().AcquireCtx(&sub)
	inner.SetContext(x.Context())
	x.c.App().Handler()(&sub)
	x.c.App().ReleaseCtx(inner)
	answer := adaptertest.SubAnswer{Status: sub.Response.StatusCode(), Text: string(sub.Response.Body())}
	for _, line := range sub.Response.Header.Cookies() {
		answer.Cookies = append(answer.Cookies, string(line))
	}
	return answer
}

func (x *exchange) RequestHeader(name string) string { return x.c.Get(name) }
func (x *exchange) SetHeader(name, value string)     { x.c.Set(name, value) }
func (x *exchange) Write(status int, text string)    { x.err = x.c.Status(status).SendString(text) }
func (x *exchange) Redirect(status int, location string) {
	x.err = x.c.Redirect().Status(status).To(location)
}
func (x *exchange) Fail(status int) { x.err = fiber.NewError(status) }

func (x *exchange) SetCookie(c *http.Cookie) {
	x.c.Cookie(&fiber.Cookie{Name: c.Name, Value: c.Value, Path: c.Path, SameSite: fiber.CookieSameSiteLaxMode})
}

func (x *exchange) Stream(events func(send func(string))) {
	x.SetHeader("Content-Type", "text/event-stream")
	x.err = x.c.SendStreamWriter(func(w *bufio.Writer) { // it runs when the handler has returned
		events(func(event string) {
			_, _ = w.WriteString("data: " + event + "\n\n")
			_ = w.Flush()
		})
	})
}
