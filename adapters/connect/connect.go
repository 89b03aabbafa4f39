// Package stytchconnect authenticates calls of Connect services with Stytch sessions and access tokens. Its
// middleware stands in front of the handlers, those of connect v1 and v2 alike, and answers in the caller's
// protocol: Connect, gRPC or gRPC-Web.
//
//	require := stytchconnect.Require(auth)            // unauthenticated without a session
//	mux.Handle(docsv1connect.NewDocumentsHandler(docs, stytchconnect.Streams()))
//	http.ListenAndServe(":8080", require(mux))
//
//	s := stytchconnect.Session(ctx) // nil when anonymous
package stytchconnect

import (
	"context"
	"net/http"
	"strings"

	"connectrpc.com/connect"

	stytchrpc "github.com/stytchkit/stytchkit/adapters/rpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Config is what the middleware takes beside the Authenticator and the rules.
type Config struct {
	// Procedures has the rules that some want beside those of all, by name: /acme.v1.Documents/Delete, or
	// /acme.v1.Documents/* for each of a service; a procedure of both wants both. Take generated constants
	// for names: a misspelt one has no effect. Default: none.
	Procedures map[string][]stytchkit.Rule
	// Public are procedures that everybody may call, by such names: they are decided about as by Optional.
	// One that has Procedures of its own is not public with its service. They are known by the whole path:
	// where the service hangs under a prefix, put the middleware inside of http.StripPrefix. Default: none.
	Public []string
	// Options are those of the handlers, as far as they concern errors (connect.NewErrorWriter). Default: none.
	Options []connect.HandlerOption
}

// Require lets calls with a session through that meets every rule, and denies all others.
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

// RequireToken lets calls with an access token through that meets every rule, and denies all others.
func RequireToken(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) func(http.Handler) http.Handler {
	return RequireTokenWithConfig(auth, Config{}, rules...)
}

// RequireTokenWithConfig is [RequireToken] with a [Config].
func RequireTokenWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) func(http.Handler) http.Handler {
	return Guard(auth.RequireToken(rules...), cfg)
}

// Guard is the middleware of a guard made by hand, such as by stytchkit.Authenticator.Either. It panics when
// there is none, and where a rule or a name in the Config cannot work.
func Guard(guard *stytchkit.Guard, cfg Config) func(http.Handler) http.Handler {
	m := &middleware{
		guards: stytchrpc.NewGuards(guard, cfg.Procedures, cfg.Public),
		errors: connect.NewErrorWriter(cfg.Options...),
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { m.serve(w, r, next) })
	}
}

// Session is the call's session; nil when it is anonymous.
func Session(ctx context.Context) *stytchkit.Session { return stytchkit.SessionFrom(ctx) }

// Token is the call's access token; nil behind a guard for sessions.
func Token(ctx context.Context) *stytchkit.AccessToken { return stytchkit.TokenFrom(ctx) }

type middleware struct {
	guards *stytchrpc.Guards
	errors *connect.ErrorWriter
}

func (m *middleware) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	d := m.guards.Of(path(r)).Check(r.Context(), stytchkit.HTTPRequest{R: r})
	in := d.Inside(w, withCaller(w, r))
	defer in.Leave(in.Request)
	if d.Denial != nil {
		m.deny(&in, d.Denial)
		return
	}
	next.ServeHTTP(in.Writer, in.Request)
}

// path is what ends in the procedure's name. One with escapes that it need not have may be routed as another,
// so that nothing of it is public.
func path(r *http.Request) string {
	if r.URL.RawPath != "" {
		return "/" + r.URL.Path
	}
	return r.URL.Path
}

// deny answers a call in its own protocol, and what is none as every adapter does.
func (m *middleware) deny(in *stytchkit.Inside, d *stytchkit.Denial) {
	d.SetHeader(in.Writer.Header())
	if m.isCall(in.Request) {
		_ = m.errors.Write(in.Writer, in.Request, Error(d)) // a client that is gone needs no answer
		return
	}
	d.SetContent(in.Writer.Header())
	in.Writer.WriteHeader(d.Status)
	_, _ = in.Writer.Write(d.Body) // a client that is gone needs no answer
}

// isCall tells a call from what else a browser may send here: to ErrorWriter, each GET and each form is one.
func (m *middleware) isCall(r *http.Request) bool {
	if r.Method == http.MethodGet {
		query := r.URL.Query()
		return query.Has("message") && query.Has("encoding") && m.errors.IsSupported(r)
	}
	isForm := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	return !isForm && m.errors.IsSupported(r)
}
