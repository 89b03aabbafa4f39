package stytchkit

import "net/http"

// Mountable is a handler of every path under its prefix, such as core/signin's. An adapter's Mount
// takes one.
type Mountable interface {
	http.Handler
	// Prefix is a path without a trailing slash, such as /auth.
	Prefix() string
}
