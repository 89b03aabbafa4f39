package signin

import (
	"net/url"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// returnTo is raw when a login may end there: a path of this application, as browsers see it, outside of
// the mount, or one of its pages for who is signed in.
func (h *Handler) returnTo(raw string) string {
	to := stytchkit.ReturnTo(raw)
	for _, page := range []string{pathNewPassword, pathChange, pathPasskeys, pathAccount} {
		if _, served := h.project.routes[page]; served && to == h.path(page) {
			return to
		}
	}
	inside, ok := h.cfg.own.Inside(to)
	if !ok {
		return ""
	}
	path := strings.ToLower(decodedPath(inside))
	prefix := strings.ToLower(h.cfg.Prefix)
	if path == prefix || strings.HasPrefix(path, prefix+"/") || strings.HasPrefix(path, prefix+";") {
		return ""
	}
	return to
}

// decodedPath is a URL's path without its query, percent-decoded until nothing is left to decode.
func decodedPath(raw string) string {
	path, _, _ := strings.Cut(raw, "?")
	for {
		decoded, err := url.PathUnescape(path)
		if err != nil || decoded == path {
			return path
		}
		path = decoded
	}
}
