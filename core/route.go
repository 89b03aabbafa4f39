package stytchkit

import (
	"net/http"
	"regexp"
	"strings"
)

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

// InBraces writes a framework's path as [Route] has it. special finds what is special there: its
// first group is a character that was escaped, its second a parameter's name, its third the name of
// what takes the rest of the path, which is "path" where it has none.
func InBraces(path string, special *regexp.Regexp) string {
	var out strings.Builder
	end := 0
	for _, at := range special.FindAllStringSubmatchIndex(path, -1) {
		out.WriteString(path[end:at[0]])
		end = at[1]
		switch {
		case at[2] >= 0:
			out.WriteString(path[at[2]:at[3]])
		case at[4] >= 0:
			out.WriteString("{" + path[at[4]:at[5]] + "}")
		case at[6] < at[7]:
			out.WriteString("{" + path[at[6]:at[7]] + "...}")
		default:
			out.WriteString("{path...}")
		}
	}
	return out.String() + path[end:]
}

// Mountable is a handler of every path under its prefix, such as core/signin's. An adapter's Mount
// takes one.
type Mountable interface {
	http.Handler
	// Prefix is a path without a trailing slash, such as /auth.
	Prefix() string
}

// MountsWhole is for adapters' Mount: it panics when a Mountable, which sees whole paths, is mounted on
// a group with a path of its own; "" and "/" are none.
func MountsWhole(h Mountable, group string) {
	if group != "" && group != "/" {
		panic("stytchkit: Mount on the group " + group + ": the handler sees whole paths, and would never find " + h.Prefix() + " there (mount it on the application itself, and write the whole path into its Config.Prefix)")
	}
}
