// Package stytchkit authenticates web requests with Stytch B2B sessions, the same on every Go web framework.
//
// An [Authenticator] holds what is shared: keys, the connection to Stytch, cookie settings.
// A [Guard], made by [Authenticator.Require] or [Authenticator.Optional], looks at one request
// through the small [Request] interface and returns a [Decision]: the [Session], the cookies to
// set, or the [Denial] to answer with. The packages under adapters turn that into middleware:
//
//	auth, err := stytchkit.New(stytchkit.Config{
//		ProjectID: "project-live-…", Secret: "…",
//		Cookies:   stytchkit.Cookies{Owner: stytchkit.Backend},
//	})
//	r.Group("/api", stytchgin.Require(auth))
//
// A session JWT with a good signature is verified here, without a call; Stytch is asked when the
// JWT is expired, older than the route's freshness, or absent. What is forged never costs a call,
// and an outage of Stytch answers 503 and logs nobody out.
package stytchkit
