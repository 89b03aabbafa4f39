// Package stytchecho authenticates Echo 5 requests with Stytch sessions and access tokens.
//
//	e.Use(stytchecho.Optional(auth))                  // a session if there is one
//	api := e.Group("/api", stytchecho.Require(auth))  // 401 without
//
//	s := stytchecho.Session(c) // nil when anonymous
package stytchecho

import (
	"errors"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Config is what the middleware takes beside the Authenticator and the rules.
type Config struct {
	// Skipper lets a request pass unlooked at. Decide by route, never by a path that the router cleans.
	// Default: none.
	Skipper middleware.Skipper
	// ErrorHandler answers denied requests; the error is a *stytchkit.Denial. WWW-Authenticate,
	// Retry-After, Vary and Cache-Control are set already, cookies follow with the headers. The
	// default answer is written unless it writes or returns an error. Default: the denial as it is.
	ErrorHandler func(c *echo.Context, err error) error
}

// Require lets requests with a session through that meets every rule, and denies all others.
func Require(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) echo.MiddlewareFunc {
	return RequireWithConfig(auth, Config{}, rules...)
}

// RequireWithConfig is [Require] with a [Config].
func RequireWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) echo.MiddlewareFunc {
	return Guard(auth.Require(rules...), cfg)
}

// Optional attaches a session if there is one.
func Optional(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) echo.MiddlewareFunc {
	return OptionalWithConfig(auth, Config{}, rules...)
}

// OptionalWithConfig is [Optional] with a [Config].
func OptionalWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) echo.MiddlewareFunc {
	return Guard(auth.Optional(rules...), cfg)
}

// RequireToken lets requests with an access token through that meets every rule, and denies all others.
func RequireToken(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) echo.MiddlewareFunc {
	return RequireTokenWithConfig(auth, Config{}, rules...)
}

// RequireTokenWithConfig is [RequireToken] with a [Config].
func RequireTokenWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) echo.MiddlewareFunc {
	return Guard(auth.RequireToken(rules...), cfg)
}

// Guard is the middleware of a guard made by hand, such as by stytchkit.Authenticator.Either. It panics when
// there is none.
func Guard(guard *stytchkit.Guard, cfg Config) echo.MiddlewareFunc {
	return handler(guard.Made(), cfg)
}

// Forward is a Config.ErrorHandler that returns the denial in an *echo.HTTPError, for the
// application's HTTPErrorHandler to answer; errors.As finds the *stytchkit.Denial in it. Redirects
// to the login page are written as they are.
func Forward(_ *echo.Context, err error) error {
	var d *stytchkit.Denial
	if !errors.As(err, &d) || d.Header.Get("Location") != "" {
		return nil
	}
	return echo.NewHTTPError(d.Status, d.Title()).Wrap(d)
}

// Session is the request's session; nil when it is anonymous.
func Session(c *echo.Context) *stytchkit.Session {
	return stytchkit.SessionFrom(c.Request().Context())
}

// Token is the request's access token; nil behind a guard for sessions.
func Token(c *echo.Context) *stytchkit.AccessToken {
	return stytchkit.TokenFrom(c.Request().Context())
}

// SaveSession stores the session that a login of the application's own got from Stytch, until
// expires, the session's own expiry. Call it before the response is written.
// It fails on empty tokens: a login that still needs a step has none.
func SaveSession(c *echo.Context, auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return exchange(c).SaveSession(auth, token, jwt, expires)
}

// EndSession signs out: it revokes every credential that the request presents and clears the
// cookies. Call it before the response is written. The cookies are cleared even when it fails: an
// error says what could not be revoked at Stytch, or not yet.
func EndSession(c *echo.Context, auth *stytchkit.Authenticator) error {
	return exchange(c).EndSession(auth)
}

func exchange(c *echo.Context) stytchkit.Exchange {
	w := writerOf(c)
	return stytchkit.Exchange{
		Context: c.Request().Context(), Request: request{c}, Header: c.Response().Header(), Written: w.isWritten(),
		Watch: func(owed *stytchkit.Response) { w.set(stytchkit.Watched(w.beneath, owed)) },
	}
}

func handler(guard *stytchkit.Guard, cfg Config) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			if cfg.Skipper != nil && cfg.Skipper(c) {
				return next(c)
			}
			d := guard.Check(c.Request().Context(), request{c})
			w := writerOf(c)
			in := d.Inside(w.beneath, c.Request())
			w.set(in.Writer)
			c.SetRequest(in.Request)
			defer func() { in.Leave(c.Request()) }()
			if d.Denial != nil {
				return deny(c, &in, d.Denial, cfg.ErrorHandler)
			}
			return next(c)
		}
	}
}

// deny answers a denied request.
func deny(c *echo.Context, in *stytchkit.Inside, d *stytchkit.Denial, errorHandler func(*echo.Context, error) error) error {
	d.SetHeader(c.Response().Header())
	if errorHandler != nil {
		if err := errorHandler(c, d); err != nil || writerOf(c).isWritten() || in.Written() {
			return err
		}
	}
	d.SetContent(c.Response().Header())
	return write(c, d.Status, d.Body)
}

func write(c *echo.Context, status int, body []byte) error {
	c.Response().WriteHeader(status)
	_, _ = c.Response().Write(body) // a client that is gone needs no answer
	return nil
}

// request is what the core sees of an Echo request.
type request struct{ c *echo.Context }

var _ stytchkit.Request = request{}

func (r request) std() stytchkit.HTTPRequest { return stytchkit.HTTPRequest{R: r.c.Request()} }

func (r request) Method() string                           { return r.std().Method() }
func (r request) Host() string                             { return r.std().Host() }
func (r request) Target() string                           { return r.std().Target() }
func (r request) Header(name string, i int) (string, bool) { return r.std().Header(name, i) }
func (r request) RemoteAddr() string                       { return r.std().RemoteAddr() }

// Param decodes: Echo routes by the path as it was sent, where that is not as net/url would write it.
func (r request) Param(name string) string { return r.std().Decoded(r.c.Param(name)) }
