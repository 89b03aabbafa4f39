package stytchtest

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

const (
	// auditDeadline is when a request is given up.
	auditDeadline = 10 * time.Second
	// placeholder fills path parameters. Routers' constraints for numbers and most others take it.
	placeholder = "1"
)

// audit asks an application's routes, for [Unprotected] and [Matrix].
type audit struct {
	do     func(*http.Request) (*http.Response, error)
	denied []func(*http.Response) bool
}

// row is how one route answered by one method, each persona in turn.
type row struct {
	route   stytchkit.Route // as it was given
	method  string
	answers []heard
}

// heard is what one persona got; the zero value is of one that did not ask.
type heard struct {
	status int // 0 when nothing was asked, or nothing came
	code   string
	denied bool
}

// ask asks each route as each persona, and returns a row for each that somebody asked, sorted by path.
func (a *audit) ask(routes []stytchkit.Route, personas []Persona) (rows []row, wrong []error) {
	for _, route := range routes {
		for _, method := range methodsOf(route) {
			if !slices.ContainsFunc(personas, func(p Persona) bool { return p.sends(method) }) {
				continue
			}
			asked := row{route: route, method: method, answers: make([]heard, len(personas))}
			for i, p := range personas {
				if !p.sends(method) {
					continue
				}
				var err error
				if asked.answers[i], err = a.answer(method, route, p); err != nil {
					wrong = append(wrong, fmt.Errorf("stytchtest: %s%s: %w", route, p.as(), err))
				}
			}
			rows = append(rows, asked)
		}
	}
	slices.SortStableFunc(rows, func(x, y row) int { return byPath(x.route, y.route) })
	return rows, wrong
}

// methodsOf are those to ask a route with.
func methodsOf(route stytchkit.Route) []string {
	if route.Method == "" {
		return []string{http.MethodGet, http.MethodPost}
	}
	return []string{route.Method}
}

func (p *Persona) as() string {
	if p.Name == "" {
		return ""
	}
	return " as " + p.Name
}

func (p *Persona) sends(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return p.Unsafe
}

// answer sends one request.
func (a *audit) answer(method string, route stytchkit.Route, p Persona) (heard, error) {
	ctx, cancel := context.WithTimeout(context.Background(), auditDeadline)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, "http://"+cmp.Or(route.Host, "localhost")+"/", http.NoBody)
	if err != nil {
		return heard{}, err
	}
	r.URL.Path = p.fill(route.Path)
	r.Header.Set("Accept", "application/json") // no navigation: those get pages and redirects
	if p.Present != nil {
		p.Present(r)
	}
	res, err := a.do(r)
	if err != nil {
		return heard{}, err
	}
	defer func() { _ = res.Body.Close() }()
	first := firstOf(res) //nolint:bodyclose // a client has closed those it followed
	code := first.Header.Get(stytchkit.DenialHeader)
	return heard{
		status: first.StatusCode, code: code,
		denied: code != "" || slices.ContainsFunc(a.denied, func(is func(*http.Response) bool) bool { return is(res) }),
	}, nil
}

// firstOf is the route's own answer, where a client has followed redirects.
func firstOf(res *http.Response) *http.Response {
	for res.Request != nil && res.Request.Response != nil {
		res = res.Request.Response
	}
	return res
}

// fill puts the persona's parameters, or a placeholder, into a path.
func (p *Persona) fill(path string) string {
	path = regexp.MustCompile(`\{[^{}]*\}`).ReplaceAllStringFunc(path, func(parameter string) string {
		name := strings.TrimSuffix(parameter[1:len(parameter)-1], "...")
		if name == "$" {
			return "" // http.ServeMux's end of the path
		}
		return cmp.Or(p.Params[name], placeholder)
	})
	return "/" + strings.TrimPrefix(path, "/")
}

// merge leaves out what says nothing more: HEAD beside GET, and the other methods of a route that is
// registered for every method, where the same personas are denied for the same reason.
func merge(rows []row) []row {
	gets := map[stytchkit.Route]*row{}
	methods := map[stytchkit.Route][]string{}
	for i, r := range rows {
		place := r.place()
		methods[place] = append(methods[place], r.method)
		if r.method == http.MethodGet {
			gets[place] = &rows[i]
		}
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r row) bool {
		get := gets[r.place()]
		return get != nil && r.method != http.MethodGet && r.saysNoMoreThan(get) &&
			(r.method == http.MethodHead || r.route.Method == "" || isWhole(methods[r.place()]))
	})
}

func (r *row) place() stytchkit.Route { return stytchkit.Route{Host: r.route.Host, Path: r.route.Path} }

// isWhole reports whether these are the methods that a framework's Any or All registers, as far as they
// are asked: nobody registers TRACE alone.
func isWhole(methods []string) bool {
	return slices.Contains(methods, http.MethodTrace) && slices.Contains(methods, http.MethodOptions)
}

// saysNoMoreThan reports whether whoever asked here is denied, or not, as by the other method.
func (r *row) saysNoMoreThan(other *row) bool {
	for i, a := range r.answers {
		if a.status != 0 && (a.code != other.answers[i].code || a.denied != other.answers[i].denied) {
			return false
		}
	}
	return true
}

func byPath(x, y stytchkit.Route) int {
	return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Host, y.Host), cmp.Compare(x.Method, y.Method))
}
