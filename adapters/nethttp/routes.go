package stytchhttp

import (
	"fmt"
	"regexp"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Routes lists routes for stytchtest.Unprotected. http.ServeMux does not tell its patterns, so give
// them here; with chi, give what chi.Walk finds: method + " " + route. It panics on what is no pattern.
func Routes(patterns ...string) []stytchkit.Route {
	var routes []stytchkit.Route
	for _, pattern := range patterns {
		method, address, ok := strings.Cut(pattern, " ")
		if !ok {
			method, address = "", pattern
		}
		address = strings.TrimLeft(address, " \t")
		slash := strings.IndexByte(address, '/')
		if slash < 0 || strings.ContainsAny(address[:slash], " \t{}") {
			panic(fmt.Sprintf("stytchhttp: Routes got %q (want a pattern as http.ServeMux has it, such as GET /orgs/{org})", pattern))
		}
		routes = append(routes, stytchkit.Route{Method: method, Host: address[:slash], Path: plain(address[slash:])})
	}
	return routes
}

// plain leaves out what chi adds to http.ServeMux's patterns: {id:[0-9]+} and a final *.
func plain(path string) string {
	path = regexp.MustCompile(`\{([^{}:]*):(?:[^{}]|\{[^{}]*\})*\}`).ReplaceAllString(path, "{$1}")
	if prefix, ok := strings.CutSuffix(path, "*"); ok {
		return prefix + "{path...}"
	}
	return path
}
