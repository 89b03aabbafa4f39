package stytchgin_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestConformance(t *testing.T) { adaptertest.Run(t, build) }

// build makes a Gin application.
func build(app adaptertest.App) adaptertest.Server {
	gin.SetMode(gin.TestMode)
	r := gin.New()
	if app.Recover {
		r.Use(gin.RecoveryWithWriter(io.Discard))
	}
	r.Use(guards(app.Guards)...)
	mount(r, app.Routes)
	for _, group := range app.Groups {
		mount(r.Group(group.Prefix, guards(group.Guards)...), group.Routes)
	}
	return server{&http.Server{Handler: r}, r}
}

// server is a Gin application.
type server struct {
	*http.Server
	app *gin.Engine
}

var _ adaptertest.Listing = server{}

func (s server) Routes() []stytchkit.Route { return stytchgin.Routes(s.app) }

func mount(r gin.IRoutes, routes []adaptertest.Route) {
	for _, route := range routes {
		handler := func(c *gin.Context) { route.Handler(exchange{c}) }
		if route.State != nil {
			handler = stytchgin.ServeState(route.State)
		}
		if route.SignOut != nil {
			handler = stytchgin.ServeSignOut(route.SignOut)
		}
		chain := append(guards(route.Guards), handler)
		if route.Method == "" {
			r.Any(route.Path, chain...)
			continue
		}
		r.Handle(route.Method, route.Path, chain...)
	}
}

func guards(guards []adaptertest.Guard) []gin.HandlerFunc {
	var chain []gin.HandlerFunc
	for _, g := range guards {
		var cfg stytchgin.Config
		switch {
		case g.Forward:
			cfg.ErrorHandler = stytchgin.Forward
		case g.OnDenial != nil:
			cfg.ErrorHandler = func(c *gin.Context, _ *stytchkit.Denial) { g.OnDenial(exchange{c}) }
		}
		if g.Skip != nil {
			cfg.Skip = func(c *gin.Context) bool { return g.Skip(exchange{c}) }
		}
		guard := stytchgin.RequireWithConfig
		switch {
		case g.Made != nil:
			chain = append(chain, stytchgin.Guard(g.Made, cfg))
			continue
		case g.Token:
			guard = stytchgin.RequireTokenWithConfig
		case g.Optional:
			guard = stytchgin.OptionalWithConfig
		}
		chain = append(chain, guard(g.Auth, cfg, g.Rules...))
	}
	return chain
}

// exchange is a request and its response in a Gin handler.
type exchange struct{ c *gin.Context }

var _ adaptertest.Exchange = exchange{}

func (x exchange) Session() *stytchkit.Session   { return stytchgin.Session(x.c) }
func (x exchange) Token() *stytchkit.AccessToken { return stytchgin.Token(x.c) }
func (x exchange) Context() context.Context      { return x.c.Request.Context() }

func (x exchange) State(auth *stytchkit.Authenticator) (stytchkit.State, error) {
	return stytchgin.State(x.c, auth)
}

func (x exchange) SaveSession(auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return stytchgin.SaveSession(x.c, auth, token, jwt, expires)
}

func (x exchange) EndSession(auth *stytchkit.Authenticator) error {
	return stytchgin.EndSession(x.c, auth)
}

func (x exchange) SetHeader(name, value string)         { x.c.Header(name, value) }
func (x exchange) SetCookie(c *http.Cookie)             { x.c.SetCookieData(c) }
func (x exchange) Write(status int, text string)        { x.c.String(status, "%s", text) }
func (x exchange) Redirect(status int, location string) { x.c.Redirect(status, location) }
func (x exchange) Fail(status int)                      { _ = x.c.AbortWithError(status, errors.New("failed")) }
func (x exchange) Sub(target string, header http.Header) adaptertest.SubAnswer {
	return adaptertest.SubRequest(x.c.Request, target, header)
}

func (x exchange) RequestHeader(name string) string { return x.c.GetHeader(name) }
func (x exchange) Stream(events func(send func(string))) {
	x.c.Header("Content-Type", "text/event-stream")
	x.c.Writer.Flush()
	x.c.Stream(func(w io.Writer) bool {
		events(func(event string) {
			_, _ = io.WriteString(w, "data: "+event+"\n\n")
			x.c.Writer.Flush()
		})
		return false
	})
}
