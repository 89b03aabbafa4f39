package signin

import (
	"slices"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/origin"
)

// hintOrigin says that a form of this very application was sent from another origin than the one that
// links and providers lead back to: the login cannot end there, as its cookies are not.
func (v *visit) hintOrigin() {
	from, known := origin.Normal(v.r.Header.Get("Origin"))
	if !known || v.cfg.Origin == "" || from == v.cfg.Origin || slices.Contains(v.in.TrustedOrigins, from) {
		return
	}
	own := v.r.Header.Get("Sec-Fetch-Site") == "same-origin" || strings.HasSuffix(from, "://"+strings.ToLower(v.r.Host))
	if own {
		v.said.Warn("signin: a form was sent from another origin than Config.Origin, where the login will come back to without its cookies; open the application there, or set Config.Origin to what browsers show",
			"form_origin", from, "config_origin", v.cfg.Origin)
	}
}

// hintNoCookie says that a browser was sent on with a cookie, and came without it.
func (v *visit) hintNoCookie() {
	v.said.Warn("signin: a browser came back without the cookie that was set a moment before; cookies are for the host that browsers show, and over plain http only on this machine's own names",
		"host", v.r.Host, "secure", v.secure(), "any_cookie", v.r.Header.Get("Cookie") != "")
}
