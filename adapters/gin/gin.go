// Package stytchgin authenticates Gin requests with Stytch sessions and access tokens.
//
//	r.Use(stytchgin.Optional(auth))               // a session if there is one
//	api := r.Group("/api", stytchgin.Require(auth)) // 401 without
//
//	s := stytchgin.Session(c) // nil when anonymous
package stytchgin

import (
	"time"

	"github.com/gin-gonic/gin"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Config is what the middleware takes beside the Authenticator and the rules.
type Config struct {
	// Skip lets a request pass unlooked at. Decide by route, never by a path that the router cleans.
	// Default: none.
	Skip func(*gin.Context) bool
	// ErrorHandler answers denied requests. WWW-Authenticate, Retry-After, Vary and Cache-Control are
	// set already, cookies follow with the headers. The chain is aborted whatever it does, and the
	// default answer is written unless it writes, sets a status or adds to c.Errors. Default: the
	// denial as it is.
	ErrorHandler func(*gin.Context, *stytchkit.Denial)
}

// Require lets requests with a session through that meets every rule, and denies all others.
func Require(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) gin.HandlerFunc {
	return RequireWithConfig(auth, Config{}, rules...)
}

// RequireWithConfig is [Require] with a [Config].
func RequireWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) gin.HandlerFunc {
	return Guard(auth.Require(rules...), cfg)
}

// Optional attaches a session if there is one.
func Optional(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) gin.HandlerFunc {
	return OptionalWithConfig(auth, Config{}, rules...)
}

// OptionalWithConfig is [Optional] with a [Config].
func OptionalWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) gin.HandlerFunc {
	return Guard(auth.Optional(rules...), cfg)
}

// RequireToken lets requests with an access token through that meets every rule, and denies all others.
func RequireToken(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) gin.HandlerFunc {
	return RequireTokenWithConfig(auth, Config{}, rules...)
}

// RequireTokenWithConfig is [RequireToken] with a [Config].
func RequireTokenWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) gin.HandlerFunc {
	return Guard(auth.RequireToken(rules...), cfg)
}

// Guard is the middleware of a guard made by hand, such as by stytchkit.Authenticator.Either. It panics when
// there is none.
func Guard(guard *stytchkit.Guard, cfg Config) gin.HandlerFunc {
	return handler(guard.Made(), cfg, (*gin.Context).Next)
}

// Forward is a Config.ErrorHandler that adds the denial to c.Errors, for the application's own error
// middleware to answer. Redirects to the login page are written as they are.
func Forward(c *gin.Context, d *stytchkit.Denial) {
	if d.Header.Get("Location") == "" {
		_ = c.Error(d)
	}
}

// Session is the request's session; nil when it is anonymous.
func Session(c *gin.Context) *stytchkit.Session {
	return stytchkit.SessionFrom(c.Request.Context())
}

// Token is the request's access token; nil behind a guard for sessions.
func Token(c *gin.Context) *stytchkit.AccessToken {
	return stytchkit.TokenFrom(c.Request.Context())
}

// SaveSession stores the session that a login of the application's own got from Stytch, until
// expires, the session's own expiry. Call it before the response is written.
// It fails on empty tokens: a login that still needs a step has none.
func SaveSession(c *gin.Context, auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return exchange(c).SaveSession(auth, token, jwt, expires)
}

// EndSession signs out: it revokes every credential that the request presents and clears the
// cookies. Call it before the response is written. The cookies are cleared even when it fails: an
// error says what could not be revoked at Stytch, or not yet.
func EndSession(c *gin.Context, auth *stytchkit.Authenticator) error {
	return exchange(c).EndSession(auth)
}

func exchange(c *gin.Context) stytchkit.Exchange {
	return stytchkit.Exchange{
		Context: c.Request.Context(), Request: request{c}, Header: c.Writer.Header(), Written: isWritten(c),
		Watch: func(owed *stytchkit.Response) { watch(c, owed) },
	}
}

func handler(guard *stytchkit.Guard, cfg Config, next gin.HandlerFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		if cfg.Skip != nil && cfg.Skip(c) {
			return
		}
		given := c.Request
		d := guard.Check(given.Context(), request{c})
		in := stytchkit.Enter[room](given.Context(), d)
		c.Request = stytchkit.WithContext(in, given, &in.Beside.request)
		defer enter(c, in).leave(c, given)
		if d.Denial != nil {
			deny(c, d.Denial, cfg.ErrorHandler)
			return
		}
		next(c)
	}
}

// deny answers a denied request. The chain is aborted first: nothing below depends on the handler.
func deny(c *gin.Context, d *stytchkit.Denial, errorHandler func(*gin.Context, *stytchkit.Denial)) {
	c.Abort()
	d.SetHeader(c.Writer.Header())
	if errorHandler != nil {
		status, failed := c.Writer.Status(), len(c.Errors)
		errorHandler(c, d)
		c.Abort()
		switch {
		case isWritten(c):
			return
		case len(c.Errors) > failed:
			c.Status(d.Status)
			return
		case c.Writer.Status() != status:
			return
		}
	}
	d.SetContent(c.Writer.Header())
	write(c, d.Status, d.Body)
}

// isWritten reports whether the headers are out. Gin says so of a Hijack that failed, too.
func isWritten(c *gin.Context) bool { return stytchkit.Written(c.Writer, c.Writer.Written()) }

// write answers in one go, as Gin's handlers do: what compresses must see a body before the headers go.
func write(c *gin.Context, status int, body []byte) {
	c.Status(status)
	if len(body) == 0 {
		c.Writer.WriteHeaderNow()
		return
	}
	_, _ = c.Writer.Write(body) // a client that is gone needs no answer
}

// request is what the core sees of a Gin request.
type request struct{ c *gin.Context }

var _ stytchkit.Request = request{}

func (r request) std() stytchkit.HTTPRequest { return stytchkit.HTTPRequest{R: r.c.Request} }

func (r request) Method() string                           { return r.std().Method() }
func (r request) Host() string                             { return r.std().Host() }
func (r request) Target() string                           { return r.std().Target() }
func (r request) Header(name string, i int) (string, bool) { return r.std().Header(name, i) }
func (r request) RemoteAddr() string                       { return r.std().RemoteAddr() }

// Param decodes: with UseRawPath and without UnescapePathValues Gin does not.
func (r request) Param(name string) string { return r.std().Decoded(r.c.Param(name)) }
