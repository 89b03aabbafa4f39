package main

import (
	"os"
	"testing"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
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
		return demotest.Server{Serve: listener(router), Shutdown: router.ShutdownWithContext, Routes: stytchfiber.Routes(router)}
	})
}

func TestProgram(t *testing.T) { demotest.RunProgram(t) }

func TestCrowd(t *testing.T) { demotest.RunCrowd(t) }
