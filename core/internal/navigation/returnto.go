package navigation

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxReturnTo bounds the path that travels to the login page and back.
const maxReturnTo = 2048

// maxDecodings is how often a path is percent-decoded to see what a careless server behind makes of it.
const maxDecodings = 4

// ReturnTo is raw when it is a path, with or without a query, that every browser resolves to the
// same origin, else empty. It refuses more than the URL standard demands: a path that, once or more
// often percent-decoded, holds an empty or a dot segment, a backslash, a control character or a
// look-alike of those is refused as well, as the next redirect might resolve it. So are fragments,
// which no server is asked for, and what is longer than 2048 bytes.
func ReturnTo(raw string) string {
	if len(raw) > maxReturnTo || !isPlainASCII(raw) {
		return ""
	}
	path, _, _ := strings.Cut(raw, "?")
	for decodings := 0; decodings < maxDecodings && isCleanPath(path); decodings++ {
		decoded, err := url.PathUnescape(path)
		switch {
		case err != nil && decodings == 0:
			return ""
		case err != nil, decoded == path: // a stray % is one that a browser sent as %25
			return raw
		}
		path = decoded
	}
	return ""
}

// isPlainASCII reports whether raw can stand in a Location header and in a URL as it is.
func isPlainASCII(raw string) bool {
	return !strings.ContainsFunc(raw, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("#\\\"<>`", r)
	})
}

// isCleanPath reports whether a path has neither empty nor dot segments, and nothing that somebody
// reads as one or as a slash. A slash at the end is fine.
func isCleanPath(path string) bool {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok || !utf8.ValidString(path) || strings.ContainsFunc(path, isDeceptive) {
		return false
	}
	if rest == "" {
		return true
	}
	for segment := range strings.SplitSeq(strings.TrimSuffix(rest, "/"), "/") {
		name, _, _ := strings.Cut(segment, ";") // some servers cut parameters off
		switch strings.TrimSpace(name) {
		case "", ".", "..":
			return false
		}
	}
	return true
}

// isDeceptive knows backslashes, control characters, and what Unicode folds into / \ and dots.
func isDeceptive(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 ||
		strings.ContainsRune("\\\uff0f\uff3c\ufe68\uff0e\u2024\u2025\u2026\u2028\u2029", r)
}
