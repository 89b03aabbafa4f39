package adaptertest_test

import (
	"net/http"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

// The harness of an adapter, as a template: guard stands for the adapter's own functions, and exchangeOf
// for an adaptertest.Exchange on the framework's native context. docs/adapters.md has it in full.
func Example() {
	build := func(app adaptertest.App) adaptertest.Server {
		mux := http.NewServeMux()
		mount := func(prefix string, outer []adaptertest.Guard, routes []adaptertest.Route) {
			for _, route := range routes {
				handler := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { route.Handler(exchangeOf(w, r)) }))
				handler = behind(outer, behind(route.Guards, handler))
				mux.Handle(route.Method+" "+prefix+strings.ReplaceAll(route.Path, ":org", "{org}"), behind(app.Guards, handler))
			}
		}
		mount("", nil, app.Routes)
		for _, group := range app.Groups {
			mount(group.Prefix, group.Guards, group.Routes)
		}
		return &http.Server{Handler: mux}
	}
	// In the adapter's conformance_test.go; with the limits that the framework has, each with its reason.
	_ = func(t *testing.T) { adaptertest.Run(t, build) }
}

// behind puts guards before a handler, the first outermost.
func behind(guards []adaptertest.Guard, handler http.Handler) http.Handler {
	for i := len(guards) - 1; i >= 0; i-- {
		g := guards[i]
		made := g.Made
		switch {
		case made != nil:
		case g.Token:
			made = g.Auth.RequireToken(g.Rules...)
		case g.Optional:
			made = g.Auth.Optional(g.Rules...)
		default:
			made = g.Auth.Require(g.Rules...)
		}
		handler = guard(made, handler)
	}
	return handler
}

// guard is the least that an adapter does.
func guard(guard *stytchkit.Guard, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := guard.Check(r.Context(), stytchkit.HTTPRequest{R: r})
		in := d.Inside(w, r)
		defer in.Leave(in.Request)
		if d.Denial == nil {
			next.ServeHTTP(in.Writer, in.Request)
			return
		}
		d.Denial.SetHeader(in.Writer.Header())
		d.Denial.SetContent(in.Writer.Header())
		in.Writer.WriteHeader(d.Denial.Status)
		_, _ = in.Writer.Write(d.Denial.Body)
	})
}

// exchangeOf is what the suite's handlers get: nine lines and more of the framework's own calls.
func exchangeOf(http.ResponseWriter, *http.Request) adaptertest.Exchange { return nil }
