package demo

import (
	"context"
	"fmt"
	"log/slog"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/webhook"
)

// HearWebhooks makes the handler of POST /webhooks/stytch, where STYTCH_WEBHOOK_SECRET says how they are signed.
func (app *App) HearWebhooks(auth *stytchkit.Authenticator) error {
	if app.env.Webhooks == "" {
		return nil
	}
	hooks, err := webhook.New(auth, webhook.Config{Secret: app.env.Webhooks, Handle: logEvent})
	if err != nil {
		return fmt.Errorf("STYTCH_WEBHOOK_SECRET: %w", err)
	}
	app.Webhooks = hooks
	return nil
}

// logEvent is where an application would delete what is the member's.
func logEvent(_ context.Context, e webhook.Event) error {
	slog.Info("demo: Stytch tells of a change", "type", e.Type(), "id", e.ObjectID)
	return nil
}

// sendWebhooks makes the sandbox of this process tell its own demo, which listens at addr.
func (app *App) sendWebhooks(addr string) error {
	if app.Sandbox == nil || app.Webhooks == nil {
		return nil
	}
	return app.Sandbox.SendWebhooks("http://"+addr+"/webhooks/stytch", app.env.Webhooks)
}
