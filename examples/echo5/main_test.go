package main

import (
	"net/http"
	"os"
	"testing"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo5"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
	"github.com/stytchkit/stytchkit/examples/internal/demotest"
)

func TestMain(m *testing.M) {
	if demotest.IsProgram() {
		main()
	}
	os.Exit(m.Run())
}

func TestDemo(t *testing.T) {
	demotest.Run(t, func(auth *stytchkit.Authenticator, login *signin.Handler, app *demo.App) demotest.Server {
		router := newRouter(auth, login, app)
		server := &http.Server{Handler: router}
		return demotest.Server{Serve: server.Serve, Shutdown: server.Shutdown, Routes: stytchecho.Routes(router)}
	})
}

func TestProgram(t *testing.T) { demotest.RunProgram(t) }

func TestCrowd(t *testing.T) { demotest.RunCrowd(t) }
