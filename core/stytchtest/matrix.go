package stytchtest

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Persona is who asks, in a [Matrix]: nobody, a member of some role or organization, a machine.
type Persona struct {
	Name string
	// Present puts what they present on a request. Default: nothing, as anonymous visitors do.
	Present func(*http.Request)
	// Params are the values of path parameters by name. Default for each: "1".
	Params map[string]string
	// Unsafe sends their requests of every method too, and POST beside GET to a route of any method.
	// Where they are let through, handlers run. Default: GET, HEAD, OPTIONS and TRACE only.
	Unsafe bool
}

// Persona is a persona who presents the session's cookies.
func (s *Session) Persona(name string) Persona {
	return Persona{Name: name, Present: func(r *http.Request) {
		for _, cookie := range s.Cookies() {
			r.AddCookie(cookie)
		}
	}}
}

// Bearer is a persona who presents a bearer token, such as an access token.
func Bearer(name, token string) Persona {
	return Persona{Name: name, Present: func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }}
}

// With is the persona with one more path parameter.
func (p Persona) With(name, value string) Persona {
	params := map[string]string{name: value}
	for other, value := range p.Params {
		if other != name {
			params[other] = value
		}
	}
	p.Params = params
	return p
}

// Access is who may do what in an application: see [Matrix].
type Access []Answer

// Answer is how one route answered one persona.
type Answer struct {
	Route   stytchkit.Route
	Persona string
	Status  int
	Code    string // of the denial; empty for whoever was let through
}

// Matrix asks every route as every persona, and returns how it answered: sorted by path, and alike on
// every framework, so that its String is a golden file, and a change that opens or closes a route to
// somebody shows in review. It sends what [Unprotected] sends, and takes the same do and routes.
// Routes that no persona asks are left out, and so are those methods that Unprotected lists once with
// their GET. The error names what could not be asked, such as a persona's name that occurs twice.
func Matrix(do func(*http.Request) (*http.Response, error), routes []stytchkit.Route, personas ...Persona) (Access, error) {
	if err := checkPersonas(personas); err != nil {
		return nil, err
	}
	a := audit{do: do}
	rows, wrong := a.ask(routes, personas)
	if len(rows) == 0 {
		wrong = append(wrong, noneToAsk("Matrix", routes))
	}
	var access Access
	for _, r := range merge(rows) {
		route := stytchkit.Route{Method: r.method, Host: r.route.Host, Path: strings.TrimSuffix(r.route.Path, "{$}")}
		for i, p := range personas {
			if got := r.answers[i]; got.status != 0 {
				access = append(access, Answer{Route: route, Persona: p.Name, Status: got.status, Code: got.code})
			}
		}
	}
	slices.SortStableFunc(access, func(x, y Answer) int { return byPath(x.Route, y.Route) })
	return access, errors.Join(wrong...)
}

func checkPersonas(personas []Persona) error {
	names := map[string]bool{}
	for _, p := range personas {
		if p.Name == "" || names[p.Name] {
			return errors.New("stytchtest: Matrix got two personas called " + strconv.Quote(p.Name) + ", or one without a name (want a name of their own for each)")
		}
		names[p.Name] = true
	}
	if len(personas) == 0 {
		return errors.New("stytchtest: Matrix got no personas (want those who use the application, and stytchtest.Persona{Name: \"anonymous\"})")
	}
	return nil
}

// String has a line for each route, and below it one for each persona, with status and code: a single
// one where everybody gets the same.
func (a Access) String() string {
	personas := map[string]bool{}
	for _, answer := range a {
		personas[answer.Persona] = true
	}
	var out strings.Builder
	for rest := a; len(rest) > 0; {
		same := rest.beginning(func(x Answer) bool { return x.Route == rest[0].Route })
		rest = rest[len(same):]
		out.WriteString(same[0].Route.String() + "\n")
		alike := same.beginning(func(x Answer) bool { return x.Status == same[0].Status && x.Code == same[0].Code })
		if len(alike) == len(personas) && len(personas) > 1 {
			same = Access{{Persona: "everybody", Status: same[0].Status, Code: same[0].Code}}
		}
		for _, answer := range same {
			out.WriteString(answer.line())
		}
	}
	return out.String()
}

// beginning is as much of a as is like that.
func (a Access) beginning(is func(Answer) bool) Access {
	if end := slices.IndexFunc(a, func(x Answer) bool { return !is(x) }); end >= 0 {
		return a[:end]
	}
	return a
}

func (a *Answer) line() string {
	line := "    " + strconv.Itoa(a.Status) + " " + a.Persona
	if a.Code != "" {
		line += ": " + a.Code
	}
	return line + "\n"
}
