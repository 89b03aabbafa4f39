// Package signin signs members, or a consumer project's users, in and out: every step of Stytch's login
// flows, in one handler that an application mounts once.
//
//	h, err := signin.New(auth, signin.Config{Origin: "https://app.example.com", LoginURL: "/login"})
//	stytchgin.Mount(r, h) // or stytchecho, stytchfiber, stytchhttp
//
// The application's own login page posts an address to /auth/magic-link or /auth/email-code, or links to
// /auth/oauth/google or /auth/sso; the handler does the rest, with PKCE, and sets the session
// cookies. A switch of organization is a POST to /auth/switch, the end a POST to /auth/logout; GET
// /auth/session is who is signed in, as JSON for a page, and /auth/client.js the module that keeps a
// page's state by it.
// In a consumer project there are no sso, organizations and switch, and no second steps, but passkeys:
// /auth/passkey signs in by one, and /auth/passkeys is where people add, name and remove theirs.
// Browsers get redirects and small pages, of which those for passkeys alone have a script; clients that
// ask for JSON get JSON.
//
// A link that was not asked for in this browser (an invitation, a login that an identity provider
// began, a link opened on another device) signs nobody in by being opened: a page asks first, so
// that neither a mail scanner nor another site's page can use it. The page's form is bound to the
// token that it was shown for. What is submitted twice, by a double click, is used once, and a
// callback asks Stytch about each login of the browser at most once.
//
// Stytch's redirects carry tokens in their query: keep the callback's query out of access logs.
package signin
