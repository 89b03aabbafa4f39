package shown

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Request is the part of stytchkit.Request that says what the client has already.
type Request interface {
	Header(name string, i int) (value string, ok bool)
}

// Tag is a strong entity tag of what is shown.
func Tag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`
}

// IsMatched reports whether If-None-Match names the tag, by the weak comparison of RFC 9110 §13.1.2.
func IsMatched(r Request, tag string) bool {
	for i := 0; ; i++ {
		list, ok := r.Header("If-None-Match", i)
		if !ok {
			return false
		}
		if strings.Trim(list, " \t") == "*" || lists(list, tag) {
			return true
		}
	}
}

// lists reports whether a list of entity tags has this one. It ends at the first that is none.
func lists(list, tag string) bool {
	for {
		list = strings.TrimPrefix(strings.TrimLeft(list, " \t,"), "W/")
		end := strings.IndexByte(strings.TrimPrefix(list, `"`), '"') + 2
		if !strings.HasPrefix(list, `"`) || end < 2 {
			return false
		}
		if list[:end] == tag {
			return true
		}
		list = list[end:]
	}
}
