// Package adaptertest is the conformance suite that every adapter of stytchkit passes, a third
// party's too. It sends raw requests over TCP to native applications and holds the answers, and what
// handlers saw, against what every other adapter does.
//
//	func TestConformance(t *testing.T) { adaptertest.Run(t, build) }
//
// build turns an [App], which is data, into an application of the framework, with its guards made by
// the adapter's own functions. The handlers are the suite's; they reach the framework through the
// [Exchange] that build wraps around its native context.
//
// The last case compares every answer with testdata/answers.txt, byte by byte, so that an adapter
// that passes answers as all others do. What an answer means is asserted case by case.
package adaptertest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// App is an application to be built natively.
type App struct {
	// Recover puts the framework's own recover middleware, or what its users write for it, in front.
	Recover bool
	// Guards stand before every route, in this order.
	Guards []Guard
	Routes []Route
	Groups []Group
}

// Group is a route group, or what the framework has in its place.
type Group struct {
	Prefix string // such as /api
	Guards []Guard
	Routes []Route
}

// Route is a route, whose guards are its own middleware.
type Route struct {
	Method  string // empty: any
	Path    string // :name is a path parameter
	Guards  []Guard
	Handler func(Exchange)
	// State is whose ServeState, the adapter's, stands in the place of Handler. Nil: Handler does.
	State *stytchkit.Authenticator
	// SignOut is whose ServeSignOut stands there, likewise.
	SignOut *stytchkit.Authenticator
}

// Guard is the adapter's Require, Optional, RequireToken or Guard.
type Guard struct {
	Auth     *stytchkit.Authenticator
	Optional bool
	Token    bool // RequireToken
	Rules    []stytchkit.Rule
	// Made is a guard made by hand, for the adapter's Guard, in the place of all that. Nil: none is.
	Made *stytchkit.Guard
	// OnDenial is Config.ErrorHandler. Nil: none is configured, unless Forward says so.
	OnDenial func(Exchange)
	// Forward: the adapter's own Forward is Config.ErrorHandler.
	Forward bool
	// Skip is what the framework's users call Skipper, Next or Skip. Nil: none is configured.
	Skip func(Exchange) bool
}

// Exchange is one request and its response on the framework's native context, while its handler runs.
type Exchange interface {
	// Session is what the adapter's getter says of the native context.
	Session() *stytchkit.Session
	// Token is what the adapter's getter says of the native context.
	Token() *stytchkit.AccessToken
	// State is the adapter's.
	State(auth *stytchkit.Authenticator) (stytchkit.State, error)
	// Context is what a handler hands to a service that knows no framework.
	Context() context.Context
	// SaveSession and EndSession are the adapter's.
	SaveSession(auth *stytchkit.Authenticator, token, jwt string, expires time.Time) error
	EndSession(auth *stytchkit.Authenticator) error
	// SetHeader and SetCookie are the framework's own way to do that.
	SetHeader(name, value string)
	SetCookie(c *http.Cookie)
	// Write answers with this status and text.
	Write(status int, text string)
	// Redirect answers with this status and location.
	Redirect(status int, location string)
	// RequestHeader is a header of the request, as the framework's handlers read it.
	RequestHeader(name string) string
	// Stream answers 200 by the framework's own streaming API, flushed before the first event where that
	// can be, and sends each event at once; it may return before they have been sent.
	Stream(events func(send func(event string)))
	// Sub serves another request, a GET, of the same application inside this one and within its
	// context, on a response of its own, as batch endpoints do.
	Sub(target string, header http.Header) SubAnswer
	// Fail hands an error with this status to the framework's own error handling.
	Fail(status int)
}

// SubAnswer is what a request inside another got.
type SubAnswer struct {
	Status  int
	Text    string
	Cookies []string // its Set-Cookie lines
}

// SubRequest is [Exchange]'s Sub where the framework is served by net/http; r is the outer request,
// as its handler has it.
func SubRequest(r *http.Request, target string, header http.Header) SubAnswer {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	inner := httptest.NewRequestWithContext(r.Context(), http.MethodGet, target, http.NoBody)
	inner.Header = header
	w := httptest.NewRecorder()
	server.Handler.ServeHTTP(w, inner)
	return SubAnswer{w.Code, w.Body.String(), w.Header().Values("Set-Cookie")}
}

// Listing is a [Server] of a framework whose adapter has a Routes, which the suite then holds against
// what is served.
type Listing interface {
	Server
	Routes() []stytchkit.Route // by the adapter's own
}

// Server is a native application, ready to serve; *http.Server is one.
type Server interface {
	// Serve serves until Close.
	Serve(net.Listener) error
	Close() error
}

var _ Server = (*http.Server)(nil)

// Limit is something that a framework cannot do on the wire, and why. The suite then expects the
// opposite, so that a limit which is none any more fails.
type Limit struct {
	Of     Ability
	Reason string
}

// Ability is what a [Limit] can deny. There are no others: everything else is expected of everybody.
type Ability string

// PrivateUnguarded is to keep a response Cache-Control: private, no-store when the handler says
// public after it has saved or ended a session and no guard stands before the route.
const PrivateUnguarded Ability = "private after a session was saved or ended without a guard"

// ParamAtGroup is to have the path parameters of a route in the middleware of its group.
const ParamAtGroup Ability = "a path parameter in a group's guard"

// Forwarding is to have a Forward: the framework has error handling of its own.
const Forwarding Ability = "a denial in the framework's own error handling"

// WrittenUnguarded is to know that a response has been written where no guard stands before the route, so that
// saving a session is an error then.
const WrittenUnguarded Ability = "a session that is saved too late without a guard is an error"

// abilities are all that an adapter may lack.
func abilities() []Ability {
	return []Ability{PrivateUnguarded, ParamAtGroup, Forwarding, WrittenUnguarded}
}

// Run runs every case as a subtest, in a project of each kind, except where there is nothing in a
// consumer project for it to be about. Each starts an application of its own.
func Run(t *testing.T, build func(App) Server, limits ...Limit) {
	t.Helper()
	run(t, build, nil, limits)
}

func run(t *testing.T, build func(App) Server, heard *overheard, limits []Limit) {
	t.Helper()
	for _, l := range limits {
		if l.Reason == "" || !slices.Contains(abilities(), l.Of) {
			t.Errorf("the limit %q has no reason, or is none that an adapter may have", l.Of)
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048) // one for all, as making one takes a while
	if err != nil {
		t.Fatal(err)
	}
	var recorded answers
	for _, k := range kinds() {
		for _, c := range suite(k) {
			t.Run(k.named+c.name, func(t *testing.T) {
				s := newStage(t, k, build, key, heard, limits)
				c.run(s)
				s.finish()
				recorded.add(k.named+c.name, s.exchanged())
			})
		}
	}
	t.Run("C53 every answer is the same as every other adapter's", recorded.compare)
	for _, l := range limits {
		t.Logf("limit: %s: %s", l.Of, l.Reason)
	}
}
