package stytchkit

import (
	"net/http"
	"slices"
	"strings"
)

// ResponseHeader is what an adapter shows of a response's headers; net/http.Header is one.
type ResponseHeader interface {
	Values(name string) []string
	Set(name, value string)
	Add(name, value string)
	Del(name string)
}

var _ ResponseHeader = http.Header(nil)

// PrivateNoStore is the Cache-Control of every response that sets a session cookie. An adapter sets
// it again when the headers are committed, so that it wins over what a handler says.
const PrivateNoStore = "private, no-store"

// varyCredentials is the Vary of every response that depends on whose it is.
const varyCredentials = "Cookie, Authorization"

// SetHeader puts the decision on the response: the cookies, and the headers of the answer. Of a
// Denial it leaves out what describes the body; see [Denial.SetContent].
func (d Decision) SetHeader(h ResponseHeader) {
	SetCookies(h, d.Cookies)
	header := d.Header
	if d.Denial != nil {
		header = d.Denial.Header
	}
	for name, values := range header {
		switch name {
		case "Content-Type", "Location":
		case "Vary":
			addVary(h)
		default:
			h.Set(name, values[0])
		}
	}
}

// SetContent sets the headers that describe the denial's body, for the one who writes it.
func (d *Denial) SetContent(h ResponseHeader) {
	for _, name := range []string{"Content-Type", "Location"} {
		h.Del(name)
		if value := d.Header.Get(name); value != "" {
			h.Set(name, value)
		}
	}
}

// SetCookies sets cookies on a response, each in the place of an earlier one with the same name,
// domain and path, and keeps the response out of caches. Without cookies it does nothing.
func SetCookies(h ResponseHeader, cookies []*http.Cookie) {
	if len(cookies) == 0 {
		return
	}
	lines := mergeCookies(h.Values("Set-Cookie"), cookies)
	h.Del("Set-Cookie")
	for _, line := range lines {
		h.Add("Set-Cookie", line)
	}
	h.Set("Cache-Control", PrivateNoStore)
	addVary(h)
}

func addVary(h ResponseHeader) {
	if !slices.Contains(h.Values("Vary"), varyCredentials) {
		h.Add("Vary", varyCredentials)
	}
}

// mergeCookies replaces or appends; lines is not changed.
func mergeCookies(lines []string, cookies []*http.Cookie) []string {
	merged := slices.Clone(lines)
	for _, c := range cookies {
		line := c.String()
		i := slices.IndexFunc(merged, func(earlier string) bool { return replaces(c, earlier) })
		if i < 0 {
			merged = append(merged, line)
			continue
		}
		merged[i] = line
	}
	return merged
}

// replaces reports whether a browser would store c in the place of the cookie in line.
func replaces(c *http.Cookie, line string) bool {
	if !strings.HasPrefix(line, c.Name+"=") {
		return false
	}
	earlier, err := http.ParseSetCookie(line)
	return err == nil && earlier.Path == c.Path && sameDomain(earlier.Domain, c.Domain)
}

func sameDomain(a, b string) bool {
	return strings.EqualFold(strings.TrimPrefix(a, "."), strings.TrimPrefix(b, "."))
}
