package presented

import "strings"

// Sole is the value of a cookie that is as long as a token; several: there are different ones, and
// nobody can tell which is the person's. It points into the request.
func Sole(r Request, cookie string) (value string, several bool) {
	for i := 0; ; i++ {
		line, ok := r.Header("Cookie", i)
		if !ok {
			return value, false
		}
		for part := range strings.SplitSeq(line, ";") {
			raw, _ := cookieNamed(strings.TrimLeft(part, " \t\r\n"), cookie)
			found := unquote(raw)
			switch {
			case len(found) < MinTokenLength || len(found) > MaxTokenLength || found == value || !IsCookieValue(found):
			case value != "":
				return "", true
			default:
				value = found
			}
		}
	}
}
