// Package navigation knows which requests are a person's on the way to a page, where those without a
// session are sent, and where they may return to.
package navigation

import (
	"net/textproto"
	"strconv"
	"strings"
)

// Request is what must be known of one to send a person on.
type Request interface {
	Method() string
	Host() string
	Target() string
	Header(name string, i int) (value string, ok bool)
}

// IsPage reports whether a browser shows the response to a person as a page: Sec-Fetch-Mode says
// so, or, where it is not sent, a GET or HEAD prefers HTML.
func IsPage(r Request) bool {
	if mode, _ := r.Header("Sec-Fetch-Mode", 0); mode != "" {
		return mode == "navigate"
	}
	accept, _ := r.Header("Accept", 0)
	return IsRead(r.Method()) && PrefersHTML(accept)
}

// IsRead reports whether a request with this method can be repeated by following a link.
func IsRead(method string) bool { return method == "GET" || method == "HEAD" }

// PrefersHTML reports whether an Accept header names HTML, and nothing of JSON with more weight.
func PrefersHTML(accept string) bool {
	var page, data float64
	for part := range strings.SplitSeq(accept, ",") {
		kind, params, _ := strings.Cut(part, ";")
		q := quality(params)
		switch strings.ToLower(textproto.TrimString(kind)) {
		case "text/html", "application/xhtml+xml":
			page = max(page, q)
		case "application/json", "application/problem+json":
			data = max(data, q)
		}
	}
	return page > 0 && page >= data
}

// quality reads the q parameter of a media range (RFC 9110 §12.4.2).
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(param, "=")
		if !strings.EqualFold(textproto.TrimString(name), "q") {
			continue
		}
		if q, err := strconv.ParseFloat(textproto.TrimString(value), 64); err == nil {
			return q
		}
		return 0
	}
	return 1
}
