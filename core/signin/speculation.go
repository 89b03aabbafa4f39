package signin

import (
	"net/http"
	"strings"
)

// isSpeculative reports whether nobody has decided yet to open this page: a browser fetches it
// ahead, or a scanner looks at it. What is answered then must not use up a token.
func (v *visit) isSpeculative() bool {
	if v.r.Method == http.MethodHead {
		return true
	}
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		value := strings.ToLower(v.r.Header.Get(name))
		if strings.Contains(value, "prefetch") || strings.Contains(value, "prerender") || strings.Contains(value, "preview") {
			return true
		}
	}
	return false
}

// refuseSpeculation says nothing that a browser would keep for when the page is really opened.
func (v *visit) refuseSpeculation() {
	if v.r.Method == http.MethodHead {
		v.commit(http.StatusNoContent)
		return
	}
	v.commit(http.StatusServiceUnavailable)
}
