package stytchfiber

import (
	"github.com/gofiber/fiber/v3"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// State is the state that a page needs: the request's session with its member and organization
// loaded. A guard of auth stands before the handler; see [stytchkit.Authenticator.State]. What it gives stays right
// after the handler has returned.
func State(c fiber.Ctx, auth *stytchkit.Authenticator) (stytchkit.State, error) {
	return auth.State(c.Context())
}

// ServeState answers with the state as JSON, which gives a frontend what Stytch's React hooks give it.
// It is a whole route: the optional guard that it stands behind takes these rules; see
// [stytchkit.Authenticator.AnswerState].
func ServeState(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) fiber.Handler {
	return handler(auth.Optional(rules...), Config{}, func(c fiber.Ctx) error {
		answer := auth.AnswerState(c.Context(), new(request).of(c))
		answer.SetHeader(header(c))
		return c.Status(answer.Status).Send(answer.Body)
	})
}

// ServeSignOut signs out who sends it a POST, and answers as all adapters do. It is a whole route, and
// stands outside of every Require; see [stytchkit.Exchange.SignOut].
func ServeSignOut(auth *stytchkit.Authenticator) fiber.Handler {
	auth = auth.Made()
	return func(c fiber.Ctx) error {
		answer := exchange(c).SignOut(auth)
		answer.SetHeader(header(c))
		return c.Status(answer.Status).Send(answer.Body)
	}
}
