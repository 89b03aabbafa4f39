package stytchkit

import "net/http"

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
