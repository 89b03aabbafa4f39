// Package stytchhttp authenticates net/http requests with Stytch sessions and access tokens. It suits
// http.ServeMux, chi, and every other router of http.Handlers.
//
//	api := stytchhttp.Require(auth)(mux)   // 401 without a session
//	r.Use(stytchhttp.Optional(auth))       // chi: a session if there is one
//
//	s := stytchhttp.Session(r) // nil when anonymous
package stytchhttp

import (
	"net/http"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Config is what the middleware takes beside the Authenticator and the rules.
type Config struct {
	// Skip lets a request pass unlooked at. Decide by route, never by a path that the router cleans.
	// Default: none.
	Skip func(*http.Request) bool
	// ErrorHandler answers denied requests. WWW-Authenticate, Retry-After, Vary and Cache-Control are
	// set already, cookies follow with the headers. The default answer is written unless it writes.
	// Default: the denial as it is.
	ErrorHandler func(http.ResponseWriter, *http.Request, *stytchkit.Denial)
}

// Require lets requests with a session through that meets every rule, and denies all others.
func Require(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) func(http.Handler) http.Handler {
	return RequireWithConfig(auth, Config{}, rules...)
}

// RequireWithConfig is [Require] with a [Config].
func RequireWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) func(http.Handler) http.Handler {
	return Guard(auth.Require(rules...), cfg)
}

// Optional attaches a session if there is one.
func Optional(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) func(http.Handler) http.Handler {
	return OptionalWithConfig(auth, Config{}, rules...)
}

// OptionalWithConfig is [Optional] with a [Config].
func OptionalWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) func(http.Handler) http.Handler {
	return Guard(auth.Optional(rules...), cfg)
}

// RequireToken lets requests with an access token through that meets every rule, and denies all others.
func RequireToken(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) func(http.Handler) http.Handler {
	return RequireTokenWithConfig(auth, Config{}, rules...)
}

// RequireTokenWithConfig is [RequireToken] with a [Config].
func RequireTokenWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) func(http.Handler) http.Handler {
	return Guard(auth.RequireToken(rules...), cfg)
}

// Guard is the middleware of a guard made by hand, such as by stytchkit.Authenticator.Either. It panics when
// there is none.
func Guard(guard *stytchkit.Guard, cfg Config) func(http.Handler) http.Handler {
	return middleware(guard.Made(), cfg)
}

// Session is the request's session; nil when it is anonymous.
func Session(r *http.Request) *stytchkit.Session {
	return stytchkit.SessionFrom(r.Context())
}

// Token is the request's access token; nil behind a guard for sessions.
func Token(r *http.Request) *stytchkit.AccessToken {
	return stytchkit.TokenFrom(r.Context())
}

// SaveSession stores the session that a login of the application's own got from Stytch, until
// expires, the session's own expiry. Call it before the response is written.
// It fails on empty tokens: a login that still needs a step has none.
func SaveSession(w http.ResponseWriter, r *http.Request, auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error {
	return exchange(w, r).SaveSession(auth, token, jwt, expires)
}

// EndSession signs out: it revokes every credential that the request presents and clears the
// cookies. Call it before the response is written. The cookies are cleared even when it fails: an
// error says what could not be revoked at Stytch, or not yet.
func EndSession(w http.ResponseWriter, r *http.Request, auth *stytchkit.Authenticator) error {
	return exchange(w, r).EndSession(auth)
}

func exchange(w http.ResponseWriter, r *http.Request) stytchkit.Exchange {
	return stytchkit.Exchange{Context: r.Context(), Request: stytchkit.HTTPRequest{R: r}, Header: w.Header()}
}

func middleware(guard *stytchkit.Guard, cfg Config) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if cfg.Skip != nil && cfg.Skip(r) {
				next.ServeHTTP(w, r)
				return
			}
			d := guard.Check(r.Context(), stytchkit.HTTPRequest{R: r})
			in := d.Inside(w, r)
			defer in.Leave(in.Request)
			if d.Denial != nil {
				deny(&in, d.Denial, cfg.ErrorHandler)
				return
			}
			next.ServeHTTP(in.Writer, in.Request)
		})
	}
}

// deny answers a denied request.
func deny(in *stytchkit.Inside, d *stytchkit.Denial, errorHandler func(http.ResponseWriter, *http.Request, *stytchkit.Denial)) {
	d.SetHeader(in.Writer.Header())
	if errorHandler != nil {
		if errorHandler(in.Writer, in.Request, d); in.Written() {
			return
		}
	}
	d.SetContent(in.Writer.Header())
	write(in.Writer, d.Status, d.Body)
}

func write(w http.ResponseWriter, status int, body []byte) {
	w.WriteHeader(status)
	_, _ = w.Write(body) //nolint:gosec // core has escaped it; a client that is gone needs no answer
}
