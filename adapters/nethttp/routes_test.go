package stytchhttp_test

import (
	"fmt"
	"net/http"
	"testing"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestRoutesAndWhichOfThemAreOpen(t *testing.T) {
	auth := stytchtest.Start(t).Authenticator(t)
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "hello") })
	optional, require := stytchhttp.Optional(auth), stytchhttp.Require(auth)
	mux := http.NewServeMux()
	var patterns []string
	handle := func(pattern string, h http.Handler) {
		mux.Handle(pattern, h)
		patterns = append(patterns, pattern)
	}
	handle("GET /{$}", optional(hello))
	handle("GET /healthz", hello)
	handle("POST /login", hello)
	handle("/any", require(hello))
	handle("GET /orgs/{org}/documents/{id}", require(hello))
	handle("GET /orgs/{org}/files/{path...}", require(hello))
	handle("HEAD /probe", require(hello))
	handle("OPTIONS /probe", require(hello))
	handle("GET admin.example.com/status", hello)
	handle("GET admin.example.com/users", require(hello))

	routes := stytchhttp.Routes(patterns...)
	adaptertest.Lists(t, routes, patterns...)
	adaptertest.Opens(t, stytchtest.InProcess(mux), routes, "GET /healthz", "GET admin.example.com/status", "GET /{$}")
}

func TestRoutesTakesWhatChiWalks(t *testing.T) {
	got := stytchhttp.Routes("GET /orgs/{org:[a-z]{2,9}}/documents/{id:[0-9]+}", "GET /files/*", "DELETE /x")
	want := []stytchkit.Route{
		{Method: "GET", Path: "/orgs/{org}/documents/{id}"},
		{Method: "GET", Path: "/files/{path...}"},
		{Method: "DELETE", Path: "/x"},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRoutesPanicsOnWhatIsNoPattern(t *testing.T) {
	for _, pattern := range []string{"", "GET", "healthz", "GET  two words /x", "{org}/x"} {
		func() {
			defer func() {
				if message, _ := recover().(string); message == "" {
					t.Errorf("%q was taken for a pattern", pattern)
				}
			}()
			stytchhttp.Routes(pattern)
		}()
	}
}
