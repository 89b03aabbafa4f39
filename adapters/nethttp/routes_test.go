package stytchhttp_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"testing"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestRoutesAndWhichOfThemAreOpen(t *testing.T) {
	config := stytchtest.Start(t).Config()
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
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
	if got, want := fmt.Sprint(routes), fmt.Sprint(patterns); got != want {
		t.Errorf("routes are %s, want %s", got, want)
	}
	open, err := stytchtest.Unprotected(stytchtest.InProcess(mux), routes)
	if got := fmt.Sprint(open); err != nil || got != "[GET /healthz GET admin.example.com/status GET /{$}]" {
		t.Errorf("open to anybody are %s (%v)", got, err)
	}
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
