// Command fiber3 is the demo application on Fiber 3: see examples/README.md.
package main

import (
	"context"
	"os"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
)

func main() { os.Exit(demo.Main(run)) }

func run(ctx context.Context) error {
	app, err := demo.New("Fiber 3")
	if err != nil {
		return err
	}
	defer app.Close()
	auth, err := stytchkit.New(app.Config())
	if err != nil {
		return err
	}
	defer auth.Close()
	if err := app.HearWebhooks(auth); err != nil {
		return err
	}
	var login *signin.Handler
	if app.SignsIn() {
		if login, err = signin.New(auth, app.SignIn()); err != nil {
			return err
		}
	}
	router := newRouter(auth, login, app)
	return app.Serve(ctx, listener(router), router.ShutdownWithContext)
}
