// Package stytchecho authenticates Echo requests with Stytch sessions and access tokens.
//
//	e.Use(stytchecho.Optional(auth))                  // a session if there is one
//	api := e.Group("/api", stytchecho.Require(auth))  // 401 without
//
//	s := stytchecho.Session(c) // nil when anonymous
package stytchecho

import (
	"errors"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

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
	ErrorHandler func(c echo.Context, err error) error
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

// Forward is a Config.ErrorHandler that returns the denial as an *echo.HTTPError, for the
// application's HTTPErrorHandler to answer; errors.As finds the *stytchkit.Denial in it. Redirects
// to the login page are written as they are.
func Forward(_ echo.Context, err error) error {
	var d *stytchkit.Denial
	if !errors.As(err, &d) || d.Header.Get("Location") != "" {
		return nil
	}
	return &echo.HTTPError{Code: d.Status, Message: d.Title(), Internal: d}
}

// Session is the request's session; nil when it is anonymous.
func Session(c echo.Context) *stytchkit.Session {
	return stytchkit.SessionFrom(c.Request().Context())
}

// Token is the request's access token; nil behind a guard for sessions.
func Token(c echo.Context) *stytchkit.AccessToken {
	return stytchkit.TokenFrom(c.Request().Context())
}

// SaveSession stores the session that a login of the application's own got from Stytch, until
// expires, the session's own expiry. Call it before the response is written.
// It fails on empty tokens: a login that still needs a step has none.
func SaveSession(c echo.Context, auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return exchange(c).SaveSession(auth, token, jwt, expires)
}

// EndSession signs out: it revokes every credential that the request presents and clears the
// cookies. Call it before the response is written. The cookies are cleared even when it fails: an
// error says what could not be revoked at Stytch, or not yet.
func EndSession(c echo.Context, auth *stytchkit.Authenticator) error {
	return exchange(c).EndSession(auth)
}

func exchange(c echo.Context) stytchkit.Exchange {
	response := c.Response()
	return stytchkit.Exchange{
		Context: c.Request().Context(), Request: newRequest(c), Header: response.Header(), Written: response.Committed,
		Watch: func(owed *stytchkit.Response) { response.Writer = stytchkit.Watched(response.Writer, owed) },
	}
}

func handler(guard *stytchkit.Guard, cfg Config) echo.MiddlewareFunc {
	g := &guarded{guard: guard, cfg: cfg}
	return func(next echo.HandlerFunc) echo.HandlerFunc { // Echo calls this again for each request
		return func(c echo.Context) error { return g.serve(c, next) }
	}
}

// guarded is what one guard does for every request.
type guarded struct {
	guard    *stytchkit.Guard
	cfg      Config
	requests pool
}

func (g *guarded) serve(c echo.Context, next echo.HandlerFunc) error {
	if g.cfg.Skipper != nil && g.cfg.Skipper(c) {
		return next(c)
	}
	r := g.requests.of(c)
	d := g.guard.Check(r.R.Context(), r)
	g.requests.put(r)
	in := d.Inside(c.Response().Writer, c.Request())
	c.Response().Writer = in.Writer
	c.SetRequest(in.Request)
	defer func() { in.Leave(c.Request()) }()
	if d.Denial != nil {
		return deny(c, &in, d.Denial, g.cfg.ErrorHandler)
	}
	return next(c)
}

// deny answers a denied request.
func deny(c echo.Context, in *stytchkit.Inside, d *stytchkit.Denial, errorHandler func(echo.Context, error) error) error {
	d.SetHeader(c.Response().Header())
	if errorHandler != nil {
		if err := errorHandler(c, d); err != nil || c.Response().Committed || in.Written() {
			return err
		}
	}
	d.SetContent(c.Response().Header())
	return write(c, d.Status, d.Body)
}

func write(c echo.Context, status int, body []byte) error {
	c.Response().WriteHeader(status)
	_, _ = c.Response().Write(body) // a client that is gone needs no answer
	return nil
}

// request is what the core sees of an Echo request.
type request struct {
	stytchkit.HTTPRequest
	c echo.Context
}

var _ stytchkit.Request = (*request)(nil)

func newRequest(c echo.Context) *request {
	return &request{HTTPRequest: stytchkit.HTTPRequest{R: c.Request()}, c: c}
}

// Param decodes: Echo routes by the path as it was sent, where that is not as net/url would write it.
func (r *request) Param(name string) string { return r.Decoded(r.c.Param(name)) }

// pool keeps requests from being allocated for each Check.
type pool struct{ sync.Pool }

func (p *pool) of(c echo.Context) *request {
	r, ok := p.Get().(*request)
	if !ok {
		return newRequest(c)
	}
	r.R, r.c = c.Request(), c
	return r
}

func (p *pool) put(r *request) {
	*r = request{}
	p.Put(r)
}
