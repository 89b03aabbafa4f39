// Command nethttp is the demo application on net/http: see examples/README.md.
package main

import (
	"context"
	"net/http"
	"os"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
)

func main() { os.Exit(demo.Main(run)) }

func run(ctx context.Context) error {
	app, err := demo.New("net/http")
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
	handler, _ := newRouter(auth, login, app)
	server := &http.Server{Handler: app.CORS(handler), ReadHeaderTimeout: 5 * time.Second}
	return app.Serve(ctx, server.Serve, server.Shutdown)
}
