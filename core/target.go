package stytchkit

import "strings"

// SplitTarget splits a request's target as it is on the wire (RFC 9112 §3.2) into path and query and
// the host that it is for: an absolute-form target names that itself, else it is the Host header's.
func SplitTarget(target, header string) (path, host string) {
	if strings.HasPrefix(target, "/") {
		return target, header
	}
	_, rest, absolute := strings.Cut(target, "://")
	if !absolute {
		return target, header
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host, path = rest[:end], rest[end:]
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return path, host[strings.LastIndexByte(host, '@')+1:]
}
