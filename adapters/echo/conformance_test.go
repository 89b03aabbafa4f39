package stytchecho_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestConformance(t *testing.T) { adaptertest.Run(t, build) }

// build makes an Echo application.
func build(app adaptertest.App) adaptertest.Server {
	e := echo.New()
	e.Logger.SetOutput(io.Discard)
	if app.Recover {
		e.Use(middleware.Recover())
	}
	e.Use(guards(app.Guards)...)
	mount(e, app.Routes)
	for _, group := range app.Groups {
		mount(e.Group(group.Prefix, guards(group.Guards)...), group.Routes)
	}
	return server{&http.Server{Handler: e}, e}
}

// server is an Echo application.
type server struct {
	*http.Server
	app *echo.Echo
}

var _ adaptertest.Listing = server{}

func (s server) Routes() []stytchkit.Route { return stytchecho.Routes(s.app) }

// router is what an *echo.Echo and an *echo.Group have in common.
type router interface {
	Add(method, path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) *echo.Route
	Any(path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) []*echo.Route
}

func mount(r router, routes []adaptertest.Route) {
	for _, route := range routes {
		handler := func(c echo.Context) error { return run(c, route.Handler) }
		if route.State != nil {
			handler = stytchecho.ServeState(route.State)
		}
		if route.SignOut != nil {
			handler = stytchecho.ServeSignOut(route.SignOut)
		}
		if route.Method == "" {
			r.Any(route.Path, handler, guards(route.Guards)...)
			continue
		}
		r.Add(route.Method, route.Path, handler, guards(route.Guards)...)
	}
}

func guards(guards []adaptertest.Guard) []echo.MiddlewareFunc {
	var chain []echo.MiddlewareFunc
	for _, g := range guards {
		var cfg stytchecho.Config
		switch {
		case g.Forward:
			cfg.ErrorHandler = stytchecho.Forward
		case g.OnDenial != nil:
			cfg.ErrorHandler = func(c echo.Context, _ error) error { return run(c, g.OnDenial) }
		}
		if g.Skip != nil {
			cfg.Skipper = func(c echo.Context) bool { return g.Skip(&exchange{c: c}) }
		}
		guard := stytchecho.RequireWithConfig
		switch {
		case g.Made != nil:
			chain = append(chain, stytchecho.Guard(g.Made, cfg))
			continue
		case g.Token:
			guard = stytchecho.RequireTokenWithConfig
		case g.Optional:
			guard = stytchecho.OptionalWithConfig
		}
		chain = append(chain, guard(g.Auth, cfg, g.Rules...))
	}
	return chain
}

func run(c echo.Context, handler func(adaptertest.Exchange)) error {
	x := exchange{c: c}
	handler(&x)
	return x.err
}

// exchange is a request and its response in an Echo handler, which returns err.
type exchange struct {
	c   echo.Context
	err error
}

var _ adaptertest.Exchange = (*exchange)(nil)

func (x *exchange) Session() *stytchkit.Session   { return stytchecho.Session(x.c) }
func (x *exchange) Token() *stytchkit.AccessToken { return stytchecho.Token(x.c) }
func (x *exchange) Context() context.Context      { return x.c.Request().Context() }

func (x *exchange) State(auth *stytchkit.Authenticator) (stytchkit.State, error) {
	return stytchecho.State(x.c, auth)
}

func (x *exchange) SaveSession(auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return stytchecho.SaveSession(x.c, auth, token, jwt, expires)
}

func (x *exchange) EndSession(auth *stytchkit.Authenticator) error {
	return stytchecho.EndSession(x.c, auth)
}

func (x *exchange) Sub(target string, header http.Header) adaptertest.SubAnswer {
	return adaptertest.SubRequest(x.c.Request(), target, header)
}

func (x *exchange) RequestHeader(name string) string     { return x.c.Request().Header.Get(name) }
func (x *exchange) SetHeader(name, value string)         { x.c.Response().Header().Set(name, value) }
func (x *exchange) SetCookie(c *http.Cookie)             { x.c.SetCookie(c) }
func (x *exchange) Write(status int, text string)        { x.err = x.c.String(status, text) }
func (x *exchange) Redirect(status int, location string) { x.err = x.c.Redirect(status, location) }
func (x *exchange) Fail(status int)                      { x.err = echo.NewHTTPError(status) }
func (x *exchange) Stream(events func(send func(string))) {
	x.SetHeader("Content-Type", "text/event-stream")
	events(func(event string) {
		_, _ = x.c.Response().Write([]byte("data: " + event + "\n\n"))
		x.c.Response().Flush()
	})
}
