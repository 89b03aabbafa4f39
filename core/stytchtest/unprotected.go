package stytchtest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

const (
	// auditDeadline is when an anonymous request is given up: a handler that streams was reached.
	auditDeadline = 10 * time.Second
	// placeholder fills path parameters. Routers' constraints for numbers and most others take it.
	placeholder = "1"
	// maxDenialBytes is more than any denial has.
	maxDenialBytes = 64 << 10
)

// AuditOption changes what [Unprotected] does.
type AuditOption func(*audit)

type audit struct {
	do     func(*http.Request) (*http.Response, error)
	unsafe bool
	denied []func(*http.Response) bool
}

// WithUnsafeMethods sends requests to routes of every method, and POST beside GET to a route of any
// method. Where nothing guards them, their handlers run.
func WithUnsafeMethods() AuditOption { return func(a *audit) { a.unsafe = true } }

// WithDenial also takes what is reports to be a denial, for an application whose ErrorHandler answers
// in a format of its own. Let it look for more than a status.
func WithDenial(is func(*http.Response) bool) AuditOption {
	return func(a *audit) { a.denied = append(a.denied, is) } //nolint:bodyclose // Unprotected closes what it sent for
}

// InProcess is a do for [Unprotected] that calls a handler, such as a *gin.Engine, an *echo.Echo or
// an *http.ServeMux, without a listener.
func InProcess(h http.Handler) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (res *http.Response, err error) {
		defer func() {
			if v := recover(); v != nil {
				err = fmt.Errorf("the handler panicked: %v", v)
			}
		}()
		r = r.Clone(r.Context())
		r.RequestURI = r.URL.RequestURI()
		r.RemoteAddr = "192.0.2.1:1234" // as httptest.NewRequest has it
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result(), nil
	}
}

// Unprotected sends one anonymous request to each route and returns those that were not answered by
// a denial of the kit, sorted by path, so that a test can pin an application's public routes.
//
// Routes are what the adapter's Routes returned once every route was registered; do is [InProcess],
// a Fiber application's Test, or a client. Only GET, HEAD, OPTIONS and TRACE are sent unless
// [WithUnsafeMethods] is given; routes of other methods are left out. Path parameters are "1": where a
// route takes no such value, put a real one into its Path before.
//
// A denial is problem+json whose type is urn:stytchkit: and its code, and whose status is the response's.
// The answer to HEAD has no body: there it is the headers of such a 401. A redirect is none, also
// when a client followed it. A route for which do failed is returned too, and the error names it; it
// is an error that there is no route to ask.
func Unprotected(do func(*http.Request) (*http.Response, error), routes []stytchkit.Route, options ...AuditOption) ([]stytchkit.Route, error) {
	a := audit{do: do}
	for _, option := range options {
		option(&a)
	}
	var open []stytchkit.Route
	var wrong []error
	asked := 0
	for _, route := range routes {
		for _, method := range a.methods(route) {
			asked++
			denied, err := a.ask(method, route)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("stytchtest: %s: %w", route, err))
			}
			if !denied && !slices.Contains(open, route) {
				open = append(open, route)
			}
		}
	}
	if asked == 0 {
		wrong = append(wrong, fmt.Errorf("stytchtest: Unprotected got %d routes and none to ask (want what the adapter's Routes returns once every route is registered)", len(routes)))
	}
	slices.SortFunc(open, func(x, y stytchkit.Route) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Host, y.Host), cmp.Compare(x.Method, y.Method))
	})
	return open, errors.Join(wrong...)
}

// methods are those to ask a route with.
func (a *audit) methods(route stytchkit.Route) []string {
	switch route.Method {
	case "":
		if a.unsafe {
			return []string{http.MethodGet, http.MethodPost}
		}
		return []string{http.MethodGet}
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return []string{route.Method}
	}
	if a.unsafe {
		return []string{route.Method}
	}
	return nil
}

// ask sends one anonymous request and reports whether it was denied.
func (a *audit) ask(method string, route stytchkit.Route) (denied bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), auditDeadline)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, "http://"+cmp.Or(route.Host, "localhost")+"/", http.NoBody)
	if err != nil {
		return false, err
	}
	r.URL.Path = fill(route.Path)
	r.Header.Set("Accept", "application/json") // no navigation: those get pages and redirects
	res, err := a.do(r)
	if err != nil {
		return false, err
	}
	defer func() { _ = res.Body.Close() }()
	if isDenial(method, res) {
		return true, nil
	}
	return slices.ContainsFunc(a.denied, func(is func(*http.Response) bool) bool { return is(res) }), nil
}

// fill puts a placeholder in the place of each parameter.
func fill(path string) string {
	path = regexp.MustCompile(`\{[^{}]*\}`).ReplaceAllStringFunc(path, func(parameter string) string {
		if parameter == "{$}" {
			return "" // http.ServeMux's end of the path
		}
		return placeholder
	})
	return "/" + strings.TrimPrefix(path, "/")
}

// isDenial recognizes what the kit answers by default. What it reads of the body can be read again.
func isDenial(method string, res *http.Response) bool {
	if res.Request != nil && res.Request.Response != nil {
		return false // a client followed a redirect, so the route itself let the request through
	}
	if kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type")); err != nil || kind != "application/problem+json" {
		return false
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxDenialBytes))
	if err != nil {
		return false
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), res.Body), res.Body}
	if method == http.MethodHead && len(body) == 0 {
		return res.StatusCode == http.StatusUnauthorized &&
			strings.HasPrefix(res.Header.Get("WWW-Authenticate"), "Bearer") &&
			strings.Contains(res.Header.Get("Cache-Control"), "no-store") &&
			strings.Contains(strings.Join(res.Header.Values("Vary"), ", "), "Cookie, Authorization")
	}
	var problem struct {
		Type   string `json:"type"`
		Status int    `json:"status"`
		Code   string `json:"code"`
	}
	err = json.Unmarshal(body, &problem)
	return err == nil && problem.Code != "" && problem.Type == "urn:stytchkit:"+problem.Code && problem.Status == res.StatusCode
}
