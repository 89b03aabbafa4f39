package response

import (
	"net/http"
	"slices"
	"strings"
)

// Header is what an adapter shows of a response's headers; net/http.Header is one.
type Header interface {
	Values(name string) []string
	Set(name, value string)
	Add(name, value string)
	Del(name string)
}

var _ Header = http.Header(nil)

const (
	// PrivateNoStore is the Cache-Control of every response that sets a session cookie.
	PrivateNoStore = "private, no-store"
	// VaryCredentials is the Vary of every response that depends on whose it is.
	VaryCredentials = "Cookie, Authorization"

	private = "private"
)

// AddVary says that a response depends on whose request it answers.
func AddVary(h Header) {
	switch vary := h.Values("Vary"); {
	case len(vary) == 0:
		h.Set("Vary", VaryCredentials)
	case !slices.Contains(vary, VaryCredentials):
		h.Add("Vary", VaryCredentials)
	}
}

// SetCookies sets cookies on a response, each in the place of an earlier one with the same name,
// domain and path, and keeps the response out of caches. Without cookies it does nothing.
func SetCookies(h Header, cookies []*http.Cookie) {
	if len(cookies) == 0 {
		return
	}
	lines := slices.Clone(h.Values("Set-Cookie"))
	for _, c := range cookies {
		lines = put(lines, c)
	}
	setLines(h, lines)
	keepPrivate(h)
}

func keepPrivate(h Header) {
	h.Set("Cache-Control", PrivateNoStore)
	AddVary(h)
}

func setLines(h Header, lines []string) {
	h.Del("Set-Cookie")
	for _, line := range lines {
		h.Add("Set-Cookie", line)
	}
}

// put replaces or appends.
func put(lines []string, c *http.Cookie) []string {
	i := slices.IndexFunc(lines, func(line string) bool { return replaces(c, line) })
	if i < 0 {
		return append(lines, c.String())
	}
	lines[i] = c.String()
	return lines
}

// replaces reports whether a browser would store c in the place of the cookie in line.
func replaces(c *http.Cookie, line string) bool {
	if !names(line, c) {
		return false
	}
	earlier, err := http.ParseSetCookie(line)
	return err == nil && same(earlier, c)
}

func names(line string, c *http.Cookie) bool { return strings.HasPrefix(line, c.Name+"=") }

// same reports whether a browser stores both in one place.
func same(a, b *http.Cookie) bool {
	domain := func(c *http.Cookie) string { return strings.TrimPrefix(c.Domain, ".") }
	return a.Name == b.Name && a.Path == b.Path && strings.EqualFold(domain(a), domain(b))
}
