package signin

import "strings"

// maxName is what Stytch takes of a name, in characters.
const maxName = 128

// isName accepts what names an organization, a connection or a provider at Stytch.
func isName(s string) bool {
	return s != "" && len(s) <= maxName && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("-._~", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// maxKeptToken bounds a token in a cookie: links from anywhere bring them, and a browser's cookies have
// to fit into the smallest header that a server takes. Stytch's have 44 characters.
const maxKeptToken = 256

// isToken accepts what Stytch may have put into a link or a form.
func isToken(s string) bool {
	return len(s) >= 8 && len(s) <= 1024 && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`",;\`, r)
	})
}
