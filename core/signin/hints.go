package signin

import (
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/origin"
)

// hintOrigin says that a form of this very application was sent from another origin than the one that
// links and providers lead back to: the login cannot end there, as its cookies are not.
func (v *visit) hintOrigin() {
	from, known := origin.Normal(v.r.Header.Get("Origin"))
	back, _ := v.origin()
	back, leads := origin.Normal(back)
	if !known || !leads || from == back || origin.IsTrusted(from, v.in.TrustedOrigins) {
		return
	}
	own := v.r.Header.Get("Sec-Fetch-Site") == "same-origin" || strings.HasSuffix(from, "://"+strings.ToLower(v.r.Host))
	if own {
		v.said.Warn("signin: a form was sent from another origin than the one where the login will come back to, without its cookies; open the application there, or set Config.Origin to what browsers show",
			"form_origin", from, "comes_back_to", back)
	}
}

// hintHost says that a request came for a host that is none of the application's.
func (v *visit) hintHost() {
	v.said.Warn("signin: a request's Host is none of the hosts of Config.Origin, and was refused; if it is your own, let the proxy hand on the Host that browsers send",
		"host", v.r.Host, "origin", v.cfg.own.Origin)
}

// hintElsewhere says that the handler was mounted below another path, so that it never finds its own.
func (v *visit) hintElsewhere() {
	if at := strings.Index(v.r.URL.Path, v.cfg.Prefix+"/"); at > 0 && !strings.HasPrefix(v.r.URL.Path, v.cfg.Prefix+"/") {
		v.said.Error("signin: the handler is mounted below another path, and it sees whole paths; Mount it on the application's own router, or set Config.Prefix to the whole path",
			"prefix", v.cfg.Prefix, "below", v.r.URL.Path[:at])
	}
}

// hintNoCookie says that a browser was sent on with a cookie, and came without it.
func (v *visit) hintNoCookie() {
	v.said.Warn("signin: a browser came back without the cookie that was set a moment before; cookies are for the host that browsers show, and over plain http only on this machine's own names",
		"host", v.r.Host, "secure", v.secure(), "any_cookie", v.r.Header.Get("Cookie") != "")
}
