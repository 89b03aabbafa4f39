// Package stytchhertz is an adapter for Hertz, as docs/adapters.md says to write one: copy it. Hertz's handlers
// have the session in their context.Context.
//
//	h.Use(stytchhertz.Optional(auth))
//	api := h.Group("/api", stytchhertz.Require(auth))
//
//	s := stytchkit.SessionFrom(ctx) // nil when anonymous
package stytchhertz

import (
	"context"
	"time"

	"github.com/cloudwego/hertz/pkg/app"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Config is what the middleware takes beside the Authenticator and the rules.
type Config struct {
	// Skip lets a request pass unlooked at. Default: none.
	Skip func(ctx context.Context, c *app.RequestContext) bool
	// ErrorHandler answers denied requests. The default answer is written unless it writes, sets a status or
	// adds to c.Errors. Default: the denial as it is.
	ErrorHandler func(ctx context.Context, c *app.RequestContext, d *stytchkit.Denial)
}

// Require lets requests with a session through that meets every rule, and denies all others.
func Require(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) app.HandlerFunc {
	return Guard(auth.Require(rules...), Config{})
}

// Optional attaches a session if there is one.
func Optional(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) app.HandlerFunc {
	return Guard(auth.Optional(rules...), Config{})
}

// RequireToken lets requests with an access token through that meets every rule, and denies all others.
func RequireToken(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) app.HandlerFunc {
	return Guard(auth.RequireToken(rules...), Config{})
}

// Guard is the middleware of a guard, with a [Config].
func Guard(guard *stytchkit.Guard, cfg Config) app.HandlerFunc {
	return handler(guard.Made(), cfg, func(ctx context.Context, c *app.RequestContext) { c.Next(ctx) })
}

// Forward is a Config.ErrorHandler that adds the denial to c.Errors, for the application's own error
// middleware to answer. Redirects to the login page are written as they are.
func Forward(_ context.Context, c *app.RequestContext, d *stytchkit.Denial) {
	if d.Header.Get("Location") == "" {
		_ = c.Error(d)
	}
}

// ServeState answers with the state as JSON; see [stytchkit.Authenticator.AnswerState].
func ServeState(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) app.HandlerFunc {
	return handler(auth.Optional(rules...), Config{}, func(ctx context.Context, c *app.RequestContext) {
		answer := auth.AnswerState(ctx, requestOf(c))
		answer.SetHeader(headerOf(c))
		write(c, answer.Status, answer.Body)
	})
}

// ServeSignOut signs out who sends it a POST; see [stytchkit.Exchange.SignOut].
func ServeSignOut(auth *stytchkit.Authenticator) app.HandlerFunc {
	auth = auth.Made()
	return func(ctx context.Context, c *app.RequestContext) {
		answer := exchange(ctx, c).SignOut(auth)
		answer.SetHeader(headerOf(c))
		write(c, answer.Status, answer.Body)
	}
}

// SaveSession stores the session that a login of the application's own got from Stytch, until expires.
func SaveSession(ctx context.Context, c *app.RequestContext, auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return exchange(ctx, c).SaveSession(auth, token, jwt, expires)
}

// EndSession revokes every credential that the request presents and clears the cookies.
func EndSession(ctx context.Context, c *app.RequestContext, auth *stytchkit.Authenticator) error {
	return exchange(ctx, c).EndSession(auth)
}

func exchange(ctx context.Context, c *app.RequestContext) stytchkit.Exchange {
	return stytchkit.Exchange{Context: ctx, Request: requestOf(c), Header: headerOf(c), Written: c.Response.GetHijackWriter() != nil}
}

func handler(guard *stytchkit.Guard, cfg Config, next app.HandlerFunc) app.HandlerFunc {
	return func(ctx context.Context, c *app.RequestContext) {
		if cfg.Skip != nil && cfg.Skip(ctx, c) {
			c.Next(ctx)
			return
		}
		d := guard.Check(ctx, requestOf(c))
		in := stytchkit.Enter[struct{}](ctx, d)
		if in.IsOutermost() && !in.IsNested() {
			leave := func() { in.Response().Leave(headerOf(c)) }
			defer beforeStreams(c, leave)()
			defer leave()
		}
		if d.Denial != nil {
			deny(in, c, d.Denial, cfg.ErrorHandler)
			return
		}
		next(in, c)
	}
}

// deny answers a denied request.
func deny(ctx context.Context, c *app.RequestContext, d *stytchkit.Denial, errorHandler func(context.Context, *app.RequestContext, *stytchkit.Denial)) {
	c.Abort()
	d.SetHeader(headerOf(c))
	if errorHandler != nil {
		status, failed := c.Response.StatusCode(), len(c.Errors)
		errorHandler(ctx, c, d)
		c.Abort()
		if headerOf(c).Values(stytchkit.DenialHeader) == nil { // AbortWithMsg resets them
			d.SetHeader(headerOf(c))
		}
		answered := c.Response.StatusCode() != status || c.Response.HasBodyBytes() || c.Response.IsBodyStream() || c.Response.GetHijackWriter() != nil
		switch {
		case answered:
			return
		case len(c.Errors) > failed:
			c.SetStatusCode(d.Status)
			return
		}
	}
	d.SetContent(headerOf(c))
	write(c, d.Status, d.Body)
}

func write(c *app.RequestContext, status int, body []byte) {
	c.SetStatusCode(status)
	c.Response.SetBody(body)
}
