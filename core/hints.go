package stytchkit

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/navigation"
	"github.com/stytchkit/stytchkit/core/internal/origin"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
)

// hints says mistakes that show nowhere else, as they lie between a browser and the server, or between
// the code and the project: each once, with what to write.
type hints struct {
	log  *slog.Logger
	once quiet.Once
}

func (h *hints) say(level slog.Level, what, msg string, args ...any) {
	if h.once.First(what) {
		h.log.Log(context.Background(), level, msg, args...)
	}
}

// isLoginPage reports whether a navigation that is sent to the login page is there already: then that
// page stands behind a guard.
func (a *Authenticator) isLoginPage(r Request) bool {
	at := navigation.IsAt(r, a.cfg.LoginURL, a.cfg.own)
	if at {
		a.hints.say(slog.LevelError, "login page",
			"stytchkit: the page of Config.LoginURL stands behind a guard itself, so that nobody gets there to sign in; serve it without Require", "login_url", a.cfg.LoginURL)
	}
	return at
}

// isStepUpPage is to the page for a step-up what isLoginPage is to the login page.
func (a *Authenticator) isStepUpPage(r Request) bool {
	at := navigation.IsAt(r, a.cfg.StepUpURL, a.cfg.own)
	if at {
		a.hints.say(slog.LevelError, "step-up page",
			"stytchkit: the page of Config.StepUpURL wants a step-up itself, so that nobody gets there for one; serve it without that rule", "step_up_url", a.cfg.StepUpURL)
	}
	return at
}

// hintSignOut says that who presents sessions of several members does not get out of them.
func (a *Authenticator) hintSignOut(r Request, why *refusal, bearer bool) {
	if a.resolves(r, why, bearer) {
		a.hints.say(slog.LevelError, "sign-out",
			"stytchkit: the sign-out stands behind Require, so that nobody who presents sessions of several members gets there; serve it outside of every Require", "logout_url", a.logoutURL())
	}
}

// hintMounted says that a guard stands in front of the handler that signs people in. What contradicts
// itself says nothing about that.
func (a *Authenticator) hintMounted(r Request, code string) {
	prefix := a.mounted.Load()
	if prefix == nil || code == CodeInvalidRequest || !strings.HasPrefix(r.Target(), *prefix+"/") {
		return
	}
	a.hints.say(slog.LevelError, "mounted",
		"stytchkit: a guard denies requests to core/signin's handler, so that nobody can sign in; Mount it outside of every Require", "prefix", *prefix)
}

// hintUnstripped says that a request came with the path that a proxy is to strip.
func (a *Authenticator) hintUnstripped(r Request) {
	if path := a.cfg.own.Path; path != "" && strings.HasPrefix(r.Target(), path+"/") {
		a.hints.say(slog.LevelWarn, "unstripped",
			"stytchkit: a request came with the path of Config.Origin, which is for a proxy that strips it, so browsers are sent to it twice; leave it out of Config.Origin, or let the proxy strip it", "path", path)
	}
}

// hintSibling says that another Authenticator of the same project and cookies has decided about the request
// whose context this is: neither knows what the other ends.
func (a *Authenticator) hintSibling(ctx context.Context) {
	for c := innermost(ctx); c != nil; c = innermost(c.Context) {
		if by := c.decision.by(); by != nil && by != a && by.cfg.ProjectID == a.cfg.ProjectID && by.names == a.names {
			a.hints.say(slog.LevelWarn, "sibling",
				"stytchkit: two Authenticators of one project serve the same request: a session that one of them ends is let in by the other until its JWT is too old; make one with stytchkit.New, and share it", "project_id", a.cfg.ProjectID)
			return
		}
	}
}

// hintSaved says that a browser will not keep the session cookies that this request is answered with.
func (a *Authenticator) hintSaved(r Request) {
	if domain := a.cfg.Cookies.Domain; domain != "" && a.cfg.own.Origin == "" && !origin.IsIn(r.Host(), domain) {
		a.hints.say(slog.LevelWarn, "domain",
			"stytchkit: browsers drop the session cookies: the request's Host is not in Config.Cookies.Domain; leave Domain empty for this host, or set Config.Origin where a proxy rewrites Host", "host", r.Host(), "domain", domain)
	}
	from, _ := r.Header("Origin", 0)
	host, plain := strings.CutPrefix(from, "http://")
	if plain && !origin.IsLoopback(host) && a.jar.IsSecure(r.Host()) {
		a.hints.say(slog.LevelWarn, "secure",
			"stytchkit: browsers drop the session cookies: they are Secure, and the page was loaded over plain http; use https, or http://localhost on the machine itself", "origin", from)
	}
}

// hintCross says that a request refused as another origin's may have been one's own.
func (a *Authenticator) hintCross(r Request) {
	from, _ := r.Header("Origin", 0)
	if site, _ := r.Header("Sec-Fetch-Site", 0); site != "" || a.cfg.own.Origin != "" || from == "null" {
		return
	}
	a.hints.say(slog.LevelWarn, "cross-origin",
		"stytchkit: a request was refused as another origin's, as its Origin is not its Host; if this is your own page behind a proxy that rewrites Host, set Config.Origin to the one that browsers see", "origin", from, "host", r.Host())
}

// hintPermission says that a permission is denied which nobody can have.
func (a *Authenticator) hintPermission(name, resource, action string) {
	if policy := a.policy.AtHand(); policy == nil || policy.Knows(resource, action) {
		return
	}
	a.hints.say(slog.LevelWarn, name,
		"stytchkit: a rule asks for a permission that is not in the project's policy, so nobody has it; look at its spelling", "rule", name)
}

// hintRoles says which of the roles that a member lacked are none of the project's.
func (a *Authenticator) hintRoles(ids []string) {
	policy := a.policy.AtHand()
	if policy == nil {
		return
	}
	for _, id := range ids {
		if !policy.HasRole(id) {
			a.hints.say(slog.LevelWarn, "role "+id,
				"stytchkit: a rule asks for a role that is not in the project's policy; look at its spelling, and ignore this if it is an organization's own", "role", id)
		}
	}
}

// hintFactor says that Stytch is not known to have this kind of factor.
func (a *Authenticator) hintFactor(kind FactorType) {
	a.hints.say(slog.LevelWarn, "factor "+string(kind),
		"stytchkit: a rule asks for a kind of factor that is not known here; look at its spelling, and ignore this if Stytch has added it since", "factor", kind)
}

// HeaderBuffer is for adapters of frameworks that read a request's headers into a buffer of fixed size:
// it says once, at WARN, that this many bytes are too few for a session's cookies. setting names the
// framework's own.
func (g *Guard) HeaderBuffer(bytes int, setting string) {
	if bytes < leastHeaderBuffer {
		g.auth.hints.say(slog.LevelWarn, "header buffer",
			"stytchkit: the server refuses requests (431) whose headers exceed its buffer, and a session's cookies may take 8 KB; make it larger, such as 16 KB", "setting", setting, "bytes", bytes)
	}
}

// leastHeaderBuffer holds both session cookies at a browser's limit of 4 KB each.
const leastHeaderBuffer = 8 << 10

// logDenial writes one line of a denial at DEBUG.
func (a *Authenticator) logDenial(d *Denial) {
	if ctx := context.Background(); a.log.Enabled(ctx, slog.LevelDebug) {
		a.log.LogAttrs(ctx, slog.LevelDebug, "stytchkit: denied", slog.Any("denial", d))
	}
}

// LogValue is the code, the status and the reason. It implements [slog.LogValuer].
func (d *Denial) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("code", d.Code), slog.Int("status", d.Status)}
	if d.Err != nil {
		attrs = append(attrs, slog.String("reason", d.Err.Error()))
	}
	if to := d.Header.Get("Location"); d.Status == http.StatusSeeOther && to != "" {
		to, _, _ = strings.Cut(to, "?") // return_to may hold anything
		attrs = append(attrs, slog.String("location", to))
	}
	return slog.GroupValue(attrs...)
}

var _ slog.LogValuer = (*Denial)(nil)
