// Package stytchfiber authenticates Fiber requests with Stytch sessions and access tokens, natively: no
// net/http adaptor stands between.
//
//	app.Use(stytchfiber.Optional(auth))                  // a session if there is one
//	api := app.Group("/api", stytchfiber.Require(auth))  // 401 without
//
//	s := stytchfiber.Session(c) // nil when anonymous
package stytchfiber

import (
	"errors"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	stytchfasthttp "github.com/stytchkit/stytchkit/adapters/fasthttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Config is what the middleware takes beside the Authenticator and the rules.
type Config struct {
	// Next lets a request pass unlooked at. Decide by route, never by a path that the router cleans.
	// Default: none.
	Next func(c *fiber.Ctx) bool
	// ErrorHandler answers denied requests; the error is a *stytchkit.Denial. WWW-Authenticate,
	// Retry-After, Vary and Cache-Control are set already, cookies follow with the headers. The
	// default answer is written unless it writes, sets a status or returns an error. Default: the
	// denial as it is.
	ErrorHandler fiber.ErrorHandler
}

// Require lets requests with a session through that meets every rule, and denies all others.
func Require(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) fiber.Handler {
	return RequireWithConfig(auth, Config{}, rules...)
}

// RequireWithConfig is [Require] with a [Config].
func RequireWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) fiber.Handler {
	return Guard(auth.Require(rules...), cfg)
}

// Optional attaches a session if there is one.
func Optional(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) fiber.Handler {
	return OptionalWithConfig(auth, Config{}, rules...)
}

// OptionalWithConfig is [Optional] with a [Config].
func OptionalWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) fiber.Handler {
	return Guard(auth.Optional(rules...), cfg)
}

// RequireToken lets requests with an access token through that meets every rule, and denies all others.
func RequireToken(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) fiber.Handler {
	return RequireTokenWithConfig(auth, Config{}, rules...)
}

// RequireTokenWithConfig is [RequireToken] with a [Config].
func RequireTokenWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) fiber.Handler {
	return Guard(auth.RequireToken(rules...), cfg)
}

// Guard is the middleware of a guard made by hand, such as by stytchkit.Authenticator.Either. It panics when
// there is none.
func Guard(guard *stytchkit.Guard, cfg Config) fiber.Handler {
	return handler(guard.Made(), cfg, (*fiber.Ctx).Next)
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

// Token is the request's access token; nil behind a guard for sessions. It stays right after the
// handler has returned.
func Token(c *fiber.Ctx) *stytchkit.AccessToken {
	return stytchkit.TokenFrom(c.UserContext())
}

// SaveSession stores the session that a login of the application's own got from Stytch, until
// expires, the session's own expiry.
// It fails on empty tokens: a login that still needs a step has none.
func SaveSession(c *fiber.Ctx, auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return exchange(c).SaveSession(auth, token, jwt, expires)
}

// EndSession signs out: it revokes every credential that the request presents and clears the
// cookies. The cookies are cleared even when it fails: an error says what could not be revoked at
// Stytch, or not yet.
func EndSession(c *fiber.Ctx, auth *stytchkit.Authenticator) error {
	return exchange(c).EndSession(auth)
}

func exchange(c *fiber.Ctx) stytchkit.Exchange {
	return stytchkit.Exchange{Context: c.UserContext(), Request: new(request).of(c), Header: header(c)}
}

func handler(guard *stytchkit.Guard, cfg Config, next fiber.Handler) fiber.Handler {
	var requests stytchfasthttp.Pool[request]
	var looked sync.Once // at what only a request's application tells
	return func(c *fiber.Ctx) error {
		looked.Do(func() { guard.HeaderBuffer(c.App().Config().ReadBufferSize, "fiber.Config.ReadBufferSize") })
		if cfg.Next != nil && cfg.Next(c) {
			return c.Next()
		}
		ctx := c.UserContext()
		r := requests.Get().of(c)
		d := guard.Check(ctx, r)
		requests.Put(r)
		in := stytchkit.Enter[struct{}](ctx, d)
		c.SetUserContext(in)
		if in.IsOutermost() && !in.IsNested() { // of other credentials: this is not the place to meet it
			defer in.Response().Leave(header(c))
		}
		if d.Denial != nil {
			return deny(c, d.Denial, cfg.ErrorHandler)
		}
		return next(c)
	}
}

// deny answers a denied request.
func deny(c *fiber.Ctx, d *stytchkit.Denial, errorHandler fiber.ErrorHandler) error {
	d.SetHeader(header(c))
	if errorHandler != nil {
		status := c.Response().StatusCode()
		err := errorHandler(c, d)
		if err != nil || c.Response().StatusCode() != status || stytchfasthttp.HasBody(c.Response()) {
			return err
		}
	}
	d.SetContent(header(c))
	return c.Status(d.Status).Send(d.Body)
}
