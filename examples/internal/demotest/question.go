package demotest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// question is a request, and what its answer has to be.
type question struct {
	method, path, body string
	header             map[string]string

	status    int
	says      []string        // parts of the body
	about     map[string]bool // who the answer may identify; nil: nobody
	asker     *guest          // whose session cookies it may set; nil: nobody's
	refreshes bool            // it has to set them
}

// crosses says what of an answer is another member's.
func (q *question) crosses(res *http.Response, body string) string {
	if q.status >= 400 && res.StatusCode < 300 {
		return fmt.Sprintf("status %d, want %d: it was let in\n%s", res.StatusCode, q.status, body)
	}
	for _, id := range identities(body) {
		if !q.about[id] {
			return fmt.Sprintf("the answer is about %s, want %v\n%s", id, q.about, body)
		}
	}
	for _, cookie := range res.Cookies() {
		switch {
		case q.asker == nil:
			return fmt.Sprintf("it sets the cookie %s for nobody", cookie.Name)
		case cookie.Name == "stytch_session" && cookie.Value != q.asker.token():
			return "it sets another session's token"
		case cookie.Name == "stytch_session_jwt" && !q.asker.isOwn(cookie.Value):
			return "it sets another session's JWT"
		}
	}
	return ""
}

// fails says what else is wrong with an answer.
func (q *question) fails(res *http.Response, body string) string {
	if res.StatusCode != q.status {
		return fmt.Sprintf("status %d, want %d\n%s", res.StatusCode, q.status, body)
	}
	for _, part := range q.says {
		if !strings.Contains(body, part) {
			return fmt.Sprintf("the body lacks %q\n%s", part, body)
		}
	}
	if set := len(res.Cookies()); set != 2 && (set > 0 || q.refreshes) {
		return fmt.Sprintf("it sets the cookies %v, want both or none (refreshed: %v)", res.Cookies(), q.refreshes)
	}
	if len(res.Cookies()) > 0 && res.Header.Get("Cache-Control") != "private, no-store" {
		return fmt.Sprintf("it sets cookies with Cache-Control %q, want private, no-store", res.Header.Get("Cache-Control"))
	}
	return ""
}

// isOwn reports whether a JWT names the guest's session and nobody else.
func (g *guest) isOwn(jwt string) bool {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || !strings.Contains(string(payload), g.session.ID) {
		return false
	}
	for _, id := range identities(string(payload)) {
		if !g.own[id] {
			return false
		}
	}
	return true
}

// identities are the members, sessions and organizations that a text names.
func identities(text string) []string {
	return regexp.MustCompile(`(?:member-session|member|organization)-test-[0-9a-f-]{36}|m[0-9]+@crowd\.example`).FindAllString(text, -1)
}
