package signin

import (
	"crypto/cipher"
	"errors"
	"net/http"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/inside"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
)

// Handler serves every step of signing in and out. It is safe for concurrent use.
type Handler struct {
	auth    *stytchkit.Authenticator
	in      inside.Parts
	project *project
	cfg     Config
	pages   pages
	guard   *stytchkit.Guard // of the session's state
	said    *quiet.Logger
	box     cipher.AEAD // of the cookies
	key     []byte      // of what is invented
	tries   *attempts
	bounds  *bounds
}

var _ stytchkit.Mountable = (*Handler)(nil)

// New returns the handler of every step of signing in and out. The Authenticator's cookie owner must
// be Backend. The error names the field, what was found and what is wanted.
func New(auth *stytchkit.Authenticator, cfg Config) (*Handler, error) {
	if auth == nil {
		return nil, errors.New("signin: the Authenticator is nil (make one with stytchkit.New, and check its error)")
	}
	in := auth.Inside(inside.Key{})
	if !in.Backend {
		return nil, errors.New("signin: the Authenticator's Config.Cookies.Owner is not stytchkit.Backend (nobody is signed in here except where this application owns the session cookies)")
	}
	project := projectOf(&in)
	cfg, err := cfg.withDefaults(&in, project)
	if err != nil {
		return nil, err
	}
	box, err := newBox(in.Key("cookies of sign-in"))
	if err != nil {
		return nil, err
	}
	if !cfg.AccountPage {
		delete(project.routes, pathAccount)
	}
	in.Mounted(cfg.Prefix)
	return &Handler{
		auth: auth, in: in, project: project, cfg: cfg, pages: newPages(&cfg), guard: auth.Optional(), said: quiet.New(in.Log, in.Now),
		box: box, key: in.Key("sign-in"), tries: newAttempts(in.Now), bounds: newBounds(in.Now),
	}, nil
}

// Prefix is the path that the handler is mounted under, such as /auth.
func (h *Handler) Prefix() string { return h.cfg.Prefix }

// The paths under the prefix.
const (
	pathCallback      = "callback"
	pathMagicLink     = "magic-link"
	pathOAuth         = "oauth/" // and the provider
	pathSSO           = "sso"
	pathOrganizations = "organizations"
	pathSwitch        = "switch"
	pathLogout        = "logout"
	pathSession       = "session"
	pathMFA           = "mfa"
	pathPassword      = "password"
	pathForgot        = "password/forgot"
	pathNewPassword   = "password/new"
	pathChange        = "password/change"
	pathReset         = "reset"
	pathEmailCode     = "email-code" // and below it verify
	pathTextCode      = "sms-code"   // likewise
	pathStepUp        = "step-up"
	pathAccount       = "account"

	pathPasskey        = "passkey"
	pathPasskeyOptions = "passkey/options"
	pathPasskeys       = "passkeys"
	pathNewPasskey     = "passkeys/options"
	pathNamePasskey    = "passkeys/name"
	pathRemovePasskey  = "passkeys/remove"
)

// route is what one path does.
type route struct{ get, post func(*visit) }

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := &visit{Handler: h, w: w, r: r, json: h.wantsJSON(r)}
	v.secureHeaders()
	found, ok := h.route(r.URL.Path)
	serve := found.get
	if r.Method == http.MethodPost {
		serve = found.post
	}
	switch {
	case v.cfg.own.HasTenants() && v.cfg.own.Of(r.Host) == "":
		v.hintHost()
		v.refuse(reasonUnknownHost)
	case !ok:
		v.hintElsewhere()
		v.refuse(reasonNotFound)
	case serve == nil, r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
		w.Header().Set("Allow", found.allow())
		v.refuse(reasonMethod)
	case h.auth.CrossOrigin(v.request()):
		v.refuse(reasonCrossOrigin) // with session cookies or without: a login is what another site's page wants to forge
	default:
		if r.Method == http.MethodPost {
			v.hintOrigin()
		}
		serve(v)
	}
}

func (h *Handler) route(path string) (route, bool) {
	rest, ok := strings.CutPrefix(path, h.cfg.Prefix+"/")
	if !ok {
		return route{}, false
	}
	if provider, ok := strings.CutPrefix(rest, pathOAuth); ok && isName(provider) {
		rest = pathOAuth
	}
	found, ok := h.project.routes[rest]
	return found, ok
}

func (r route) allow() string {
	switch {
	case r.post == nil:
		return "GET, HEAD"
	case r.get == nil:
		return "POST"
	}
	return "GET, HEAD, POST"
}

// wantsJSON tells clients from browsers that show the answer to a person. A request with a JSON body
// wants JSON; otherwise Sec-Fetch-Mode says so, and where that is not sent, Accept.
func (h *Handler) wantsJSON(r *http.Request) bool {
	if isJSON(r.Header.Get("Content-Type")) {
		return true
	}
	accept := r.Header.Get("Accept")
	switch mode := r.Header.Get("Sec-Fetch-Mode"); {
	case mode != "":
		return mode != "navigate"
	case r.Method == http.MethodPost:
		return strings.Contains(strings.ToLower(accept), "json") && !h.in.PrefersHTML(accept)
	}
	return !h.in.PrefersHTML(accept)
}
