// Package wire reads what a request line says, as it was sent.
package wire

import (
	"net/url"
	"strings"
)

// Split splits a request's target (RFC 9112 §3.2) into path and query and the host that it is for: a target
// in absolute form names that itself, else it is the Host header's.
func Split(target, header string) (path, host string) {
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

// Decoded decodes a path value as it was sent. A malformed escape stays as it is.
func Decoded(value string) string {
	if strings.IndexByte(value, '%') < 0 {
		return value
	}
	if decoded, err := url.PathUnescape(value); err == nil {
		return decoded
	}
	return value
}

// DecodedOnce decodes a path value that its router took from the target as it is. What the decoded
// path holds too may have been decoded already, and is left alone: nothing is ever decoded twice.
func DecodedOnce(value, target string) string {
	if strings.IndexByte(value, '%') < 0 {
		return value
	}
	path, _, _ := strings.Cut(target, "?")
	whole, err := url.PathUnescape(path)
	if err != nil || strings.Contains(whole, value) || !strings.Contains(path, value) {
		return value
	}
	return Decoded(value)
}

// OfOneSegment is a decoded path value, empty where no segment of the target decodes to it.
func OfOneSegment(value, target string) string {
	path, _, _ := strings.Cut(target, "?")
	for segment := range strings.SplitSeq(path, "/") {
		if Decoded(segment) == value {
			return value
		}
	}
	return ""
}
