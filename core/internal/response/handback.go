package response

import (
	"net/http"
	"strings"
)

// HandBack brings what was written on a request inside a guard to the one that the guard was given,
// as if they were one: its form, so that net/http removes the files of an upload, and the pattern
// and path values that routed it. Field by field: others may read the rest meanwhile.
func HandBack(inside, given *http.Request) {
	if inside == given {
		return
	}
	if given.MultipartForm == nil {
		given.MultipartForm = inside.MultipartForm
	}
	if given.Form == nil {
		given.Form = inside.Form
	}
	if given.PostForm == nil {
		given.PostForm = inside.PostForm
	}
	if inside.Pattern == given.Pattern {
		return
	}
	given.Pattern = inside.Pattern
	for _, name := range parameters(inside.Pattern) {
		given.SetPathValue(name, inside.PathValue(name))
	}
}

// parameters are the names in a pattern of http.ServeMux, or of chi with {id:[0-9]+} and a final *.
func parameters(pattern string) []string {
	var names []string
	for depth, rest := 0, pattern; rest != ""; rest = rest[1:] {
		switch rest[0] {
		case '{':
			if depth++; depth == 1 {
				name := rest[1 : 1+strings.IndexAny(rest[1:]+"}", ":}")]
				if name = strings.TrimSuffix(name, "..."); name != "$" {
					names = append(names, name)
				}
			}
		case '}':
			depth--
		}
	}
	if strings.HasSuffix(pattern, "*") {
		names = append(names, "*")
	}
	return names
}
