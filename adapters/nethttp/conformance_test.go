package stytchhttp_test

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"testing"
	"time"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestConformance(t *testing.T) {
	adaptertest.RunOverBus(t, build, // the other adapters have no bus: what is answered is the same
		adaptertest.Limit{
			Of:     adaptertest.PrivateUnguarded,
			Reason: "a handler cannot replace the http.ResponseWriter it was given, and nothing asks again when it commits",
		},
		adaptertest.Limit{
			Of:     adaptertest.ParamAtGroup,
			Reason: "the standard mux matches the route after the group's middleware has run",
		},
		adaptertest.Limit{
			Of:     adaptertest.Forwarding,
			Reason: "net/http has no error handling to forward to: an ErrorHandler writes",
		},
		adaptertest.Limit{
			Of:     adaptertest.WrittenUnguarded,
			Reason: "an http.ResponseWriter does not tell",
		},
	)
}

// build makes an application of the standard mux.
func build(app adaptertest.App) adaptertest.Server {
	mux := mount(app.Routes)
	patterns := patternsOf("", app.Routes)
	for _, group := range app.Groups {
		patterns = append(patterns, patternsOf(group.Prefix, group.Routes)...)
		mux.Handle(group.Prefix+"/", guarded(group.Guards, http.StripPrefix(group.Prefix, mount(group.Routes))))
	}
	handler := guarded(app.Guards, mux)
	if app.Recover {
		handler = recovered(handler)
	}
	return server{&http.Server{Handler: handler}, patterns}
}

// server is an application, and the patterns of its routes.
type server struct {
	*http.Server
	patterns []string
}

var _ adaptertest.Listing = server{}

func (s server) Routes() []stytchkit.Route { return stytchhttp.Routes(s.patterns...) }

func patternsOf(prefix string, routes []adaptertest.Route) (patterns []string) {
	for _, route := range routes {
		patterns = append(patterns, route.Method+" "+prefix+pattern(route.Path))
	}
	return patterns
}

func mount(routes []adaptertest.Route) *http.ServeMux {
	mux := http.NewServeMux()
	for _, route := range routes {
		var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { route.Handler(exchange{w, r}) })
		if route.State != nil {
			handler = stytchhttp.ServeState(route.State)
		}
		if route.SignOut != nil {
			handler = stytchhttp.ServeSignOut(route.SignOut)
		}
		mux.Handle(route.Method+" "+pattern(route.Path), guarded(route.Guards, handler))
	}
	return mux
}

// pattern writes :name as the standard mux does.
func pattern(path string) string {
	return regexp.MustCompile(`:(\w+)`).ReplaceAllString(path, "{$1}")
}

// guarded puts guards before a handler, the first outermost.
func guarded(guards []adaptertest.Guard, handler http.Handler) http.Handler {
	for i := len(guards) - 1; i >= 0; i-- {
		g, cfg := guards[i], stytchhttp.Config{}
		if g.OnDenial != nil {
			cfg.ErrorHandler = func(w http.ResponseWriter, r *http.Request, _ *stytchkit.Denial) { g.OnDenial(exchange{w, r}) }
		}
		if g.Skip != nil {
			cfg.Skip = func(r *http.Request) bool { return g.Skip(exchange{r: r}) }
		}
		guard := stytchhttp.RequireWithConfig
		switch {
		case g.Made != nil:
			handler = stytchhttp.Guard(g.Made, cfg)(handler)
			continue
		case g.Token:
			guard = stytchhttp.RequireTokenWithConfig
		case g.Optional:
			guard = stytchhttp.OptionalWithConfig
		}
		handler = guard(g.Auth, cfg, g.Rules...)(handler)
	}
	return handler
}

// recovered is what applications write: net/http itself only cuts the connection.
func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// exchange is a request and its response in a handler.
type exchange struct {
	w http.ResponseWriter
	r *http.Request
}

var _ adaptertest.Exchange = exchange{}

func (x exchange) Session() *stytchkit.Session   { return stytchhttp.Session(x.r) }
func (x exchange) Token() *stytchkit.AccessToken { return stytchhttp.Token(x.r) }
func (x exchange) Context() context.Context      { return x.r.Context() }

func (x exchange) State(auth *stytchkit.Authenticator) (stytchkit.State, error) {
	return stytchhttp.State(x.r, auth)
}

func (x exchange) SaveSession(auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return stytchhttp.SaveSession(x.w, x.r, auth, token, jwt, expires)
}

func (x exchange) EndSession(auth *stytchkit.Authenticator) error {
	return stytchhttp.EndSession(x.w, x.r, auth)
}

func (x exchange) Sub(target string, header http.Header) adaptertest.SubAnswer {
	return adaptertest.SubRequest(x.r, target, header)
}

func (x exchange) RequestHeader(name string) string { return x.r.Header.Get(name) }

func (x exchange) SetHeader(name, value string) { x.w.Header().Set(name, value) }
func (x exchange) SetCookie(c *http.Cookie)     { http.SetCookie(x.w, c) }

func (x exchange) Write(status int, text string) {
	x.w.WriteHeader(status)
	_, _ = io.WriteString(x.w, text)
}

func (x exchange) Redirect(status int, location string) { http.Redirect(x.w, x.r, location, status) }
func (x exchange) Fail(status int)                      { http.Error(x.w, "failed", status) }

func (x exchange) Stream(events func(send func(string))) {
	x.SetHeader("Content-Type", "text/event-stream")
	_ = http.NewResponseController(x.w).Flush()
	events(func(event string) {
		_, _ = io.WriteString(x.w, "data: "+event+"\n\n")
		_ = http.NewResponseController(x.w).Flush()
	})
}
