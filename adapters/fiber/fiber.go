// Package stytchfiber authenticates Fiber requests with Stytch B2B sessions, natively: no net/http
// adaptor stands between.
//
//	app.Use(stytchfiber.Optional(auth))                  // a session if there is one
//	api := app.Group("/api", stytchfiber.Require(auth))  // 401 without
//
//	s := stytchfiber.Session(c) // nil when anonymous
package stytchfiber

import (
	"errors"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Config is what the middleware takes beside the Authenticator and the rules.
type Config struct {
	// Next lets a request pass unlooked at. Decide by route, never by a path that the router cleans.
	// Default: none.
	Next func(c *fiber.Ctx) bool
	// ErrorHandler answers denied requests; the error is a *stytchkit.Denial. Cookies,
	// WWW-Authenticate, Retry-After, Vary and Cache-Control are set already. The default answer is
	// written unless it writes, sets a status or returns an error. Default: the denial as it is.
	ErrorHandler fiber.ErrorHandler
}

// Require lets requests with a session through that meets every rule, and denies all others.
func Require(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) fiber.Handler {
	return RequireWithConfig(auth, Config{}, rules...)
}

// RequireWithConfig is [Require] with a [Config].
func RequireWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) fiber.Handler {
	return handler(auth.Require(rules...), cfg, (*fiber.Ctx).Next)
}

// Optional attaches a session if there is one.
func Optional(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) fiber.Handler {
	return OptionalWithConfig(auth, Config{}, rules...)
}

// OptionalWithConfig is [Optional] with a [Config].
func OptionalWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) fiber.Handler {
	return handler(auth.Optional(rules...), cfg, (*fiber.Ctx).Next)
}

// Forward is a Config.ErrorHandler that returns the denial as a *fiber.Error, for the application's
// ErrorHandler to answer; errors.As finds the *stytchkit.Denial beside it. Redirects to the login
// page are written as they are.
func Forward(_ *fiber.Ctx, err error) error {
	var d *stytchkit.Denial
	if !errors.As(err, &d) || d.Header.Get("Location") != "" {
		return nil
	}
	return &forwarded{answer: fiber.NewError(d.Status, d.Title()), denial: d}
}

// forwarded says to clients what a *fiber.Error says: Fiber's default handler sends them its text.
type forwarded struct {
	answer *fiber.Error
	denial *stytchkit.Denial
}

func (f *forwarded) Error() string   { return f.answer.Error() }
func (f *forwarded) Unwrap() []error { return []error{f.answer, f.denial} }

// Session is the request's session; nil when it is anonymous. It stays right after the handler has
// returned.
func Session(c *fiber.Ctx) *stytchkit.Session {
	return stytchkit.SessionFrom(c.UserContext())
}

// SaveSession stores the session that a login of the application's own got from Stytch, until
// expires, the session's own expiry.
// It fails on empty tokens: a login that still needs a step has none.
func SaveSession(c *fiber.Ctx, auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	cookies, err := auth.SessionCookies(&request{c: c}, token, jwt, expires)
	if err != nil {
		return err
	}
	setCookies(c, cookies)
	return nil
}

// EndSession signs out: it revokes every credential that the request presents and clears the
// cookies. The cookies are cleared even when it fails: an error says what could not be revoked at
// Stytch, or not yet.
func EndSession(c *fiber.Ctx, auth *stytchkit.Authenticator) error {
	cookies, err := auth.EndSession(c.UserContext(), &request{c: c})
	setCookies(c, cookies)
	return err
}

func handler(guard *stytchkit.Guard, cfg Config, next fiber.Handler) fiber.Handler {
	var requests pool
	return func(c *fiber.Ctx) error {
		if cfg.Next != nil && cfg.Next(c) {
			return c.Next()
		}
		ctx := c.UserContext()
		r := requests.of(c)
		d := guard.Check(ctx, r)
		requests.put(r)
		d.SetHeader(header{c})
		c.SetUserContext(d.Context(ctx))
		if len(d.Cookies) > 0 {
			keepPrivate(c)
		}
		defer commit(c)
		if d.Denial != nil {
			return deny(c, d.Denial, cfg.ErrorHandler)
		}
		return next(c)
	}
}

func setCookies(c *fiber.Ctx, cookies []*http.Cookie) {
	if len(cookies) == 0 {
		return
	}
	stytchkit.SetCookies(header{c}, cookies)
	keepPrivate(c)
}

// private marks a request whose response sets session cookies.
type private struct{}

// keepPrivate keeps a response that sets session cookies out of shared caches, whatever the
// handler says.
func keepPrivate(c *fiber.Ctx) { c.Locals(private{}, true) }

// commit is for when the handler has returned: Fiber writes the headers later still.
func commit(c *fiber.Ctx) {
	if c.Locals(private{}) != nil {
		c.Set(fiber.HeaderCacheControl, stytchkit.PrivateNoStore)
	}
}

// deny answers a denied request.
func deny(c *fiber.Ctx, d *stytchkit.Denial, errorHandler fiber.ErrorHandler) error {
	if errorHandler != nil {
		status := c.Response().StatusCode()
		err := errorHandler(c, d)
		if err != nil || c.Response().StatusCode() != status || hasBody(c) {
			return err
		}
	}
	d.SetContent(header{c})
	c.Status(d.Status)
	return c.Send(d.Body)
}

func hasBody(c *fiber.Ctx) bool {
	return c.Response().IsBodyStream() || len(c.Response().Body()) > 0
}
