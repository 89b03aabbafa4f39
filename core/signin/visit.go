package signin

import (
	"net/http"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// visit is one request and its answer.
type visit struct {
	*Handler
	w       http.ResponseWriter
	r       *http.Request
	json    bool              // the client wants JSON
	cookies []*http.Cookie    // to be set with the answer
	own     map[string]string // the handler's own cookies of the request; see ownCookies

	page string // of the handler's own, by its path, where the step began; empty: the login page
	to   string // return_to, for that page
}

func (v *visit) request() stytchkit.Request { return stytchkit.HTTPRequest{R: v.r} }

// secureHeaders are those of every answer. strict-origin keeps paths and queries, where a token
// might be, out of every Referer, and leaves forms their Origin header, which no-referrer would not.
func (v *visit) secureHeaders() {
	h := v.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", defaultPolicy)
	h.Add("Vary", "Accept, Sec-Fetch-Mode")
}

// defaultPolicy is for answers without a page.
const defaultPolicy = "default-src 'none'; frame-ancestors 'none'"

func (v *visit) commit(status int) {
	stytchkit.Exchange{Context: v.r.Context(), Request: v.request(), Header: v.w.Header()}.SetCookies(v.cookies)
	v.w.WriteHeader(status)
}

// redirect sends a browser on. The Location is written as it is: http.Redirect would clean the path.
func (v *visit) redirect(to string) {
	v.w.Header().Set("Location", to)
	v.commit(http.StatusSeeOther)
}

func (v *visit) write(status int, body []byte) {
	v.commit(status)
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(body) // a client that is gone needs no answer
	}
}

// path is the path of a step, as browsers see it.
func (h *Handler) path(step string) string { return h.cfg.own.Outside(h.cfg.Prefix + "/" + step) }
