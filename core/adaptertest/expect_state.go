package adaptertest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
)

// tells wants the state of this person, by a call to Stytch or without one.
func (a *answer) tells(name string, fromCache bool) *answer {
	a.stage.t.Helper()
	a.isState(http.StatusOK)
	if a.request.method == http.MethodHead {
		return a.hasText("")
	}
	if !hasParts(a.text, append(a.stage.kind.state(name), fmt.Sprintf(`},"fromCache":%v,"isInitialized":true}`, fromCache))...) {
		a.fail(fmt.Sprintf("the state of %s, from cache: %v", name, fromCache), "%q", a.text)
	}
	return a
}

// hasParts reports whether a text has these parts, in this order.
func hasParts(text string, parts ...string) bool {
	for _, part := range parts {
		_, rest, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = rest
	}
	return true
}

// tellsNobody wants the state without a session.
func (a *answer) tellsNobody(initialized bool) *answer {
	a.stage.t.Helper()
	return a.isState(http.StatusOK).hasText(fmt.Sprintf(`{"session":null%s,"fromCache":false,"isInitialized":%v}`, a.stage.kind.unknown(), initialized))
}

// isUnchanged wants a 304 for this tag.
func (a *answer) isUnchanged(tag string) *answer {
	a.stage.t.Helper()
	return a.isState(http.StatusNotModified).hasText("").hasHeader("Etag", tag).hasHeader("Content-Type", "")
}

// isState wants what every answer of ServeState has.
func (a *answer) isState(status int) *answer {
	a.stage.t.Helper()
	a.ours = true
	if reached := a.stage.reachedSince(); reached != 0 || a.status != status {
		a.fail(fmt.Sprintf("%d from ServeState", status), "%d, and a handler was reached %d times", a.status, reached)
	}
	store := "private, no-cache"
	if len(a.header.Values("Set-Cookie")) > 0 {
		store = "private, no-store"
	}
	a.hasHeader("Cache-Control", store).hasHeader("Vary", "Cookie, Authorization")
	if a.text != "" {
		a.hasHeader("Content-Type", "application/json").hasHeader("Etag", tagOf(a.text)).hasHeader("Content-Length", fmt.Sprint(len(a.text)))
	}
	return a
}

// tagOf is the entity tag of a state, whether it was remembered or not.
func tagOf(text string) string {
	sum := sha256.Sum256([]byte(strings.Replace(text, `,"fromCache":true,"isInitialized":`, `,"fromCache":false,"isInitialized":`, 1)))
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`
}
