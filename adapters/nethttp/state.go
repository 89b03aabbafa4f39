package stytchhttp

import (
	"net/http"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// State is the state that a page needs: the request's session with its member and organization
// loaded. A guard of auth stands before the handler; see [stytchkit.Authenticator.State].
func State(r *http.Request, auth *stytchkit.Authenticator) (stytchkit.State, error) {
	return auth.State(r.Context())
}

// ServeState answers with the state as JSON, which gives a frontend what Stytch's React hooks give it.
// It is a whole route: the optional guard that it stands behind takes these rules; see
// [stytchkit.Authenticator.AnswerState].
func ServeState(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) http.Handler {
	return middleware(auth.Optional(rules...), Config{})(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := auth.AnswerState(r.Context(), stytchkit.HTTPRequest{R: r})
		answer.SetHeader(w.Header())
		write(w, answer.Status, answer.Body)
	}))
}

// ServeSignOut signs out who sends it a POST, and answers as all adapters do. It is a whole route, and
// stands outside of every Require; see [stytchkit.Exchange.SignOut].
func ServeSignOut(auth *stytchkit.Authenticator) http.Handler {
	auth = auth.Made()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := exchange(w, r).SignOut(auth)
		answer.SetHeader(w.Header())
		write(w, answer.Status, answer.Body)
	})
}
