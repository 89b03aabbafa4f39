package stytchkit

// Route is one route of an application, as an adapter's Routes lists it, for a test that asks which
// routes nothing guards (see stytchtest.Unprotected). Routes are comparable.
type Route struct {
	Method string // empty: every method
	Host   string // empty: every host
	Path   string // parameters in braces, as http.ServeMux writes them: /orgs/{org}/files/{path...}
}

// String is the route as http.ServeMux writes patterns: GET /orgs/{org}.
func (r Route) String() string {
	if r.Method == "" {
		return r.Host + r.Path
	}
	return r.Method + " " + r.Host + r.Path
}
