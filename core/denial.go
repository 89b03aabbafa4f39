package stytchkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/navigation"
)

// The codes of a [Denial], stable and machine-readable.
const (
	CodeSessionMissing      = "session_missing"           // 401: nothing was presented
	CodeSessionInvalid      = "session_invalid"           // 401: forged, malformed or another project's
	CodeSessionEnded        = "session_ended"             // 401: Stytch says the session is over
	CodeReauthentication    = "reauthentication_required" // 401: a step-up rule is not met
	CodePermissionDenied    = "permission_denied"         // 403: a role, a permission or the application's own check
	CodeOrganization        = "organization_mismatch"     // 403: the session belongs to another organization
	CodeCrossOrigin         = "cross_origin"              // 403: an unsafe request by cookie from another origin
	CodeInvalidRequest      = "invalid_request"           // 400: ambiguous credentials
	CodeTokenMissing        = "token_missing"             // 401: an access token is wanted, and none was presented
	CodeTokenInvalid        = "token_invalid"             // 401: no access token of this project, expired, or too old
	CodeInsufficientScope   = "insufficient_scope"        // 403: the access token lacks a scope
	CodeStytchUnavailable   = "stytch_unavailable"        // 503: Stytch cannot be asked, and nothing local will do
	CodeRouteMisconfigured  = "route_misconfigured"       // 500: a rule reads a parameter that the route does not have
	CodeStytchMisconfigured = "stytch_misconfigured"      // 500: Stytch refuses the project's own credentials
)

// DenialHeader is a response header that every denial has, whoever writes the answer; its value is the
// Code. For tools, such as stytchtest.Unprotected, and for logs and proxies in front.
const DenialHeader = "Stytchkit-Denial"

// Denial is the answer to a request that a [Guard] does not let through. An adapter writes it as it
// is, the same on every framework. It is an error and unwraps to Err.
type Denial struct {
	Status int
	Code   string      // one of the Code… constants
	Header http.Header // all headers of the response but cookies
	Body   []byte      // RFC 9457 problem details, or a page for navigations
	Err    error       // why, for logs and error handlers; nil when the code says it all. Never holds a token.

	// LogoutURL is where signing out resolves the denial; empty where that does not help, or where none is
	// configured. For pages.
	LogoutURL string
	// StepUpURL is where who is signed in proves it once more, for pages and clients; empty where that does
	// not help, or where none is configured.
	StepUpURL string
	// SwitchURL is where the person chooses another organization, by core/signin, and comes back from; empty
	// where that does not help, or core/signin is not there. For pages.
	SwitchURL string
}

var _ error = (*Denial)(nil)

// Error is the code, and why.
func (d *Denial) Error() string {
	if d.Err == nil {
		return "stytchkit: " + d.Code
	}
	return "stytchkit: " + d.Code + ": " + d.Err.Error()
}

// Unwrap returns Err.
func (d *Denial) Unwrap() error { return d.Err }

// CloseCode is the status code that a WebSocket is closed with for this reason: 4000 and what the status
// would be, so 4401 when the session is over, 4403, or 4503 (RFC 6455 §7.4.2 leaves these to applications).
func (d *Denial) CloseCode() int { return 4000 + d.CodeStatus() }

// CodeStatus is the status that the Code stands for, whatever the client waits for: where a page leads on
// to the login page, Status is 303.
func (d *Denial) CodeStatus() int { return problemOf(d.Code).status }

// Title is what the status and code mean, in a few words, for a page or an error handler.
func (d *Denial) Title() string { return problemOf(d.Code).title }

// Detail says what the client can do.
func (d *Denial) Detail() string { return problemOf(d.Code).detail }

// problem is what a code means on the wire.
type problem struct {
	status    int
	title     string
	detail    string
	challenge string // WWW-Authenticate (RFC 6750 §3); empty for none
}

func problemOf(code string) problem {
	switch code {
	case CodeSessionMissing:
		return problem{http.StatusUnauthorized, "Sign in to continue", "You are not signed in.", "Bearer"}
	case CodeSessionInvalid:
		return problem{http.StatusUnauthorized, "Session not valid", "What your browser or client presents is not a session of this application. Sign in again.", `Bearer error="invalid_token"`}
	case CodeSessionEnded:
		return problem{http.StatusUnauthorized, "Session ended", "Your session is over. Sign in again.", `Bearer error="invalid_token"`}
	case CodeReauthentication:
		return problem{http.StatusUnauthorized, "Confirm that it is you", "This needs a more recent or a stronger sign-in. Sign in again.", `Bearer error="insufficient_user_authentication"`}
	case CodePermissionDenied:
		return problem{http.StatusForbidden, "Not allowed", "You do not have the permission for this.", `Bearer error="insufficient_scope"`}
	case CodeOrganization:
		return problem{http.StatusForbidden, "Another organization", "You are signed in to another organization than the one that this belongs to. Switch to that one, if you are a member of it.", ""}
	case CodeCrossOrigin:
		return problem{http.StatusForbidden, "Cross-origin request refused", "The page of another site sent this request, so nothing was done. Use the pages of this application; if that site is yours as well, list it in Config.TrustedOrigins.", ""}
	case CodeInvalidRequest:
		return problem{http.StatusBadRequest, "Ambiguous credentials", "You present credentials that contradict each other, such as those of two sessions. Sign out, and sign in again.", `Bearer error="invalid_request"`}
	case CodeTokenMissing:
		return problem{http.StatusUnauthorized, "Access token needed", "The request presents no access token as a bearer.", "Bearer"}
	case CodeTokenInvalid:
		return problem{http.StatusUnauthorized, "Access token not valid", "What the request presents is not an access token that is good here. Get a new one.", `Bearer error="invalid_token"`}
	case CodeInsufficientScope:
		return problem{http.StatusForbidden, "Scope missing", "The access token lacks a scope that this needs.", `Bearer error="insufficient_scope"`}
	case CodeStytchUnavailable:
		return problem{http.StatusServiceUnavailable, "Try again shortly", "Your session cannot be checked at the moment. You are not signed out: try again shortly.", ""}
	case CodeRouteMisconfigured:
		return problem{http.StatusInternalServerError, "Route misconfigured", "A rule of this route cannot be checked. The server's log says why.", ""}
	case CodeStytchMisconfigured:
		return problem{http.StatusInternalServerError, "Authentication misconfigured", "Stytch refuses this application's own credentials. The server's log says why.", ""}
	}
	return problem{http.StatusInternalServerError, "Denied", "The request was denied.", ""}
}

// refusal is why a request goes no further, before it is known how to say so.
type refusal struct {
	code       string
	err        error
	retryAfter time.Duration // as Stytch asked for; 0 when it did not
	scope      string        // that an access token lacks (RFC 6750 §3)
	maxAge     time.Duration // how old a sign-in may be (RFC 9470); 0 when its age is not the reason
}

// isOfToken reports whether an access token is wanted: signing in would not help.
func (why *refusal) isOfToken() bool {
	return why.code == CodeTokenMissing || why.code == CodeTokenInvalid
}

func refuse(code string, err error) *refusal { return &refusal{code: code, err: err} }

// Retry-After, in seconds, when Stytch names none: spread out, so that clients do not return together.
const (
	retryAfterLeast  = 1
	retryAfterSpread = 4
)

// denial says a refusal to this request's client.
func (a *Authenticator) denial(r Request, why *refusal, bearer bool) *Denial {
	d := why.problem(bearer)
	if why.code == CodeReauthentication && !bearer {
		d.StepUpURL = a.cfg.StepUpURL
	}
	if navigation.IsPage(r) {
		a.leadOn(r, d, why, bearer)
	} else {
		d.tellStepUp()
	}
	a.hintMounted(r, why.code)
	a.hintUnstripped(r)
	a.hintSignOut(r, why, bearer)
	a.logDenial(d)
	return d
}

// tellStepUp adds where to step up to a problem.
func (d *Denial) tellStepUp() {
	if d.StepUpURL == "" {
		return
	}
	where, err := json.Marshal(d.StepUpURL)
	if err == nil { // a string always can be
		d.Body = slices.Concat(d.Body[:len(d.Body)-1], []byte(`,"step_up_url":`), where, []byte("}"))
	}
}

// problem says a refusal to a program.
func (why *refusal) problem(bearer bool) *Denial {
	p := problemOf(why.code)
	// Canonical names, written straight: attackers pay for none of this.
	header := make(http.Header, 6)
	header[DenialHeader] = []string{why.code}
	header["Content-Type"] = []string{"application/problem+json"}
	header["Cache-Control"], header["Vary"] = []string{"no-store"}, []string{varyCredentials}
	if p.challenge != "" && (p.status != http.StatusForbidden || bearer) {
		header["Www-Authenticate"] = []string{why.challenge(p.challenge)}
	}
	if p.status == http.StatusServiceUnavailable {
		header["Retry-After"] = []string{strconv.Itoa(retrySeconds(why.retryAfter))}
	}
	return &Denial{Status: p.status, Code: why.code, Err: why.err, Header: header, Body: problemJSON(why.code, p)}
}

// challenge is the code's challenge with what this refusal adds.
func (why *refusal) challenge(challenge string) string {
	if why.scope != "" {
		challenge += `, scope="` + why.scope + `"`
	}
	if why.maxAge != 0 {
		challenge += ", max_age=" + strconv.Itoa(int(why.maxAge.Seconds()))
	}
	return challenge
}

// page renders a denial; a panic in the application's page falls back to the default one.
func (a *Authenticator) page(d *Denial) (body []byte) {
	defer func() {
		if p := recover(); p != nil {
			a.said.Error("stytchkit: Config.Page panicked", "panic", p)
			body = defaultPage(d)
		}
	}()
	return a.cfg.Page(d)
}

func retrySeconds(asked time.Duration) int {
	jitter := rand.IntN(retryAfterSpread + 1) //nolint:gosec // jitter, not a secret
	if asked <= 0 {
		return retryAfterLeast + jitter
	}
	return int((asked+time.Second-1)/time.Second) + jitter
}

// problemJSON is RFC 9457's problem details with the code beside. The texts are our own and hold
// nothing that JSON escapes.
func problemJSON(code string, p problem) []byte {
	return []byte(`{"type":"urn:stytchkit:` + code + `","title":"` + p.title +
		`","status":` + strconv.Itoa(p.status) + `,"code":"` + code + `","detail":"` + p.detail + `"}`)
}

// errPanicked is why a request whose deciding panicked is answered 503.
var errPanicked = errors.New("deciding about the request panicked")

func panicked(p any) error { return fmt.Errorf("%w: %v", errPanicked, p) }
