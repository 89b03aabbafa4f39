package stytchecho

import (
	"github.com/labstack/echo/v5"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// State is the state that a page needs: the request's session with its member and organization
// loaded. A guard of auth stands before the handler; see [stytchkit.Authenticator.State].
func State(c *echo.Context, auth *stytchkit.Authenticator) (stytchkit.State, error) {
	return auth.State(c.Request().Context())
}

// ServeState answers with the state as JSON, which gives a frontend what Stytch's React hooks give it.
// It is a whole route: the optional guard that it stands behind takes these rules; see
// [stytchkit.Authenticator.AnswerState].
func ServeState(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) echo.HandlerFunc {
	return handler(auth.Optional(rules...), Config{})(func(c *echo.Context) error {
		answer := auth.AnswerState(c.Request().Context(), request{c})
		answer.SetHeader(c.Response().Header())
		return write(c, answer.Status, answer.Body)
	})
}

// ServeSignOut signs out who sends it a POST, and answers as all adapters do. It is a whole route, and
// stands outside of every Require; see [stytchkit.Exchange.SignOut].
func ServeSignOut(auth *stytchkit.Authenticator) echo.HandlerFunc {
	auth = auth.Made()
	return func(c *echo.Context) error {
		answer := exchange(c).SignOut(auth)
		answer.SetHeader(c.Response().Header())
		return write(c, answer.Status, answer.Body)
	}
}
