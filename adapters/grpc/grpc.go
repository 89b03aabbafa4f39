// Package stytchgrpc authenticates gRPC calls with Stytch sessions and access tokens.
//
//	guard := stytchgrpc.Require(auth) // unauthenticated without a session
//	server := grpc.NewServer(
//		grpc.ChainUnaryInterceptor(guard.Unary),
//		grpc.ChainStreamInterceptor(guard.Stream),
//	)
//
//	s := stytchgrpc.Session(ctx) // nil when anonymous
//
// grpc-go reads and decodes the message of a unary call before interceptors run: grpc.MaxRecvMsgSize is what
// bounds a stranger's.
package stytchgrpc

import (
	"context"
	"fmt"

	"google.golang.org/grpc"

	stytchrpc "github.com/stytchkit/stytchkit/adapters/rpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Config is what the interceptors take beside the Authenticator and the rules.
type Config struct {
	// Methods has the rules that some want beside those of all, by full name: /acme.v1.Documents/Delete, or
	// /acme.v1.Documents/* for each of a service; a method of both wants both. Default: none.
	Methods map[string][]stytchkit.Rule
	// Public are methods that everybody may call, by such names: they are decided about as by Optional. One
	// that has Methods of its own is not public with its service. Default: none.
	Public []string
}

// Interceptors are a server's: Unary and Stream belong together. They are safe for concurrent use.
type Interceptors struct {
	guards *stytchrpc.Guards
	cfg    Config
}

// Require lets calls with a session through that meets every rule, and denies all others.
func Require(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) *Interceptors {
	return RequireWithConfig(auth, Config{}, rules...)
}

// RequireWithConfig is [Require] with a [Config].
func RequireWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) *Interceptors {
	return Guard(auth.Require(rules...), cfg)
}

// Optional attaches a session if there is one.
func Optional(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) *Interceptors {
	return OptionalWithConfig(auth, Config{}, rules...)
}

// OptionalWithConfig is [Optional] with a [Config].
func OptionalWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) *Interceptors {
	return Guard(auth.Optional(rules...), cfg)
}

// RequireToken lets calls with an access token through that meets every rule, and denies all others.
func RequireToken(auth *stytchkit.Authenticator, rules ...stytchkit.Rule) *Interceptors {
	return RequireTokenWithConfig(auth, Config{}, rules...)
}

// RequireTokenWithConfig is [RequireToken] with a [Config].
func RequireTokenWithConfig(auth *stytchkit.Authenticator, cfg Config, rules ...stytchkit.Rule) *Interceptors {
	return Guard(auth.RequireToken(rules...), cfg)
}

// Guard are the interceptors of a guard made by hand, such as by stytchkit.Authenticator.Either. It panics
// when there is none, and where a rule or a name in the Config cannot work.
func Guard(guard *stytchkit.Guard, cfg Config) *Interceptors {
	return &Interceptors{guards: stytchrpc.NewGuards(guard, cfg.Methods, cfg.Public), cfg: cfg}
}

// Check fails when the Config names a method that no service of the server has. Call it when all services
// are registered, before the server serves.
func (i *Interceptors) Check(server interface {
	GetServiceInfo() map[string]grpc.ServiceInfo
}) error {
	var methods []string
	for service, info := range server.GetServiceInfo() {
		for _, method := range info.Methods {
			methods = append(methods, "/"+service+"/"+method.Name)
		}
	}
	if unknown := stytchrpc.Unknown(i.cfg.Methods, i.cfg.Public, methods); len(unknown) > 0 {
		return fmt.Errorf("stytchgrpc: no service of the server has %q, which Config names", unknown)
	}
	return nil
}

// Session is the call's session; nil when it is anonymous.
func Session(ctx context.Context) *stytchkit.Session { return stytchkit.SessionFrom(ctx) }

// Token is the call's access token; nil behind a guard for sessions.
func Token(ctx context.Context) *stytchkit.AccessToken { return stytchkit.TokenFrom(ctx) }

// Unary is the interceptor of unary calls.
func (i *Interceptors) Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	in, err := i.enter(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	return next(in, req)
}

// Stream is the interceptor of streams. It ends them when the session ends that they rest on, as
// [stytchkit.Live] says: the context of the handler is done, it receives and sends nothing more, and the call
// ends as a new one would be denied, whatever the handler returns. A message that RecvMsg failed for may still
// be written to: leave it to the garbage collector, not to a pool.
func (i *Interceptors) Stream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	in, err := i.enter(ss.Context(), info.FullMethod)
	if err != nil {
		return err
	}
	live, stop := stytchkit.Live(in)
	defer stop()
	err = next(srv, &stream{ss, live})
	if denial := stytchrpc.Ended(live); denial != nil {
		return Error(denial)
	}
	return err
}
