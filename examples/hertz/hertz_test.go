package stytchhertz_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/app/middlewares/server/recovery"
	"github.com/cloudwego/hertz/pkg/common/config"
	"github.com/cloudwego/hertz/pkg/network/standard"
	"github.com/cloudwego/hertz/pkg/protocol"
	"github.com/cloudwego/hertz/pkg/protocol/sse"
	"github.com/cloudwego/hertz/pkg/route"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	stytchhertz "github.com/stytchkit/stytchkit/examples/hertz"
)

func TestConformance(t *testing.T) {
	adaptertest.Run(t, build, adaptertest.Limit{
		Of:     adaptertest.PrivateUnguarded,
		Reason: "Hertz has no hook between a handler and the commit of its headers, and outside a guard nothing of ours runs after it",
	})
}

func TestMount(t *testing.T) {
	adaptertest.RunSignIn(t, func(auth *stytchkit.Authenticator, h stytchkit.Mountable) adaptertest.Server {
		s := newServer()
		s.engine.Use(stytchhertz.Optional(auth))
		stytchhertz.Mount(&s.engine.RouterGroup, h)
		return s
	})
}

// server is an engine of Hertz's, which wants its listener when it is made, and leaves connections open when
// it closes.
type server struct {
	engine   *route.Engine
	listener struct{ net.Listener } // that of Serve

	mu   sync.Mutex
	open []io.Closer // the listener, and every connection
}

var _ adaptertest.Listing = (*server)(nil)

func newServer() *server {
	s := new(server)
	options := config.NewOptions(nil)
	options.DisablePrintRoute, options.TransporterNewer, options.Listener = true, standard.NewTransporter, &s.listener
	options.OnAccept = func(conn net.Conn) context.Context {
		s.keep(conn)
		return context.Background()
	}
	s.engine = route.NewEngine(options)
	return s
}

func (s *server) Routes() []stytchkit.Route { return stytchhertz.Routes(s.engine) }

func (s *server) Serve(l net.Listener) error {
	s.keep(l)
	s.listener.Listener = l
	return s.engine.Run()
}

func (s *server) keep(c io.Closer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = append(s.open, c)
}

func (s *server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.open {
		_ = c.Close() // it may be closed
	}
	return nil
}

func build(spec adaptertest.App) adaptertest.Server {
	s := newServer()
	if spec.Recover {
		s.engine.Use(recovery.Recovery(recovery.WithRecoveryHandler(func(_ context.Context, c *app.RequestContext, _ any, _ []byte) {
			c.AbortWithStatus(http.StatusInternalServerError) // Hertz's own logs the stack
		})))
	}
	s.engine.Use(s.guards(spec.Guards)...)
	s.mount(&s.engine.RouterGroup, spec.Routes)
	for _, group := range spec.Groups {
		s.mount(s.engine.Group(group.Prefix, s.guards(group.Guards)...), group.Routes)
	}
	return s
}

func (s *server) mount(r *route.RouterGroup, routes []adaptertest.Route) {
	for _, route := range routes {
		handler := func(ctx context.Context, c *app.RequestContext) { route.Handler(exchange{s, ctx, c}) }
		if route.State != nil {
			handler = stytchhertz.ServeState(route.State)
		}
		if route.SignOut != nil {
			handler = stytchhertz.ServeSignOut(route.SignOut)
		}
		chain := append(s.guards(route.Guards), handler)
		if route.Method == "" {
			r.Any(route.Path, chain...)
			continue
		}
		r.Handle(route.Method, route.Path, chain...)
	}
}

func (s *server) guards(guards []adaptertest.Guard) []app.HandlerFunc {
	var chain []app.HandlerFunc
	for _, g := range guards {
		var cfg stytchhertz.Config
		switch {
		case g.Forward:
			cfg.ErrorHandler = stytchhertz.Forward
		case g.OnDenial != nil:
			cfg.ErrorHandler = func(ctx context.Context, c *app.RequestContext, _ *stytchkit.Denial) { g.OnDenial(exchange{s, ctx, c}) }
		}
		if g.Skip != nil {
			cfg.Skip = func(ctx context.Context, c *app.RequestContext) bool { return g.Skip(exchange{s, ctx, c}) }
		}
		guard := g.Made
		switch {
		case guard != nil:
		case g.Token:
			guard = g.Auth.RequireToken(g.Rules...)
		case g.Optional:
			guard = g.Auth.Optional(g.Rules...)
		default:
			guard = g.Auth.Require(g.Rules...)
		}
		chain = append(chain, stytchhertz.Guard(guard, cfg))
	}
	return chain
}

// exchange is a request and its response in a handler.
type exchange struct {
	s   *server
	ctx context.Context //nolint:containedctx // the handler's argument
	c   *app.RequestContext
}

var _ adaptertest.Exchange = exchange{}

func (x exchange) Session() *stytchkit.Session   { return stytchkit.SessionFrom(x.ctx) }
func (x exchange) Token() *stytchkit.AccessToken { return stytchkit.TokenFrom(x.ctx) }
func (x exchange) Context() context.Context      { return x.ctx }

func (x exchange) State(auth *stytchkit.Authenticator) (stytchkit.State, error) {
	return auth.State(x.ctx)
}

func (x exchange) SaveSession(auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return stytchhertz.SaveSession(x.ctx, x.c, auth, token, jwt, expires)
}

func (x exchange) EndSession(auth *stytchkit.Authenticator) error {
	return stytchhertz.EndSession(x.ctx, x.c, auth)
}

func (x exchange) Sub(target string, header http.Header) adaptertest.SubAnswer {
	sub := x.s.engine.NewContext()
	sub.Request.SetRequestURI(target)
	sub.Request.SetHost("example.com")
	for name, values := range header {
		sub.Request.Header.Set(name, values[0])
	}
	x.s.engine.ServeHTTP(x.ctx, sub)
	answer := adaptertest.SubAnswer{Status: sub.Response.StatusCode(), Text: string(sub.Response.Body())}
	sub.Response.Header.VisitAllCookie(func(_, line []byte) { answer.Cookies = append(answer.Cookies, string(line)) })
	return answer
}

func (x exchange) RequestHeader(name string) string     { return string(x.c.GetHeader(name)) }
func (x exchange) SetHeader(name, value string)         { x.c.Header(name, value) }
func (x exchange) Write(status int, text string)        { x.c.String(status, "%s", text) }
func (x exchange) Redirect(status int, location string) { x.c.Redirect(status, []byte(location)) }
func (x exchange) Fail(status int)                      { x.c.AbortWithMsg("failed", status) }

func (x exchange) SetCookie(c *http.Cookie) {
	x.c.SetCookie(c.Name, c.Value, c.MaxAge, c.Path, c.Domain, protocol.CookieSameSiteLaxMode, c.Secure, c.HttpOnly)
}

func (x exchange) Stream(events func(send func(string))) {
	w := sse.NewWriter(x.c)
	_ = x.c.Flush()
	events(func(event string) { _ = w.WriteEvent("", "", []byte(event)) })
}
