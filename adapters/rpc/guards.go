package stytchrpc

import (
	"fmt"
	"slices"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Guards says which guard decides about a procedure. It is safe for concurrent use.
type Guards struct {
	all, optional *stytchkit.Guard
	// By /acme.v1.Documents/Delete, and by /acme.v1.Documents for a whole service.
	rules  map[string]*stytchkit.Guard
	public map[string]bool
}

// NewGuards makes guards that want of every procedure what all wants. rules has what some want beside that,
// by name: /acme.v1.Documents/Delete, or /acme.v1.Documents/* for each of a service; a procedure of both
// wants both. Those in public are decided about as by Optional. Of a procedure and its service, the
// procedure's name says whether it is public. It panics where that cannot work, all being nil included.
func NewGuards(all *stytchkit.Guard, rules map[string][]stytchkit.Rule, public []string) *Guards {
	g := &Guards{all: all.Made(), rules: map[string]*stytchkit.Guard{}, public: map[string]bool{}}
	g.optional = all.Optional()
	for name, own := range rules {
		key, service := keyOf(name)
		if key != service {
			own = slices.Concat(rules[service+"/*"], own)
		}
		g.rules[key] = all.With(own...)
	}
	for _, name := range public {
		if _, also := rules[name]; also {
			panic(fmt.Sprintf("stytchkit: %q is public, and has rules (write one of them)", name))
		}
		key, _ := keyOf(name)
		g.public[key] = true
	}
	return g
}

// Of is the guard of the procedure that a path names with its last two segments. Where something stands in
// front of these, rules hold all the same, but nothing is public: what serves that path may be no procedure.
func (g *Guards) Of(path string) *stytchkit.Guard {
	if len(g.rules) == 0 && len(g.public) == 0 {
		return g.all
	}
	service, procedure := inPath(path)
	if own := g.rules[procedure]; own != nil {
		return own
	}
	if procedure == path && (g.public[procedure] || g.public[service]) {
		return g.optional
	}
	if own := g.rules[service]; own != nil {
		return own
	}
	return g.all
}

// inPath finds the service and the procedure in a path that ends in them. A server that takes a path without
// the slash in front serves the same procedure by it.
func inPath(path string) (service, procedure string) {
	last := strings.LastIndexByte(path, '/')
	if last <= 0 {
		return "", ""
	}
	first := strings.LastIndexByte(path[:last], '/')
	if first < 0 {
		return inPath("/" + path)
	}
	return path[first:last], path[first:]
}

// keyOf is a name's key, and its service's; they are the same where it names a whole service.
func keyOf(name string) (key, service string) {
	parts := strings.Split(name, "/")
	if len(parts) != 3 || parts[0] != "" || parts[1] == "" || parts[2] == "" {
		panic(fmt.Sprintf("stytchkit: %q names no procedure (want /acme.v1.Documents/Delete, or /acme.v1.Documents/* for all of a service)", name))
	}
	service = "/" + parts[1]
	if parts[2] == "*" {
		return service, service
	}
	return name, service
}

// Unknown are the names in rules and public that none of the procedures has, in order.
func Unknown(rules map[string][]stytchkit.Rule, public, procedures []string) (unknown []string) {
	known := map[string]bool{}
	for _, procedure := range procedures {
		key, service := keyOf(procedure)
		known[key], known[service] = true, true
	}
	for name := range rules {
		if key, _ := keyOf(name); !known[key] {
			unknown = append(unknown, name)
		}
	}
	for _, name := range public {
		if key, _ := keyOf(name); !known[key] {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown
}
