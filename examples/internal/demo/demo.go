// Package demo is what the example applications share: their environment, the sandbox, pages, JSON
// answers, and how they start and stop. It knows no web framework; each example adds its routes.
package demo

import (
	"context"
	"fmt"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
	stytchredis "github.com/stytchkit/stytchkit/replicas/redis"
)

// App is the demo application without its routes.
type App struct {
	// Sandbox is the stand-in for Stytch in this process; nil when STYTCH_* name a project.
	Sandbox *sandbox.Sandbox
	// Webhooks take Stytch's; nil without STYTCH_WEBHOOK_SECRET.
	Webhooks stytchkit.Mountable

	env       Environment
	framework string
	pages     *Pages
	documents *documents
	metrics   *metrics         // nil without DEBUG_ADDR
	replicas  *stytchredis.Bus // nil without REPLICAS_URL
	stopping  <-chan struct{}  // closed by stop, for streams to end
	stop      context.CancelFunc
}

// New reads the environment, and starts the sandbox when that names no Stytch project. The name of
// the framework is for people to read.
func New(framework string) (*App, error) {
	env, err := readEnvironment()
	if err != nil {
		return nil, err
	}
	app := &App{env: env, framework: framework, documents: newDocuments()}
	if env.DebugAddr != "" {
		if app.metrics, err = newMetrics(); err != nil {
			return nil, err
		}
	}
	if env.Replicas != "" {
		if app.replicas, err = stytchredis.New(env.Replicas, stytchredis.Options{}); err != nil {
			return nil, fmt.Errorf("REPLICAS_URL: %w", err)
		}
	}
	app.stops()
	if env.inSandbox() {
		if app.Sandbox, err = sandbox.New(stytchtest.Options{Vertical: env.Vertical, BrowserSDK: env.Cookies.Owner != stytchkit.Backend}); err != nil {
			return nil, err
		}
	}
	if app.pages, err = NewPages(app.site()); err != nil {
		app.Close()
		return nil, err
	}
	return app, nil
}

// stops makes what tells streams that the demo stops.
func (app *App) stops() {
	ctx, stop := context.WithCancel(context.Background())
	app.stopping, app.stop = ctx.Done(), stop
}

// Close stops the sandbox, and leaves the other replicas.
func (app *App) Close() {
	app.stop()
	if app.replicas != nil {
		app.replicas.Close()
	}
	if app.Sandbox != nil {
		app.Sandbox.Close()
	}
}

// Vertical is the kind of project: a consumer project has users, and no organizations.
func (app *App) Vertical() stytchkit.Vertical { return app.env.Vertical }

// Config is the kit's configuration. The cookies are the backend's, as the demo signs people in itself,
// unless a frontend does; a browser without a session is sent to /login, and one whose sign-in is too long
// ago for a page to /auth/step-up.
func (app *App) Config() stytchkit.Config {
	config := stytchkit.Config{
		ProjectID: app.env.ProjectID,
		Secret:    app.env.Secret,
		Vertical:  app.env.Vertical,
		BaseURL:   app.env.BaseURL,
	}
	if app.Sandbox != nil {
		config = app.Sandbox.Config()
	}
	config.Issuers = app.env.Issuers
	if app.Sandbox != nil || app.foreignSandbox() {
		config.Issuers = append(config.Issuers, stytchtest.ConnectedAppIssuer)
	}
	config.Origin, config.Cookies = app.env.Origin, app.env.Cookies
	if app.env.Frontend != "" {
		config.TrustedOrigins = []string{app.env.Frontend}
	}
	config.LoginURL, config.LogoutURL = "/login", app.logoutURL()
	if app.SignsIn() { // else nothing is mounted there
		config.StepUpURL = "/auth/step-up"
	}
	config.Page = app.DeniedPage
	if app.replicas != nil {
		config.Replicas = app.replicas
	}
	if app.metrics != nil {
		config.Observer = app.metrics.observer
	}
	return config
}

// stytch says what the demo talks to.
func (app *App) stytch() string {
	switch {
	case app.Sandbox != nil:
		return "the sandbox"
	case app.env.BaseURL != "":
		return app.env.BaseURL
	}
	return "Stytch"
}
