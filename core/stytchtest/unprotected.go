package stytchtest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// AuditOption changes what [Unprotected] does.
type AuditOption func(*audit, *Persona)

// WithUnsafeMethods sends requests to routes of every method, and POST beside GET to a route of any
// method. Where nothing guards them, their handlers run.
func WithUnsafeMethods() AuditOption { return func(_ *audit, p *Persona) { p.Unsafe = true } }

// WithDenial also takes what is reports to be a denial, for routes that something else than the kit
// guards. Let it look for more than a status.
func WithDenial(is func(*http.Response) bool) AuditOption {
	return func(a *audit, _ *Persona) { a.denied = append(a.denied, is) } //nolint:bodyclose // Unprotected closes what it sent for
}

// Unprotected sends one anonymous request to each route and returns those that were not answered by
// a denial of the kit, sorted by path, so that a test can pin an application's public routes.
//
// Routes are what the adapter's Routes returned once every route was registered; do is [InProcess],
// a Fiber application's Test, or a client. Only GET, HEAD, OPTIONS and TRACE are sent unless
// [WithUnsafeMethods] is given; routes of other methods are left out. Path parameters are "1": where a
// route takes no such value, put a real one into its Path before.
//
// A denial has the header [stytchkit.DenialHeader], whoever wrote the answer, and whatever its status; a
// 404 or 405 without it is none, nor is a redirect that a client followed to one. HEAD is not listed
// beside the same route's GET, and a route that is registered for every method, as a mounted sign-in
// is, once: as its GET. A route for which do failed is returned too, and the error names it; it is an
// error that there is no route to ask.
func Unprotected(do func(*http.Request) (*http.Response, error), routes []stytchkit.Route, options ...AuditOption) ([]stytchkit.Route, error) {
	a, anonymous := audit{do: do}, Persona{}
	for _, option := range options {
		option(&a, &anonymous)
	}
	rows, wrong := a.ask(routes, []Persona{anonymous})
	var open []stytchkit.Route
	for _, r := range merge(rows) {
		if !r.answers[0].denied && !slices.Contains(open, r.route) {
			open = append(open, r.route)
		}
	}
	if len(rows) == 0 {
		wrong = append(wrong, noneToAsk("Unprotected", routes))
	}
	return open, errors.Join(wrong...)
}

func noneToAsk(caller string, routes []stytchkit.Route) error {
	return fmt.Errorf("stytchtest: %s got %d routes and none to ask (want what the adapter's Routes returns once every route is registered)", caller, len(routes))
}
