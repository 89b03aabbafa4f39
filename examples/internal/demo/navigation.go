package demo

import stytchkit "github.com/stytchkit/stytchkit/core"

// afterSignIn is where a sign-in leads that does not say where to.
const afterSignIn = "/profile"

// At is a path of the demo as browsers see it: below that of ORIGIN, where a proxy strips one.
func (app *App) At(path string) string { return app.env.below() + path }

// ReturnTo is where a sign-in leads: the path it was asked to return to when that is one of this
// origin, and the profile otherwise. A link from elsewhere must not send a member to another site.
func (app *App) ReturnTo(asked string) string {
	if path := stytchkit.ReturnTo(asked); path != "" {
		return path
	}
	return app.At(afterSignIn)
}
